import { useState } from "react";
import { config } from "../../api/config";
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import { parseAmount, typed } from "../../i18n/amount";
import { useTyped } from "./use-typed";

/** How many decimals are read: prices of several currencies may be compared with it. */
const SCALE = 2;

/** A bound on the price; it counts once one leaves the field, or by Enter. */
export function PriceField({
  label,
  value,
  change,
}: {
  label: string;
  value: string;
  change: (amount: string) => void;
}) {
  const t = useTexts();
  const { text, setText, hand } = useTyped(value && typed(value));
  const [isWrong, setWrong] = useState(false);
  const read = () => {
    const amount = text.trim() === "" ? "" : parseAmount(text, SCALE);
    setWrong(amount === null);
    if (amount === null || amount === value) return;
    // A whole amount needs no decimals in the address.
    const short = amount.replace(/\.0+$/, "");
    hand(short && typed(short));
    change(short);
  };
  return (
    <TextField
      label={label}
      prefix={config.currency}
      inputMode="decimal"
      autoComplete="off"
      maxLength={20}
      errors={isWrong ? [t.browse.wrongAmount(typed("1250.00"))] : undefined}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={read}
      onKeyDown={(event) => {
        if (event.key === "Enter") read();
      }}
    />
  );
}
