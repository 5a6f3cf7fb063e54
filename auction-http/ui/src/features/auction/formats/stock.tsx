/** Where units are bought at the price that stands: what the clock says, or a fixed price. */
import { useId } from "react";
import { Checkbox } from "../../../design/field";
import { useTexts } from "../../../i18n";
import { plus } from "../../../i18n/amount";
import { count, money } from "../../../i18n/format";
import { kindOf } from "../../../live/format";
import { usePrice } from "../../../live/use-price";
import { AmountButton } from "../bidding/amount-button";
import { setAsksFirst, useAsksFirst } from "../bidding/asking";
import styles from "../bidding/box.module.css";
import type { BoxProps } from "./box";
import { Quantity } from "./quantity";
import { readQuantity } from "./read-quantity";

export function Stock({ live, bidding, draft, change, buying }: BoxProps) {
  const t = useTexts();
  const { stock } = t.formats;
  const { auction, connection } = live;
  const { currency } = auction;
  const price = usePrice(auction);
  const asksFirst = useAsksFirst();
  const offline = useId();
  const wrong = useId();
  const left = auction.units_left ?? 1;
  const isDutch = kindOf(auction) === "dutch";
  const isLive = connection === "live";
  const quantity = left > 1 ? readQuantity(draft.quantity, left) : 1;
  const units = quantity ?? 1;
  const [one, many] = isDutch ? [stock.take, stock.takeUnits] : [stock.buy, stock.buyUnits];
  const text =
    units === 1
      ? one(money(price, currency))
      : many(t.common.units(units, count(units)), money(plus("0", price, units), currency));
  return (
    <div className={styles.box}>
      {!isLive && (
        <p id={offline} className={styles.idle} data-testid="not-connected">
          <strong>{t.auction.why[connection]}</strong>
        </p>
      )}
      {left > 1 && (
        <Quantity
          value={draft.quantity}
          most={left}
          errorId={wrong}
          change={(next) => change({ ...draft, quantity: next })}
        />
      )}
      <div className={styles.amounts}>
        <AmountButton
          amount={price}
          text={text}
          look="primary"
          busy={buying}
          why={!isLive ? offline : quantity === null ? wrong : undefined}
          onPick={(amount) => bidding.wish({ kind: "buy", amount, quantity: units, by: "take" })}
        />
      </div>
      <p className={`numbers ${styles.idle}`}>
        {units > 1 && `${stock.each(money(price, currency))}. `}
        {isDutch ? stock.dutchHint : stock.fixedHint}
      </p>
      <Checkbox
        className={styles.settings}
        label={stock.askFirst}
        checked={asksFirst}
        onChange={(event) => setAsksFirst(event.target.checked)}
      />
    </div>
  );
}
