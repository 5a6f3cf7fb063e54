/** Where somebody stands in an auction, and whether they can bid. Pure. */
import type { Me } from "../../../api/me";
import type { LiveState } from "../../../live/reducer";
import type { Auction } from "../../../live/wire";
import { termsOf } from "./terms";

/** What the banner says; `null` where there is nothing to say. */
export type Standing =
  | "leading"
  | "leading_reserve"
  | "outbid"
  | "won"
  | "bought"
  | "lost"
  | "reserve_missed"
  | "sold"
  | "unsold_reserve"
  | "unsold"
  | "cancelled";

type Known = Pick<LiveState, "auction" | "rows" | "you">;

/** Whether one has bid, as far as that is known here. */
export function hasBid({ auction, rows, you }: Known): boolean {
  return auction.leading || (you?.max ?? null) !== null || rows.some((row) => row.is_you);
}

export function standingOf(known: Known): Standing | null {
  const { status, outcome, leading, reserve } = known.auction;
  if (status === "cancelled" || outcome?.result === "cancelled") return "cancelled";
  if (status === "draft" || status === "scheduled") return null;
  if (status === "ended") {
    // Until the close is written down nobody has won.
    if (!outcome) return null;
    switch (outcome.result) {
      case "bought_now":
        return leading ? "bought" : hasBid(known) ? "lost" : "sold";
      case "sold":
        return leading ? "won" : hasBid(known) ? "lost" : "sold";
      case "reserve_not_met":
        return leading ? "reserve_missed" : "unsold_reserve";
      default:
        return "unsold";
    }
  }
  if (leading) return reserve === "not_met" ? "leading_reserve" : "leading";
  return hasBid(known) ? "outbid" : null;
}

/** Why somebody cannot bid. */
export type Obstacle =
  | "cancelled"
  | "ended"
  | "closing"
  | "draft"
  | "own"
  | "visitor"
  | "banned"
  | "unverified"
  | "not_joined"
  | "join_closed"
  | "scheduled"
  | "paused";

export type Person = {
  isSignedIn: boolean;
  /** `undefined` until it is known. */
  me: Me | null | undefined;
  /** What the house said to somebody whom it lets neither join nor bid. */
  barred: string | null;
};

/** The first thing that stands in the way; `null` where nothing does. */
export function obstacleTo(auction: Auction, { isSignedIn, me, barred }: Person): Obstacle | null {
  const { status, outcome, is_participant, is_seller } = auction;
  const { participation, join_until } = termsOf(auction);
  if (status === "cancelled") return "cancelled";
  if (status === "ended") return outcome ? "ended" : "closing";
  if (is_seller) return status === "draft" ? "draft" : "own";
  if (status === "draft") return "draft";
  if (!isSignedIn) return "visitor";
  if (barred === "account_banned") return "banned";
  if (me?.is_verified === false || barred === "account_not_verified") return "unverified";
  if (!is_participant && participation !== "open") {
    return join_until === "start" && status !== "scheduled" ? "join_closed" : "not_joined";
  }
  if (status === "scheduled" || status === "paused") return status;
  return null;
}
