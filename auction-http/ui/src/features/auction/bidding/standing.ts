/** Where somebody stands in an auction, and whether they can bid. Pure. */
import type { Me } from "../../../api/me";
import { hidesBids, isRankOnly, isStock } from "../../../live/format";
import type { LiveState } from "../../../live/reducer";
import type { Auction, OwnBid } from "../../../live/wire";
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
  | "cancelled"
  /** One's bid is in, and nobody learns more. */
  | "sealed"
  | "ranked"
  /** One has bought units. */
  | "units"
  | "won_units"
  | "lost_units"
  | "sold_units";

/** `own`: one's own bids, where the page has asked for them. */
type Known = Pick<LiveState, "auction" | "rows" | "you"> & { own?: readonly OwnBid[] | undefined };

/** Whether one has bid, as far as that is known here. */
export function hasBid({ auction, rows, you, own }: Known): boolean {
  if (auction.leading || (you?.max ?? null) !== null) return true;
  return rows.some((row) => row.is_you && !row.withdrawn) || (own?.some((bid) => !bid.withdrawn) ?? false);
}

export function standingOf(known: Known): Standing | null {
  const { status, outcome, leading, reserve } = known.auction;
  if (status === "cancelled" || outcome?.result === "cancelled") return "cancelled";
  if (status === "draft" || status === "scheduled") return null;
  if (status === "ended") {
    // Until the close is written down nobody has won.
    if (!outcome) return null;
    if (outcome.units) return standingOfUnits(known);
    if (isStock(known.auction) && outcome.result === "sold") return hasBid(known) ? "bought" : "sold";
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
  if (isStock(known.auction)) return hasBid(known) ? "units" : null;
  if (hidesBids(known.auction)) return hasBid(known) ? (isRankOnly(known.auction) ? "ranked" : "sealed") : null;
  if (leading) return reserve === "not_met" ? "leading_reserve" : "leading";
  return hasBid(known) ? "outbid" : null;
}

/** After a lot of several units was sold, to one or to several. */
function standingOfUnits(known: Known): Standing {
  if (!hasBid(known)) return "sold_units";
  if (isStock(known.auction)) return "units";
  if (known.own?.some(({ state }) => state === "won")) return "won_units";
  return known.own === undefined ? "sold_units" : "lost_units";
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
