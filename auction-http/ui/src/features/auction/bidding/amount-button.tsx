/** A button that carries a whole amount. A click takes what stood on it when it was pressed. */
import { useRef } from "react";
import { Button } from "../../../design/button";
import { isSecond } from "./use-bidding";

export function AmountButton({
  amount,
  text,
  look,
  wide = false,
  busy,
  why,
  onPick,
}: {
  amount: string;
  text: string;
  look: "primary" | "secondary";
  wide?: boolean;
  busy: boolean;
  /** The id of what says why it does nothing now. */
  why?: string | undefined;
  onPick: (amount: string) => void;
}) {
  // A price may move between the press and the release: what one pressed counts.
  const pressed = useRef<string | null>(null);
  return (
    <Button
      look={look}
      wide={wide}
      busy={busy}
      aria-disabled={busy || why !== undefined || undefined}
      aria-describedby={why}
      className="numbers"
      onPointerDown={() => {
        pressed.current = amount;
      }}
      onClick={(event) => {
        // A click by key has no press.
        const shown = event.detail > 0 ? (pressed.current ?? amount) : amount;
        pressed.current = null;
        if (why === undefined && !isSecond(event)) onPick(shown);
      }}
    >
      {text}
    </Button>
  );
}
