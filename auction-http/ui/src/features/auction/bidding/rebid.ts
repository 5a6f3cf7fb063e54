/** What takes the lead back. Pure. */
import { kindOf } from "../../../live/format";
import type { Auction, OwnBid, You } from "../../../live/wire";
import { mostOf } from "../formats/most";

/** How much one bids oneself, of what counts: up to how much, or the newest bid. */
export function mineOf(you: You | null, own: readonly OwnBid[] | undefined): string | null {
  return you?.max ?? own?.find((bid) => !bid.withdrawn)?.price ?? null;
}

/** The bid that is offered to who was outbid; `null` where none is known that the server would take. */
export function rebidOf(auction: Auction, mine: string | null): string | null {
  if (kindOf(auction) !== "reverse") return auction.minimum_bid ?? null;
  // How low it has to be depends on one's own bid.
  return mine === null ? null : mostOf(auction, mine);
}
