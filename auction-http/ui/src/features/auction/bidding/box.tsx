/** Where one bids. */
import { useId } from "react";
import { Button } from "../../../design/button";
import { Checkbox } from "../../../design/field";
import { useTexts } from "../../../i18n";
import { money } from "../../../i18n/format";
import type { LiveAuction } from "../../../live/use-auction";
import { setAsksFirst, useAsksFirst } from "./asking";
import styles from "./box.module.css";
import { quickBids } from "./increments";
import { type Draft, OwnAmount } from "./own-amount";
import { QuickBids } from "./quick";
import { sentenceFor } from "./refusals";
import { termsOf } from "./terms";
import { type Bidding, isSecond } from "./use-bidding";

export function Box({
  live,
  bidding,
  draft,
  change,
  buying,
}: {
  live: LiveAuction;
  bidding: Bidding;
  draft: Draft;
  change: (draft: Draft) => void;
  buying: boolean;
}) {
  const t = useTexts();
  const { box, why } = t.auction;
  const asksFirst = useAsksFirst();
  const { auction, connection, pending, reply } = live;
  const { minimum_bid, current_price, currency, buy_now_price, leading } = auction;
  const offline = useId();
  const busy = pending.length > 0 || buying;
  const amounts = minimum_bid ? quickBids(termsOf(auction).increments, current_price, minimum_bid) : [];
  const isLive = connection === "live";
  const isOwnRefused = reply?.result === "refused" && bidding.lastBy === "own";
  return (
    <div className={styles.box}>
      {!isLive && (
        <p id={offline} className={styles.idle} data-testid="not-connected">
          <strong>{why[connection]}</strong>
        </p>
      )}
      {minimum_bid ? (
        <QuickBids
          amounts={amounts}
          currency={currency}
          busy={busy}
          idle={!isLive ? why[connection] : leading ? why.leading : null}
          onBid={(amount) => bidding.wish({ kind: "price", amount, by: "quick" })}
        />
      ) : (
        <p className={styles.idle}>{why.noHigher}</p>
      )}
      <Checkbox
        className={styles.settings}
        label={box.askFirst}
        checked={asksFirst}
        onChange={(event) => setAsksFirst(event.target.checked)}
      />
      <OwnAmount
        draft={draft}
        change={change}
        currency={currency}
        current={current_price}
        minimum={minimum_bid ?? current_price}
        leading={leading}
        busy={busy}
        idle={isLive ? undefined : offline}
        refusal={isOwnRefused ? sentenceFor(reply.refusal, auction, t) : null}
        onBid={(kind, amount) => bidding.wish({ kind, amount, by: "own" })}
      />
      {buy_now_price && (
        <section className={styles.buy}>
          <h3>{t.auction.buy.heading}</h3>
          <Button
            busy={busy}
            aria-disabled={busy || !isLive || undefined}
            {...(!isLive && { "aria-describedby": offline })}
            onClick={(event) => !isSecond(event) && bidding.wish({ kind: "buy", amount: buy_now_price, by: "buy" })}
          >
            {t.auction.buy.offer(money(buy_now_price, currency))}
          </Button>
          <p className={styles.idle}>{t.auction.buy.hint}</p>
        </section>
      )}
    </div>
  );
}
