/** Says what changes to people who do not see it: how long is left, how the price moves, how it ends. Draws nothing. */
import { useEffect, useRef } from "react";
import { announce } from "../../../design/announce";
import { useTexts } from "../../../i18n";
import { clockTime, count, lengthOf, money } from "../../../i18n/format";
import { useSecondsUntil } from "../../../live/ticker";
import type { Auction } from "../../../live/wire";

/** At how many seconds before the end it is said how long is left. */
export const MARKS = [600, 60, 10] as const;
/** How often a price is announced at most, in milliseconds. */
export const PRICE_EVERY = 3_000;

/** The mark that was passed since the last look; the lowest of several. */
export function passed(before: number, now: number): number | null {
  return MARKS.findLast((mark) => before > mark && now <= mark && now > 0) ?? null;
}

export function Announcer({ auction }: { auction: Auction }) {
  useEndAnnounced(auction);
  useStatusAnnounced(auction);
  usePriceAnnounced(auction);
  return null;
}

function useEndAnnounced({ status, effective_end }: Auction) {
  const t = useTexts();
  const seconds = useSecondsUntil(effective_end);
  const left = status === "started" ? seconds : null;
  const before = useRef<{ left: number; end: string } | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = left === null ? null : { left, end: effective_end };
    if (left === null || was === null) return;
    if (Date.parse(effective_end) > Date.parse(was.end)) {
      announce(t.auction.time.extended(clockTime(effective_end)));
      return;
    }
    const mark = passed(was.left, left);
    if (mark !== null) announce(t.auction.time.left(lengthOf(mark)));
    else if (was.left > 0 && left <= 0) announce(t.auction.time.closingNow);
  }, [left, effective_end, t]);
}

function useStatusAnnounced({ status, outcome, currency }: Auction) {
  const t = useTexts();
  const result = outcome?.result ?? null;
  const price = outcome?.price ?? null;
  const now = status === "ended" ? `${status} ${result}` : status;
  const before = useRef(now);
  useEffect(() => {
    const was = before.current;
    before.current = now;
    if (now === was) return;
    const { time, said } = t.auction;
    if (now === "started" && was === "scheduled") announce(time.opened);
    else if (now === "paused") announce(time.pausedNow);
    else if (now === "cancelled") announce(time.cancelledNow);
    else if (status === "ended" && result) announce(price ? said.sold(money(price, currency)) : said.unsold);
  }, [now, status, result, price, currency, t]);
}

function usePriceAnnounced({ status, current_price, bid_count, currency }: Auction) {
  const t = useTexts();
  const before = useRef({ current_price, bid_count });
  const saidAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const was = before.current;
    if (was.current_price === current_price && was.bid_count === bid_count) return;
    if (status !== "started") {
      before.current = { current_price, bid_count };
      return;
    }
    const say = () => {
      before.current = { current_price, bid_count };
      saidAt.current = performance.now();
      announce(t.auction.said.price(money(current_price, currency), t.common.bids(bid_count, count(bid_count))));
    };
    // What comes too soon is said later, and only its newest.
    const timer = setTimeout(say, Math.max(0, saidAt.current + PRICE_EVERY - performance.now()));
    return () => clearTimeout(timer);
  }, [status, current_price, bid_count, currency, t]);
}
