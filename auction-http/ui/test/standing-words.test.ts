import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { priceLabel } from "../src/features/auction/bidding/price-label";
import { saidOf, stateOf } from "../src/features/auction/bidding/said";
import { candleNote } from "../src/features/auction/formats/candle-note";
import en from "../src/i18n/en";
import es from "../src/i18n/es";
import type { Auction, Status } from "../src/live/wire";
import { at, auctionAt } from "./house";

beforeAll(() => void vi.stubGlobal("navigator", { languages: ["en-US"] }));
afterAll(() => void vi.unstubAllGlobals());

describe("the label of a price", () => {
  const clock = (status: Status, more: Partial<Auction> = {}) =>
    priceLabel(auctionAt(0, { terms: { format: { kind: "dutch" } } as never, status, ...more }), en);

  test("of a clock is that of the price now while it runs and while it is stopped", () => {
    expect(clock("started")).toBe("Price now");
    expect(clock("paused")).toBe("Price now");
  });

  test("of a clock is that of its start before it runs, and where nobody bought", () => {
    expect(clock("scheduled")).toBe("The clock starts at");
    expect(clock("ended")).toBe("The clock starts at");
    expect(clock("ended", { outcome: { result: "no_bids" } as never })).toBe("The clock starts at");
    expect(clock("ended", { outcome: { result: "sold", price: "80.00" } as never })).toBe("Hammer price");
  });

  test("of an English auction follows its bids and its end", () => {
    const english = (more: Partial<Auction>) => priceLabel(auctionAt(1, more), en);
    expect(english({ bid_count: 0 })).toBe("Starting price");
    expect(english({})).toBe("Current price");
    expect(english({ status: "ended" })).toBe("Final price");
  });
});

describe("what is said of a change", () => {
  const said = (was: string, more: Partial<Auction>, t = en) => saidOf(was, auctionAt(1, more), t);

  test("tells the start, a pause, and that it goes on", () => {
    expect(said("scheduled", { status: "started" })).toBe("The auction is open for bids.");
    expect(said("started", { status: "paused" })).toBe("The auction is paused.");
    expect(said("paused", { status: "started" })).toBe("The auction goes on.");
    expect(said("paused", { status: "started" }, es)).toBe("La subasta continúa.");
    expect(said("started", { status: "started" })).toBeNull();
  });

  test("tells the end once it is written down", () => {
    expect(said("started", { status: "ended" })).toBeNull();
    const over = { status: "ended", outcome: { result: "sold", price: "80.00" } } as Partial<Auction>;
    expect(said("ended null", over)).toMatch(/Sold for .*80\.00/);
    expect(stateOf(auctionAt(1, over))).toBe("ended sold");
    expect(said("started", { status: "cancelled" })).toBe("The auction was cancelled.");
  });
});

describe("an end that is drawn", () => {
  const draw = { seed: "01", ended_at: at(5) };
  const note = (status: Status, drawn: typeof draw | null = null, t = en) =>
    candleNote({ auction: auctionAt(1, { status }), draw: drawn }, 600, t);

  test("warns while it runs, and says that the number comes", () => {
    expect(note("started").note).toMatch(/Do not wait for the last second/);
    expect(note("started").waiting).toMatch(/as soon as the auction is over/);
    expect(note("ended", draw)).toEqual({ note: "The end is drawn from the last 10 minutes.", waiting: null });
  });

  test("is none where the auction was cancelled", () => {
    expect(note("cancelled")).toEqual({ note: "The auction was cancelled: no end is drawn.", waiting: null });
    expect(note("cancelled", null, es).note).toMatch(/no se sortea/);
  });
});
