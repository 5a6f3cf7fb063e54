/** Asks before somebody binds themselves: the amount, the fees, the total. */
import { Button } from "../../../design/button";
import { Dialog } from "../../../design/dialog";
import { Checkbox } from "../../../design/field";
import { useTexts } from "../../../i18n";
import { compare } from "../../../i18n/amount";
import { money } from "../../../i18n/format";
import type { Auction } from "../../../live/wire";
import { setAsksFirst, useAsksFirst } from "./asking";
import styles from "./confirmation.module.css";
import { quoteOf } from "./quote";
import { isSecond, type Wish } from "./use-bidding";

export function Confirmation({
  wish,
  auction,
  obstacle,
  confirm,
  cancel,
}: {
  wish: Wish;
  auction: Auction;
  /** Why it cannot be handed in now. */
  obstacle: string | null;
  confirm: () => void;
  cancel: () => void;
}) {
  const t = useTexts();
  const texts = t.auction.confirm;
  const asksFirst = useAsksFirst();
  const { kind, amount, by } = wish;
  const { currency, minimum_bid, leading } = auction;
  const quote = quoteOf(amount);
  const sum = (text: string) => money(text, currency);
  const title = { price: texts.title, max: texts.titleMaximum, buy: texts.titleBuy }[kind];
  const first = { price: texts.bid, max: texts.maximum, buy: texts.buy }[kind];
  const total = { price: texts.total, max: texts.totalMaximum, buy: texts.totalBuy }[kind];
  const act = { price: texts.place, max: texts.placeMaximum, buy: texts.buyNow }[kind];
  const hasMoved = kind !== "buy" && !leading && minimum_bid && compare(amount, minimum_bid) < 0;
  return (
    <Dialog title={title} onClose={cancel}>
      <div className={styles.body}>
        <dl className={`numbers ${styles.sums}`}>
          <dt>{first}</dt>
          <dd data-testid="amount">{sum(quote.hammer)}</dd>
          {quote.fees.length === 0 ? (
            <>
              <dt>{texts.noFees}</dt>
              <dd>{texts.none}</dd>
            </>
          ) : (
            quote.fees.map((fee) => <Fee key={fee.label} label={fee.label} amount={sum(fee.amount)} />)
          )}
          <dt className={styles.total}>{total}</dt>
          <dd className={styles.total} data-testid="total">
            {sum(quote.total)}
          </dd>
        </dl>
        <p>{kind === "buy" ? texts.bindingBuy : texts.binding}</p>
        {kind === "price" && leading && <p className={styles.careful}>{texts.againstYourself}</p>}
        {hasMoved && (
          <p className={styles.careful} role="status">
            {texts.moved(sum(minimum_bid))}
          </p>
        )}
        {obstacle && (
          <p className={styles.careful} role="status">
            {obstacle}
          </p>
        )}
        {by === "quick" && (
          <Checkbox
            label={texts.dontAsk}
            checked={!asksFirst}
            onChange={(event) => setAsksFirst(!event.target.checked)}
          />
        )}
        <div className={styles.actions}>
          <Button
            look="primary"
            aria-disabled={obstacle !== null || undefined}
            onClick={(event) => !isSecond(event) && confirm()}
          >
            {act(sum(amount))}
          </Button>
          <Button onClick={cancel}>{t.common.cancel}</Button>
        </div>
      </div>
    </Dialog>
  );
}

function Fee({ label, amount }: { label: string; amount: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{amount}</dd>
    </>
  );
}
