/** Where one bids while the lowest bid wins. */
import { useId } from "react";
import { Checkbox } from "../../../design/field";
import { useTexts } from "../../../i18n";
import { compare } from "../../../i18n/amount";
import { money } from "../../../i18n/format";
import { isRankOnly } from "../../../live/format";
import { setAsksFirst, useAsksFirst } from "../bidding/asking";
import styles from "../bidding/box.module.css";
import { quickBidsDown } from "../bidding/increments";
import { QuickBids } from "../bidding/quick";
import { mineOf } from "../bidding/rebid";
import { sentenceFor } from "../bidding/refusals";
import { termsOf } from "../bidding/terms";
import { AmountForm } from "./amount-form";
import type { BoxProps } from "./box";
import { mostOf, quickFrom } from "./most";

export function Reverse({ live, bidding, draft, change, own }: BoxProps) {
  const t = useTexts();
  const { reverse, how } = t.formats;
  const { auction, connection, pending, reply, you } = live;
  const { currency, leading } = auction;
  const asksFirst = useAsksFirst();
  const offline = useId();
  const isLive = connection === "live";
  const mine = mineOf(you, own);
  const most = mostOf(auction, mine);
  const sum = (amount: string) => money(amount, currency);
  const busy = pending.length > 0;
  const isRefused = reply?.result === "refused" && bidding.lastBy === "own";
  return (
    <div className={styles.box}>
      {!isLive && (
        <p id={offline} className={styles.idle} data-testid="not-connected">
          <strong>{t.auction.why[connection]}</strong>
        </p>
      )}
      <p data-testid="how">{how.reverse}</p>
      {mine && !isRankOnly(auction) && <p className={`numbers ${styles.idle}`}>{reverse.improve(sum(mine))}</p>}
      {most === null ? (
        <p className={styles.idle}>{reverse.noLower}</p>
      ) : (
        <>
          <QuickBids
            amounts={quickBidsDown(termsOf(auction).increments, quickFrom(auction, mine, most))}
            currency={currency}
            busy={busy}
            idle={!isLive ? t.auction.why[connection] : leading ? reverse.leading : null}
            onBid={(amount) => bidding.wish({ kind: "price", amount, by: "quick" })}
          />
          <Checkbox
            className={styles.settings}
            label={t.auction.box.askFirst}
            checked={asksFirst}
            onChange={(event) => setAsksFirst(event.target.checked)}
          />
          <div className={styles.own}>
            <AmountForm
              draft={draft}
              change={change}
              title={t.auction.box.own}
              label={t.auction.box.amount}
              hint={reverse.most(sum(most))}
              place={reverse.place}
              currency={currency}
              example={most}
              most={1}
              check={(amount) => (compare(amount, most) > 0 ? reverse.tooHigh(sum(most)) : null)}
              busy={busy}
              idle={isLive ? undefined : offline}
              refusal={isRefused ? sentenceFor(reply.refusal, auction, t) : null}
              onBid={(amount) => bidding.wish({ kind: "price", amount, by: "own" })}
            />
          </div>
        </>
      )}
    </div>
  );
}
