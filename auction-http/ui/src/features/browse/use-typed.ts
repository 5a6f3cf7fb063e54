import { useRef, useState } from "react";

/**
 * The text of a field whose value stands elsewhere, as in the address: it follows when the value changes there, as by
 * Back, and not when the value is what was just handed on from here, since more may have been typed meanwhile.
 */
export function useTyped(value: string) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const handed = useRef(value);
  if (seen !== value) {
    setSeen(value);
    if (handed.current !== value) setText(value);
  }
  const hand = (next: string) => {
    handed.current = next;
  };
  return { text, setText, hand };
}
