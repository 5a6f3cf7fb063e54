/** Asks before somebody binds themselves: the amount, the fees, the total. */
import { Button } from "../../../design/button";
import { Dialog } from "../../../design/dialog";
import { Checkbox } from "../../../design/field";
import { useTexts } from "../../../i18n";
import { compare, plus } from "../../../i18n/amount";
import type { Catalogue } from "../../../i18n/en";
import { count, money } from "../../../i18n/format";
import { formatOf, isSealed, kindOf } from "../../../live/format";
import { usePrice } from "../../../live/use-price";
import type { Auction } from "../../../live/wire";
import { setAsksFirst, useAsksFirst } from "./asking";
import styles from "./confirmation.module.css";
import { quoteOf } from "./quote";
import { isOneClick, isSecond, type Wish } from "./use-bidding";

export function Confirmation({
  wish,
  auction,
  own,
  obstacle,
  confirm,
  cancel,
}: {
  wish: Wish;
  auction: Auction;
  /** The bid of one's own that this one replaces, or has to improve. */
  own: string | null;
  /** Why it cannot be handed in now. */
  obstacle: string | null;
  confirm: () => void;
  cancel: () => void;
}) {
  const t = useTexts();
  const asksFirst = useAsksFirst();
  const { amount, quantity } = wish;
  const { currency } = auction;
  const careful = useCareful(wish, auction, own);
  const words = wordsFor(wish, auction, t);
  const sum = (text: string) => money(text, currency);
  const quote = quoteOf(plus("0", amount, quantity ?? 1));
  const hasUnits = quantity !== undefined && quantity > 1;
  return (
    <Dialog title={words.title} onClose={cancel}>
      <div className={styles.body}>
        <dl className={`numbers ${styles.sums}`}>
          {hasUnits && (
            <>
              <dt>{t.formats.confirm.units}</dt>
              <dd data-testid="quantity">{count(quantity)}</dd>
              <dt>{words.each}</dt>
              <dd>{sum(amount)}</dd>
            </>
          )}
          <dt>{words.first}</dt>
          <dd data-testid="amount">{sum(quote.hammer)}</dd>
          {quote.fees.length === 0 ? (
            <>
              <dt>{t.auction.confirm.noFees}</dt>
              <dd>{t.auction.confirm.none}</dd>
            </>
          ) : (
            quote.fees.map((fee) => <Fee key={fee.label} label={fee.label} amount={sum(fee.amount)} />)
          )}
          <dt className={styles.total}>{words.total}</dt>
          <dd className={styles.total} data-testid="total">
            {sum(quote.total)}
          </dd>
        </dl>
        {words.binding.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {careful.map((sentence) => (
          <p key={sentence} className={styles.careful}>
            {sentence}
          </p>
        ))}
        <Moved wish={wish} auction={auction} />
        {obstacle && (
          <p className={styles.careful} role="status">
            {obstacle}
          </p>
        )}
        {isOneClick(wish) && (
          <Checkbox
            label={wish.by === "take" ? t.formats.confirm.dontAsk : t.auction.confirm.dontAsk}
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
            {words.act}
          </Button>
          <Button onClick={cancel}>{t.common.cancel}</Button>
        </div>
      </div>
    </Dialog>
  );
}

/** The words of a dialog by what is wished and how the auction is held. */
function wordsFor({ kind, amount, quantity = 1, by }: Wish, auction: Auction, t: Catalogue) {
  const texts = t.auction.confirm;
  const { confirm, stock } = t.formats;
  const format = kindOf(auction);
  const sum = money(amount, auction.currency);
  const whole = money(plus("0", amount, quantity), auction.currency);
  const units = t.common.units(quantity, count(quantity));
  if (kind === "buy") {
    const isStock = by === "take";
    const [one, many] = format === "dutch" ? [stock.take, stock.takeUnits] : [stock.buy, stock.buyUnits];
    return {
      title: texts.titleBuy,
      each: confirm.each,
      first: texts.buy,
      total: format === "dutch" ? confirm.upTo : texts.totalBuy,
      binding: [isStock ? confirm.bindingStock : texts.bindingBuy],
      act: !isStock ? texts.buyNow(sum) : quantity === 1 ? one(sum) : many(units, whole),
    };
  }
  const isReverse = format === "reverse";
  const binding = isReverse ? confirm.bindingReverse : isSealed(auction) ? confirm.bindingSealed : texts.binding;
  return {
    title: kind === "max" ? texts.titleMaximum : texts.title,
    each: confirm.bidEach,
    first: kind === "max" ? texts.maximum : texts.bid,
    total: isReverse
      ? confirm.totalReverse
      : kind === "max" || format === "vickrey" || format === "multi_unit"
        ? texts.totalMaximum
        : texts.total,
    binding: format === "vickrey" ? [binding, confirm.vickrey] : [binding],
    act: kind === "max" ? texts.placeMaximum(sum) : quantity > 1 ? confirm.bidUnits(units, sum) : texts.place(sum),
  };
}

/** What somebody might not think of. */
function useCareful({ kind }: Wish, auction: Auction, own: string | null): string[] {
  const t = useTexts();
  const { confirm } = t.formats;
  const format = formatOf(auction);
  if (kind === "buy") return [];
  if (format.kind === "english") return kind === "price" && auction.leading ? [t.auction.confirm.againstYourself] : [];
  if (format.kind !== "sealed_first_price" && format.kind !== "vickrey") return [];
  if (format.revisions !== "replace") return [confirm.cannotReplace];
  return own === null ? [] : [confirm.replaces(money(own, auction.currency))];
}

/** What has changed since it was asked about. */
function Moved({ wish: { kind, amount, by }, auction }: { wish: Wish; auction: Auction }) {
  const t = useTexts();
  const price = usePrice(auction);
  const { minimum_bid, leading, currency } = auction;
  const sum = (text: string) => money(text, currency);
  const isReverse = kindOf(auction) === "reverse";
  let moved: string | null = null;
  if (by === "take") moved = compare(price, amount) < 0 ? t.formats.confirm.fallen(sum(price)) : null;
  else if (kind !== "buy" && !leading && minimum_bid) {
    const order = compare(amount, minimum_bid);
    if (isReverse && order > 0) moved = t.formats.confirm.movedDown(sum(minimum_bid));
    if (!isReverse && order < 0) moved = t.auction.confirm.moved(sum(minimum_bid));
  }
  return (
    moved && (
      <p className={styles.careful} role="status">
        {moved}
      </p>
    )
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
