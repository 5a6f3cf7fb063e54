/** A field for an amount of one's own: a bid at that amount, or up to it. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../../design/button";
import { TextField } from "../../../design/field";
import { useTexts } from "../../../i18n";
import { compare, parseAmount, scaleOf, typed } from "../../../i18n/amount";
import { money } from "../../../i18n/format";
import styles from "./box.module.css";

/** What is typed. It outlives the box: a session may end while one types. */
export type Draft = { kind: "price" | "max"; text: string; quantity: string };

export const EMPTY: Draft = { kind: "price", text: "", quantity: "1" };

export function OwnAmount({
  draft,
  change,
  currency,
  current,
  minimum,
  leading,
  busy,
  idle,
  refusal,
  onBid,
}: {
  draft: Draft;
  change: (draft: Draft) => void;
  currency: string;
  current: string;
  minimum: string;
  leading: boolean;
  busy: boolean;
  /** The id of what says why nothing can be bid now. */
  idle: string | undefined;
  /** Why the server did not take what was typed. */
  refusal: string | null;
  onBid: (kind: Draft["kind"], amount: string) => void;
}) {
  const t = useTexts();
  const { box } = t.auction;
  const [error, setError] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const scale = scaleOf(current);
  const example = typed(minimum);

  useEffect(() => {
    if (refusal) input.current?.focus();
  }, [refusal]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || idle) return;
    const amount = parseAmount(draft.text, scale);
    const wrong =
      amount === null || compare(amount, "0") === 0
        ? box.wrongAmount(example)
        : !leading && compare(amount, minimum) < 0
          ? box.tooLow(money(minimum, currency))
          : null;
    setError(wrong);
    if (wrong || amount === null) input.current?.focus();
    else onBid(draft.kind, amount);
  };
  const errors = error ? [error] : refusal ? [refusal] : undefined;
  return (
    <form className={styles.own} onSubmit={submit} noValidate>
      <fieldset>
        <legend>{box.own}</legend>
        <div className={styles.kinds}>
          <Kind
            isChosen={draft.kind === "price"}
            choose={() => change({ ...draft, kind: "price" })}
            label={box.straight}
            hint={box.straightHint}
          />
          <Kind
            isChosen={draft.kind === "max"}
            choose={() => change({ ...draft, kind: "max" })}
            label={box.maximum}
            hint={box.maximumHint}
          />
        </div>
        <TextField
          ref={input}
          label={draft.kind === "max" ? t.auction.confirm.maximum : box.amount}
          hint={box.amountHint(example)}
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
          busy={busy}
          aria-disabled={busy || idle !== undefined || undefined}
          aria-describedby={idle}
        >
          {box.place}
        </Button>
      </fieldset>
    </form>
  );
}

function Kind({
  isChosen,
  choose,
  label,
  hint,
}: {
  isChosen: boolean;
  choose: () => void;
  label: string;
  hint: string;
}) {
  return (
    <label className={styles.kind}>
      <input type="radio" name="bid-kind" checked={isChosen} onChange={choose} />
      <span>
        <span className={styles.kindName}>{label}</span>
        <span className={styles.kindHint}>{hint}</span>
      </span>
    </label>
  );
}
