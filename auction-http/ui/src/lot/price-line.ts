/** What the price of an auction is at the moment. Pure. */
import { isRankOnly, kindOf } from "../live/format";
import type { Auction } from "../live/wire";

export type PriceKind =
  | "startingPrice"
  | "currentBid"
  | "highestBid"
  | "lowestBid"
  | "soldFor"
  | "sold"
  | "priceNow"
  | "fixedPrice"
  | "atMost";

export function priceKind(auction: Auction): PriceKind {
  const { status, outcome, current_bid } = auction;
  if (outcome?.units) return "sold";
  if (outcome?.result === "sold" || outcome?.result === "bought_now") return "soldFor";
  switch (kindOf(auction)) {
    case "dutch":
      return status === "started" || status === "paused" ? "priceNow" : "startingPrice";
    case "fixed_price":
      return "fixedPrice";
    case "reverse":
      return current_bid && !isRankOnly(auction) ? "lowestBid" : "atMost";
    default:
      if (!current_bid) return "startingPrice";
      return status === "ended" || status === "cancelled" ? "highestBid" : "currentBid";
  }
}
