import { useEffect, useRef } from "react";
import { announce } from "../../design/announce";
import { Icon } from "../../design/icon";
import styles from "./account.module.css";

/**
 * Says that something is done, beside what did it. Where that is gone by then, the note takes its focus; otherwise it
 * is announced.
 */
export function DoneNote({ text, takesFocus = false }: { text: string | null; takesFocus?: boolean }) {
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (!text) return;
    if (takesFocus) note.current?.focus();
    else announce(text);
  }, [text, takesFocus]);
  if (!text) return null;
  return (
    <p ref={note} tabIndex={-1} className={styles.done}>
      <Icon name="check" size={18} />
      {text}
    </p>
  );
}
