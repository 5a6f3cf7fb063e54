import { describe, expect, it } from "vitest";
import { differs, refreshed } from "../src/features/browse/steady";
import { FOLLOWED_MAX, isStale, laid, toFollow } from "../src/live/states";
import type { Auction, Frame } from "../src/live/wire";
import { priceKind } from "../src/lot/price-line";

const row = (change: Partial<Auction> = {}): Auction =>
  ({
    id: 1,
    title: "A desk",
    status: "started",
    current_price: "100.00",
    current_bid: null,
    bid_count: 0,
    reserve: "none",
    leading: false,
    is_seller: false,
    is_participant: false,
    version: 5,
    server_time: 1_000,
    ...change,
  }) as Auction;

const frame = (change: Partial<Frame> = {}): Frame => ({
  auction: 1,
  title: "A desk",
  description: "",
  image: null,
  starting_price: "100.00",
  status: "started",
  last_vote: { user: "b***b@x.example", price: "120.00" },
  current_price: "120.00",
  minimum_bid: "121.00",
  bid_count: 1,
  reserve: "none",
  buy_now_price: null,
  outcome: null,
  ends_at: "2026-03-01T12:00:00Z",
  version: 6,
  previous_version: 5,
  server_time: 2_000,
  bids: [{ id: 1, version: 6, user: "b***b@x.example", price: "120.00", at: "", kind: "straight" }],
  ...change,
});

describe("a row under a frame", () => {
  it("takes over what is newer", () => {
    expect(laid(row(), frame())).toMatchObject({
      current_price: "120.00",
      current_bid: "120.00",
      bid_count: 1,
      version: 6,
    });
  });

  it("stays as it is under an older frame, also one of the same version", () => {
    expect(laid(row({ version: 7 }), frame()).current_price).toBe("100.00");
    expect(laid(row({ version: 6, server_time: 3_000 }), frame()).current_price).toBe("100.00");
    expect(laid(row(), undefined)).toEqual(row());
  });

  it("loses the lead by a bid, and keeps it by the answer of its own maximum", () => {
    const mine = row({ leading: true });
    const bid = (kind: "max" | "auto") => [{ id: 1, version: 6, user: "?", price: "120.00", at: "", kind }];
    expect(laid(mine, frame({ bids: bid("max") })).leading).toBe(false);
    expect(laid(mine, frame({ bids: bid("auto") })).leading).toBe(true);
    expect(laid(mine, frame({ bids: bid("auto"), previous_version: 8, version: 9 })).leading).toBe(false);
    expect(laid(mine, frame({ bids: [] })).leading).toBe(true);
    expect(laid(row(), frame({ bids: bid("auto") })).leading).toBe(false);
  });

  it("is asked for anew where it is about its reader, or stands elsewhere by now", () => {
    expect(isStale(row(), frame())).toBe(false);
    expect(isStale(row({ is_participant: true }), frame())).toBe(true);
    expect(isStale(row(), frame({ status: "ended" }))).toBe(true);
    expect(isStale(row({ version: 6 }), frame({ status: "ended" }))).toBe(false);
  });
});

describe("who is followed", () => {
  const all = new Set(Array.from({ length: 80 }, (_, index) => index));

  it("stays the same while all that are seen are followed", () => {
    const followed = [1, 2, 3];
    expect(toFollow(followed, [2], all)).toBe(followed);
    expect(toFollow(followed, [], all)).toBe(followed);
  });

  it("keeps others that are still there, as long as there is room", () => {
    expect(toFollow([1, 2, 99], [3], all)).toEqual([3, 1, 2]);
    const many = [...all];
    expect(toFollow([], many, all)).toEqual(many.slice(-FOLLOWED_MAX));
    expect(toFollow(many.slice(0, FOLLOWED_MAX), [70], all)).toHaveLength(FOLLOWED_MAX);
  });
});

describe("a list that holds still", () => {
  const held = { rows: [row({ id: 1 }), row({ id: 2 }), row({ id: 3 })], count: 3 };
  const fresh = { rows: [row({ id: 3, version: 9 }), row({ id: 1 }), row({ id: 4 })], count: 9 };

  it("keeps its rows in their places, and knows the newest of them", () => {
    const { rows, count } = refreshed(held, fresh);
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(rows[2]?.version).toBe(9);
    expect(count).toBe(3);
  });

  it("knows whether another one would be shown", () => {
    expect(differs(held, fresh)).toBe(true);
    expect(differs(held, { ...held, rows: held.rows.map((one) => ({ ...one, version: 8 })) })).toBe(false);
    expect(differs(held, { rows: held.rows.slice(1), count: 2 })).toBe(true);
  });
});

describe("a price", () => {
  it("is named for what it is", () => {
    const price = "100.00";
    expect(priceKind(row())).toBe("startingPrice");
    expect(priceKind(row({ current_bid: price }))).toBe("currentBid");
    expect(priceKind(row({ current_bid: price, status: "ended" }))).toBe("highestBid");
    expect(
      priceKind(row({ current_bid: price, status: "ended", outcome: { result: "sold", price, winner: "x" } })),
    ).toBe("soldFor");
    expect(priceKind(row({ status: "ended" }))).toBe("startingPrice");
  });
});
