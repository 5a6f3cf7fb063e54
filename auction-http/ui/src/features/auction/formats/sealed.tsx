/** Where one bids while all bids are sealed. */
import { useId } from "react";
import { useTexts } from "../../../i18n";
import { compare } from "../../../i18n/amount";
import { count, dayAndTime, money } from "../../../i18n/format";
import { formatOf, unitsOf } from "../../../live/format";
import type { OwnBid } from "../../../live/wire";
import styles from "../bidding/box.module.css";
import { sentenceFor } from "../bidding/refusals";
import { AmountForm } from "./amount-form";
import type { BoxProps } from "./box";
import own_ from "./formats.module.css";

export function Sealed({ live, bidding, draft, change, own }: BoxProps) {
  const t = useTexts();
  const { seal, how, pricing } = t.formats;
  const { auction, connection, pending, reply, you } = live;
  const { currency, starting_price, minimum_bid } = auction;
  const format = formatOf(auction);
  const offline = useId();
  const isLive = connection === "live";
  const isMulti = format.kind === "multi_unit";
  const isReplaced = "revisions" in format && format.revisions === "replace";
  const hasBid = own.length > 0 || (you?.max ?? null) !== null;
  const least = minimum_bid ?? starting_price;
  const sum = (amount: string) => money(amount, currency);
  const isRefused = reply?.result === "refused" && bidding.lastBy === "own";
  return (
    <div className={styles.box}>
      {!isLive && (
        <p id={offline} className={styles.idle} data-testid="not-connected">
          <strong>{t.auction.why[connection]}</strong>
        </p>
      )}
      <p data-testid="how">
        {how[format.kind]}
        {isMulti && ` ${pricing[format.pricing ?? "lowest_winning"]}`}
      </p>
      {isMulti && own.length > 0 && <OwnList own={own} currency={currency} />}
      {hasBid && !isMulti && !isReplaced ? (
        <p className={styles.idle} data-testid="no-more-bids">
          {seal.one}
        </p>
      ) : (
        <AmountForm
          draft={draft}
          change={change}
          title={!hasBid ? seal.amount : isMulti ? seal.another : seal.replace}
          label={isMulti ? seal.amountEach : seal.amount}
          hint={seal.least(sum(least))}
          place={seal.place}
          currency={currency}
          example={least}
          most={isMulti ? unitsOf(auction) : 1}
          check={(amount) => (compare(amount, least) < 0 ? t.auction.box.tooLow(sum(least)) : null)}
          busy={pending.length > 0}
          idle={isLive ? undefined : offline}
          refusal={isRefused ? sentenceFor(reply.refusal, auction, t) : null}
          onBid={(amount, quantity) =>
            bidding.wish({ kind: "price", amount, by: "own", ...(quantity !== undefined && { quantity }) })
          }
        >
          {hasBid && <p className={styles.idle}>{isMulti ? seal.anotherHint : seal.replaceHint}</p>}
        </AmountForm>
      )}
    </div>
  );
}

/** One's own bids for units. Nobody else sees them. */
function OwnList({ own, currency }: { own: readonly OwnBid[]; currency: string }) {
  const t = useTexts();
  const title = useId();
  return (
    <section className={own_.form} aria-labelledby={title}>
      <h3 id={title}>{t.formats.seal.own}</h3>
      <ul className={`numbers ${own_.own}`}>
        {own.map(({ id, price, quantity, at }) => (
          <li key={id}>
            <span>
              {t.formats.seal.line(t.common.units(quantity ?? 1, count(quantity ?? 1)), money(price, currency))}
            </span>
            <time dateTime={at}>{dayAndTime(at)}</time>
          </li>
        ))}
      </ul>
    </section>
  );
}
