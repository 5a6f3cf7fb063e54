/** Which of one's own bids can be taken back by now. Pure; times are the server's, in milliseconds. */
import type { Auction, OwnBid } from "../../../live/wire";
import { termsOf } from "../bidding/terms";

/** `recent`: so near the end only those of the last `grace_s` go. */
export type Reach = { kind: "all" | "recent"; bids: number };

type Known = Pick<Auction, "terms" | "effective_end" | "status">;

/** `null` where none can be. `own` are the bids that count. */
export function reachOf(auction: Known, own: readonly Pick<OwnBid, "at" | "kind">[], now: number): Reach | null {
  const { retraction } = termsOf(auction as Auction);
  if (auction.status !== "started" || retraction?.kind !== "allowed") return null;
  // What was bought is no bid, and answers of a maximum go with it.
  const bids = own.filter(({ kind }) => kind !== "buy" && kind !== "auto");
  const isEarly = Date.parse(auction.effective_end) - now > retraction.free_until_s * 1000;
  if (isEarly) return bids.length > 0 ? { kind: "all", bids: bids.length } : null;
  const recent = bids.filter(({ at }) => now - Date.parse(at) <= retraction.grace_s * 1000);
  return recent.length > 0 ? { kind: "recent", bids: recent.length } : null;
}
