/** What is known of a reserve. Pure. */
import { hidesBids } from "../live/format";
import type { Auction } from "../live/wire";

/** `set`: there is one, and nobody is told whether the hidden bids meet it. */
export type ReserveKind = Auction["reserve"] | "set";

export function reserveKind(
  auction: Pick<Auction, "format" | "terms" | "reserve" | "status" | "outcome">,
): ReserveKind {
  const { reserve, status, outcome } = auction;
  const isTold = !hidesBids(auction) || (status === "ended" && outcome != null);
  return reserve === "not_met" && !isTold ? "set" : reserve;
}
