/** A field for one's own amount, with its number of units where there are any. */
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "../../../design/button";
import { TextField } from "../../../design/field";
import { useTexts } from "../../../i18n";
import { compare, parseAmount, scaleOf, typed } from "../../../i18n/amount";
import type { Draft } from "../bidding/own-amount";
import styles from "./formats.module.css";
import { Quantity } from "./quantity";
import { readQuantity } from "./read-quantity";

export function AmountForm({
  draft,
  change,
  title,
  label,
  hint,
  place,
  currency,
  example,
  most,
  check,
  busy,
  idle,
  refusal,
  children,
  onBid,
}: {
  draft: Draft;
  change: (draft: Draft) => void;
  title: string;
  label: string;
  hint: string;
  /** What its button says. */
  place: string;
  currency: string;
  /** An amount that would be taken. */
  example: string;
  /** For how many units one can bid; 1 where the format has none. */
  most: number;
  /** What is wrong with an amount. */
  check: (amount: string) => string | null;
  busy: boolean;
  /** The id of what says why nothing can be bid now. */
  idle: string | undefined;
  /** Why the server did not take what was typed. */
  refusal: string | null;
  children?: ReactNode;
  onBid: (amount: string, quantity: number | undefined) => void;
}) {
  const t = useTexts();
  const [error, setError] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const heading = useId();
  const wrong = useId();
  useEffect(() => {
    if (refusal) input.current?.focus();
  }, [refusal]);
  const hasUnits = most > 1;
  const quantity = hasUnits ? readQuantity(draft.quantity, most) : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || idle || quantity === null) return;
    const amount = parseAmount(draft.text, scaleOf(example));
    const found =
      amount === null || compare(amount, "0") === 0 ? t.auction.box.wrongAmount(typed(example)) : check(amount);
    setError(found);
    if (found || amount === null) input.current?.focus();
    else onBid(amount, quantity);
  };
  const errors = error ? [error] : refusal ? [refusal] : undefined;
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-labelledby={heading}>
      <h3 id={heading}>{title}</h3>
      {children}
      {hasUnits && (
        <Quantity
          value={draft.quantity}
          most={most}
          errorId={wrong}
          change={(next) => change({ ...draft, quantity: next })}
        />
      )}
      <TextField
        ref={input}
        label={label}
        hint={hint}
        prefix={currency}
        inputMode="decimal"
        autoComplete="off"
        enterKeyHint="go"
        value={draft.text}
        errors={errors}
        onChange={(event) => {
          setError(null);
          change({ ...draft, text: event.target.value });
        }}
      />
      <Button
        type="submit"
        look="primary"
        busy={busy}
        aria-disabled={busy || idle !== undefined || quantity === null || undefined}
        aria-describedby={idle ?? (quantity === null ? wrong : undefined)}
      >
        {place}
      </Button>
    </form>
  );
}
