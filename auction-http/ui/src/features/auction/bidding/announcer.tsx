/** Says what changes to people who do not see it: how long is left, how the price moves, how it ends. Draws nothing. */
import { useEffect, useRef } from "react";
import { announce } from "../../../design/announce";
import { useTexts } from "../../../i18n";
import { clockTime, count, lengthOf, money } from "../../../i18n/format";
import { hidesBids, isStock, kindOf } from "../../../live/format";
import { useSecondsUntil } from "../../../live/ticker";
import { usePrice } from "../../../live/use-price";
import type { Auction, You } from "../../../live/wire";
import { saidOf, stateOf } from "./said";

/** At how many seconds before the end it is said how long is left. */
export const MARKS = [600, 60, 10] as const;
/** How often a price is announced at most, in milliseconds. */
export const PRICE_EVERY = 3_000;
/** The same of a price that falls by the clock: it falls by itself, and nobody has to be told of each step. */
export const FALL_EVERY = 30_000;

/** The mark that was passed since the last look; the lowest of several. */
export function passed(before: number, now: number): number | null {
  return MARKS.findLast((mark) => before > mark && now <= mark && now > 0) ?? null;
}

export function Announcer({ auction, you }: { auction: Auction; you: You | null }) {
  useEndAnnounced(auction);
  useStatusAnnounced(auction);
  usePriceAnnounced(auction);
  useFallAnnounced(auction);
  useUnitsAnnounced(auction);
  useRankAnnounced(you?.rank ?? null);
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

function useStatusAnnounced(auction: Auction) {
  const t = useTexts();
  const before = useRef(stateOf(auction));
  useEffect(() => {
    const text = saidOf(before.current, auction, t);
    before.current = stateOf(auction);
    if (text) announce(text);
  }, [auction, t]);
}

/** Of prices that bids make. */
function usePriceAnnounced(auction: Auction) {
  const { status, current_price, bid_count, currency } = auction;
  const isOthers = isStock(auction) || hidesBids(auction);
  const t = useTexts();
  const before = useRef({ current_price, bid_count });
  const saidAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const was = before.current;
    if (was.current_price === current_price && was.bid_count === bid_count) return;
    if (status !== "started" || isOthers) {
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
  }, [status, current_price, bid_count, currency, isOthers, t]);
}

function useFallAnnounced(auction: Auction) {
  const t = useTexts();
  const price = usePrice(auction);
  const { status, currency } = auction;
  const isClock = kindOf(auction) === "dutch";
  const before = useRef(price);
  const saidAt = useRef(performance.now());
  useEffect(() => {
    if (!isClock || status !== "started" || price === before.current) return;
    const say = () => {
      before.current = price;
      saidAt.current = performance.now();
      announce(t.formats.said.falling(money(price, currency)));
    };
    const timer = setTimeout(say, Math.max(0, saidAt.current + FALL_EVERY - performance.now()));
    return () => clearTimeout(timer);
  }, [isClock, status, price, currency, t]);
}

function useUnitsAnnounced({ status, units_left }: Auction) {
  const t = useTexts();
  const left = units_left ?? null;
  const before = useRef(left);
  useEffect(() => {
    if (left === before.current || left === null || status !== "started") return;
    const timer = setTimeout(() => {
      before.current = left;
      announce(t.formats.said.left(t.common.unitsLeft(left, count(left))));
    }, PRICE_EVERY / 2);
    return () => clearTimeout(timer);
  }, [left, status, t]);
}

function useRankAnnounced(rank: number | null) {
  const t = useTexts();
  const before = useRef(rank);
  useEffect(() => {
    if (rank !== before.current && rank !== null) announce(t.formats.said.rank(rank));
    before.current = rank;
  }, [rank, t]);
}
