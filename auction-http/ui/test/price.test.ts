import { describe, expect, test } from "vitest";
import { priceAt } from "../src/live/price";
import type { Auction } from "../src/live/wire";
import { at, auctionAt, millis } from "./house";

const terms = { format: { kind: "dutch", step: "5.00", interval_s: 60, floor: "60.00" } };
const clock = (more: Partial<Auction> = {}) =>
  auctionAt(1, {
    format: "dutch",
    terms: terms as never,
    current_price: "100.00",
    next_price_at: at(60),
    ...more,
  });
const price = (second: number, auction = clock()) => priceAt(auction, millis(second)).price;

describe("a price that falls by the clock", () => {
  test("is that of the worked example at each moment", () => {
    const seconds = [0, 59.999, 60, 119.999, 120, 240, 479.999, 480, 100_000];
    expect(seconds.map((second) => price(second))).toEqual([
      "100.00",
      "100.00",
      "95.00",
      "95.00",
      "90.00",
      "80.00",
      "65.00",
      "60.00",
      "60.00",
    ]);
  });

  test("says when it falls next, and to what", () => {
    expect(priceAt(clock(), millis(0)).next).toEqual({ at: millis(60), price: "95.00" });
    expect(priceAt(clock(), millis(60)).next).toEqual({ at: millis(120), price: "90.00" });
    expect(priceAt(clock(), millis(479)).next).toEqual({ at: millis(480), price: "60.00" });
    expect(priceAt(clock(), millis(480)).next).toBeNull();
  });

  test("never falls below the floor, also where the last step is a part of one", () => {
    const odd = clock({ terms: { format: { ...terms.format, floor: "93.00" } } as never });
    expect([0, 60, 120, 180].map((second) => price(second, odd))).toEqual(["100.00", "95.00", "93.00", "93.00"]);
    expect(priceAt(odd, millis(60)).next?.price).toBe("93.00");
  });

  test("does not fall at the end or later", () => {
    const short = clock({ effective_end: at(130) });
    expect([60, 120, 129, 180].map((second) => price(second, short))).toEqual(["95.00", "90.00", "90.00", "90.00"]);
    expect(priceAt(short, millis(60)).next).toEqual({ at: millis(120), price: "90.00" });
    expect(priceAt(short, millis(120)).next).toBeNull();
    const exact = clock({ effective_end: at(120) });
    expect(priceAt(exact, millis(60))).toEqual({ price: "95.00", next: null });
    expect(price(120, exact)).toBe("95.00");
    expect(priceAt(clock({ effective_end: at(30) }), millis(0))).toEqual({ price: "100.00", next: null });
  });

  test("is counted from the newest frame", () => {
    const later = clock({ current_price: "85.00", next_price_at: at(200) });
    expect([190, 200, 260].map((second) => price(second, later))).toEqual(["85.00", "80.00", "75.00"]);
  });

  test("stands still while it is paused, before the start, after the end, and where nothing is said", () => {
    for (const status of ["paused", "scheduled", "ended"] as const)
      expect(price(500, clock({ status }))).toBe("100.00");
    expect(price(500, clock({ next_price_at: null }))).toBe("100.00");
    expect(price(500, clock({ terms: {} as never }))).toBe("100.00");
    expect(price(500, auctionAt(1, { current_price: "100.00", next_price_at: at(60) }))).toBe("100.00");
  });

  test("has as many decimals as its currency", () => {
    const yen = clock({
      current_price: "1000",
      terms: { format: { kind: "dutch", step: "50", interval_s: 60, floor: "600" } } as never,
    });
    expect(price(60, yen)).toBe("950");
  });
});
