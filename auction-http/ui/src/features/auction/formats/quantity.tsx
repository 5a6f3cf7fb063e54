/** How many units, by keys, buttons or typing. */
import { useId } from "react";
import { useTexts } from "../../../i18n";
import { count } from "../../../i18n/format";
import styles from "./formats.module.css";
import { readQuantity } from "./read-quantity";

export function Quantity({
  value,
  most,
  errorId,
  label,
  change,
}: {
  value: string;
  most: number;
  /** The id that its error has. */
  errorId: string;
  label?: string;
  change: (text: string) => void;
}) {
  const t = useTexts();
  const { stock } = t.formats;
  const id = useId();
  const number = readQuantity(value, most);
  const step = (by: number) => change(String(Math.min(most, Math.max(1, (number ?? 1) + by))));
  return (
    <div className={styles.quantity}>
      <label htmlFor={id}>{label ?? stock.quantity}</label>
      <div className={styles.stepper}>
        <button type="button" aria-disabled={number === 1 || undefined} onClick={() => step(-1)}>
          <span aria-hidden="true">−</span>
          <span className="hidden-visually">{stock.fewer}</span>
        </button>
        <input
          id={id}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          className="numbers"
          value={value}
          aria-invalid={number === null || undefined}
          aria-describedby={number === null ? errorId : undefined}
          onChange={(event) => change(event.target.value)}
          onKeyDown={(event) => {
            const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
            if (by === 0) return;
            event.preventDefault();
            step(by);
          }}
        />
        <button type="button" aria-disabled={number === most || undefined} onClick={() => step(1)}>
          <span aria-hidden="true">+</span>
          <span className="hidden-visually">{stock.more}</span>
        </button>
      </div>
      {number === null && (
        <p id={errorId} className={styles.error}>
          {stock.wrongQuantity(count(most))}
        </p>
      )}
    </div>
  );
}
