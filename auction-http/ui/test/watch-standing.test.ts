import { expect, test } from "vitest";
import { groupOf, standingOf } from "../src/features/watch/standing";
import type { Auction, OwnState } from "../src/live/wire";

const lot = (more: object) =>
  ({ id: 1, status: "started", leading: false, bid_count: 2, reserve: "none", ...more }) as Auction;
const bid = (state: OwnState) => new Map([[1, state]]);
const none = new Map<number, OwnState>();

test("who leads an open auction leads, and is told where that is not enough", () => {
  expect(standingOf(lot({ leading: true }), bid("leading"), true)).toBe("leading");
  expect(standingOf(lot({ leading: true, reserve: "not_met" }), bid("leading"), true)).toBe("leading_reserve");
});

test("who has bid and does not lead is outbid, also before the server's rows say so", () => {
  expect(standingOf(lot({}), bid("outbid"), true)).toBe("outbid");
  expect(standingOf(lot({}), bid("leading"), true)).toBe("outbid");
});

test("nobody is told not to have bid where rows may be missing", () => {
  expect(standingOf(lot({}), none, true)).toBe("none");
  expect(standingOf(lot({}), none, false)).toBeNull();
  expect(standingOf(lot({ bid_count: 0 }), none, false)).toBe("none");
  expect(standingOf(lot({ status: "ended" }), none, true)).toBe("never");
  expect(standingOf(lot({ status: "ended" }), none, false)).toBeNull();
});

test("what is over was won or not, and what was called off was neither", () => {
  expect(standingOf(lot({ status: "ended" }), bid("won"), true)).toBe("won");
  expect(standingOf(lot({ status: "ended" }), bid("lost"), true)).toBe("lost");
  expect(standingOf(lot({ status: "cancelled" }), bid("lost"), true)).toBeNull();
});

test("a paused auction stands with those that are open", () => {
  expect(["started", "paused", "scheduled", "ended", "cancelled"].map((status) => groupOf(lot({ status })))).toEqual([
    "started",
    "started",
    "scheduled",
    "ended",
    "ended",
  ]);
});

test("nobody is outbid where bids are hidden, or where units are bought", () => {
  const sealed = { terms: { format: { kind: "vickrey" } } };
  const stock = { terms: { format: { kind: "fixed_price", quantity: 3 } } };
  expect(standingOf(lot(sealed), bid("sealed"), true)).toBe("sealed");
  expect(standingOf(lot({ ...sealed, bid_count: 0 }), none, false)).toBeNull();
  expect(standingOf(lot({ ...sealed, bid_count: 0 }), none, true)).toBe("none");
  expect(standingOf(lot(stock), bid("leading"), true)).toBe("bought");
  expect(standingOf(lot({ ...stock, status: "ended" }), bid("won"), true)).toBe("won");
});
