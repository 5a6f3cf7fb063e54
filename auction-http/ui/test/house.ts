/** An auction that is made up: what the server would answer and send about it. */
import type { Answer, Auction, Frame, PublicEvent, Row, You } from "../src/live/wire";

const START = Date.parse("2026-01-01T12:00:00Z");
export const at = (second: number) => new Date(START + second * 1000).toISOString();
export const millis = (second: number) => START + second * 1000;

export function auctionAt(version: number, more: Partial<Auction> = {}): Auction {
  const price = `${100 + version}.00`;
  return {
    id: 7,
    title: "A rug",
    description: "Old",
    image: null,
    images: [],
    thumbnail: null,
    thumbnails: [],
    category: null,
    currency: "USD",
    format: "english",
    starting_price: "100.00",
    current_price: price,
    minimum_bid: `${101 + version}.00`,
    bid_count: version,
    reserve: "none",
    buy_now_price: null,
    status: "started",
    outcome: null,
    start_date_time: at(-60),
    end_date_time: at(3600),
    effective_end: at(3600),
    seller: 1,
    is_participant: true,
    is_seller: false,
    leading: false,
    last_vote: version > 0 ? { user: "b***b@x.org", price } : null,
    current_bid: price,
    current_bidder: "b***b@x.org",
    version,
    server_time: millis(version),
    terms: {},
    ...more,
  };
}

export function row(version: number, more: Partial<Row> = {}): Row {
  return {
    id: version,
    version,
    user: "b***b@x.org",
    price: `${100 + version}.00`,
    at: at(version),
    kind: "straight",
    ...more,
  };
}

/** The frame of a commit of the versions after `previous`. */
export function frame(version: number, more: Partial<Frame> = {}, previous = version - 1, you?: You): Frame {
  const known = auctionAt(version);
  const bids = Array.from({ length: version - previous }, (_, index) => row(previous + 1 + index));
  return {
    title: known.title,
    description: known.description,
    image: null,
    starting_price: known.starting_price,
    status: "started",
    last_vote: known.last_vote ?? null,
    current_price: known.current_price,
    minimum_bid: known.minimum_bid ?? null,
    bid_count: version,
    reserve: "none",
    buy_now_price: null,
    outcome: null,
    ends_at: known.effective_end,
    version,
    previous_version: previous,
    server_time: millis(version),
    bids,
    ...(you && { you }),
    ...more,
  };
}

export function event(version: number, is_you = false): PublicEvent {
  return { version, at: at(version), kind: "bid", bid: row(version, { is_you }) };
}

export function answer(id: string, version: number, leading: boolean, more: Partial<Answer> = {}): Answer {
  const known = auctionAt(version);
  return {
    id,
    price: known.current_price,
    leading,
    current_price: known.current_price,
    minimum_bid: known.minimum_bid ?? null,
    version,
    ...more,
  };
}

/** Chance that a number decides. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [all[last], all[other]] = [all[other] as T, all[last] as T];
  }
  return all;
}
