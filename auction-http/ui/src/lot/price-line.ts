/** What the price of an auction is at the moment. Pure. */
import type { Auction } from "../live/wire";

export type PriceKind = "startingPrice" | "currentBid" | "highestBid" | "soldFor";

export function priceKind({ status, outcome, current_bid }: Auction): PriceKind {
  if (outcome?.result === "sold" || outcome?.result === "bought_now") return "soldFor";
  if (!current_bid) return "startingPrice";
  return status === "ended" || status === "cancelled" ? "highestBid" : "currentBid";
}
