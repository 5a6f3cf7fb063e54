/** What the feed of several auctions says, laid over the rows of a list. Pure. */
import type { Auction, Frame } from "./wire";

/** How many auctions one feed can follow. */
export const FOLLOWED_MAX = 50;

/** Whether a frame tells something that the row does not know. */
export function isNewer(frame: Frame, row: Auction): boolean {
  if (frame.version !== row.version) return frame.version > row.version;
  return frame.server_time > row.server_time;
}

/** A row as the feed knows it by now. */
export function laid(row: Auction, frame: Frame | undefined): Auction {
  if (!frame || !isNewer(frame, row)) return row;
  return {
    ...row,
    title: frame.title,
    status: frame.status,
    starting_price: frame.starting_price,
    current_price: frame.current_price,
    current_bid: frame.last_vote?.price ?? null,
    current_bidder: frame.last_vote?.user ?? null,
    last_vote: frame.last_vote,
    minimum_bid: frame.minimum_bid,
    bid_count: frame.bid_count,
    // To its seller a hidden reserve is shown, to all others it is as if there were none.
    reserve: row.is_seller && frame.reserve === "none" ? row.reserve : frame.reserve,
    buy_now_price: frame.buy_now_price,
    units_left: frame.units_left ?? null,
    next_price_at: frame.next_price_at ?? null,
    outcome: frame.outcome,
    end_date_time: frame.ends_at,
    effective_end: frame.ends_at,
    leading: stillLeads(row, frame),
    version: frame.version,
    server_time: frame.server_time,
  };
}

/**
 * Whether who led by the row leads after the frame. Frames are the same for everybody, so that only this is known: no
 * bid came, or the last one that came is the answer of the leader's maximum.
 */
function stillLeads(row: Auction, frame: Frame): boolean {
  if (!row.leading || frame.previous_version > row.version) return false;
  const last = frame.bids.at(-1);
  return frame.version === row.version || last === undefined || last.kind === "auto";
}

/** Whether the row has to be asked for anew: what it says to its reader alone, or where it stands in the list. */
export function isStale(row: Auction, frame: Frame): boolean {
  if (frame.version <= row.version) return false;
  return row.is_participant || frame.status !== row.status;
}

/**
 * Whom to follow, when `visible` are seen and `followed` are followed already: `followed` itself where that is enough,
 * else those that are seen, and as many of the others as there is room for.
 */
export function toFollow(followed: readonly number[], visible: readonly number[], present: ReadonlySet<number>) {
  const seen = visible.slice(-FOLLOWED_MAX);
  if (seen.every((id) => followed.includes(id))) return followed;
  const others = followed.filter((id) => present.has(id) && !seen.includes(id));
  return [...seen, ...others].slice(0, FOLLOWED_MAX);
}
