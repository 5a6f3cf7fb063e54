/** What one may bid where the lowest bid wins. Amounts are decimal strings. Pure. */
import { compare, major, minus, scaleOf } from "../../../i18n/amount";
import { formatOf } from "../../../live/format";
import type { Auction } from "../../../live/wire";
import { incrementAt } from "../bidding/increments";
import { termsOf } from "../bidding/terms";

/** The most that one may bid: what everybody may, and less than one's own last bid. `null` where that is nothing. */
export function mostOf(auction: Auction, own: string | null): string | null {
  const { minimum_bid, starting_price, leading } = auction;
  const format = formatOf(auction);
  const smallest = major(1n, scaleOf(starting_price));
  const improvement = (format.kind === "reverse" && format.improvement) || smallest;
  const better = own === null ? null : minus(own, improvement);
  // Who leads has no one to beat but themselves.
  const limit = leading ? null : (minimum_bid ?? null);
  const most = better === null ? limit : limit === null || compare(better, limit) < 0 ? better : limit;
  return most === null || compare(most, "0") <= 0 ? null : most;
}

/** What the buttons begin with: a whole step below one's own bid, where that is what holds. */
export function quickFrom(auction: Auction, own: string | null, most: string): string {
  const step = own === null ? null : incrementAt(termsOf(auction).increments, own);
  const next = own === null || step === null ? most : minus(own, step);
  return compare(next, "0") > 0 && compare(next, most) < 0 ? next : most;
}
