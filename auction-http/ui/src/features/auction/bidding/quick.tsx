/** The amounts that are offered, each on a button. */
import { useId } from "react";
import { useTexts } from "../../../i18n";
import { money } from "../../../i18n/format";
import { AmountButton } from "./amount-button";
import styles from "./box.module.css";

export function QuickBids({
  amounts,
  currency,
  busy,
  idle,
  onBid,
}: {
  amounts: readonly string[];
  currency: string;
  busy: boolean;
  /** Why there is nothing to bid for now; `null` where there is. */
  idle: string | null;
  onBid: (amount: string) => void;
}) {
  const t = useTexts();
  const why = useId();
  return (
    <fieldset>
      <legend>{t.auction.box.quick}</legend>
      <div className={styles.amounts}>
        {amounts.map((amount, index) => (
          <AmountButton
            // A button is its place: what stands on it changes, and the focus stays.
            // biome-ignore lint/suspicious/noArrayIndexKey: the minimum, one step more, two steps more
            key={index}
            amount={amount}
            text={t.auction.box.bid(money(amount, currency))}
            look={index === 0 ? "primary" : "secondary"}
            busy={busy}
            why={idle === null ? undefined : why}
            onPick={onBid}
          />
        ))}
      </div>
      {idle !== null && (
        <p id={why} className={styles.idle}>
          {idle}
        </p>
      )}
    </fieldset>
  );
}
