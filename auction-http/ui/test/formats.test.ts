import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { quickBidsDown } from "../src/features/auction/bidding/increments";
import { mineOf, rebidOf } from "../src/features/auction/bidding/rebid";
import { sentenceFor } from "../src/features/auction/bidding/refusals";
import { standingOf } from "../src/features/auction/bidding/standing";
import { bought, sumOf, won } from "../src/features/auction/bidding/units";
import { mostOf, quickFrom } from "../src/features/auction/formats/most";
import { readQuantity } from "../src/features/auction/formats/read-quantity";
import { reachOf } from "../src/features/auction/formats/retraction";
import en from "../src/i18n/en";
import es from "../src/i18n/es";
import { formatOf, hidesBids, isStock, tellsCount, unitsOf } from "../src/live/format";
import type { Auction, OwnBid } from "../src/live/wire";
import { priceKind } from "../src/lot/price-line";
import { reserveKind } from "../src/lot/reserve";
import { at, auctionAt, millis, row } from "./house";

beforeAll(() => void vi.stubGlobal("navigator", { languages: ["en-US"] }));
afterAll(() => void vi.unstubAllGlobals());

const lot = (format: object | undefined, more: Partial<Auction> & { closing?: object; retraction?: object } = {}) => {
  const { closing, retraction, ...rest } = more;
  return auctionAt(1, { terms: { format, closing, retraction } as never, ...rest });
};
const own = (more: Partial<OwnBid>) => ({ kind: "straight", state: "outbid", at: at(0), ...more }) as OwnBid;

describe("a format", () => {
  test("is that of the terms, else that of the auction, else English", () => {
    expect(formatOf(lot({ kind: "dutch", step: "5.00" }))).toEqual({ kind: "dutch", step: "5.00" });
    expect(formatOf(lot(undefined, { format: "vickrey" })).kind).toBe("vickrey");
    expect(formatOf(lot({ kind: "moon" }, { format: "moon" })).kind).toBe("english");
    expect(formatOf({} as Auction).kind).toBe("english");
  });

  test("hides bids, tells how many there are, and has units", () => {
    expect(hidesBids(lot({ kind: "vickrey" }))).toBe(true);
    expect(hidesBids(lot({ kind: "reverse", visibility: "rank_only" }))).toBe(true);
    expect(hidesBids(lot({ kind: "reverse", visibility: "full" }))).toBe(false);
    expect(tellsCount(lot({ kind: "vickrey", count: "hidden" }))).toBe(false);
    expect(tellsCount(lot({ kind: "vickrey", count: "shown" }))).toBe(true);
    expect(tellsCount(lot({ kind: "reverse", visibility: "rank_only" }))).toBe(true);
    expect(isStock(lot({ kind: "fixed_price" }))).toBe(true);
    expect(unitsOf(lot({ kind: "fixed_price", quantity: 10 }))).toBe(10);
    expect(unitsOf(lot({ kind: "vickrey" }))).toBe(1);
  });
});

describe("a reserve", () => {
  const not_met = (format: object, more: Partial<Auction> = {}) =>
    reserveKind(lot(format, { reserve: "not_met", ...more }));

  test("is only said to be there while bids are hidden", () => {
    for (const format of [{ kind: "vickrey" }, { kind: "multi_unit" }, { kind: "reverse", visibility: "rank_only" }]) {
      expect(not_met(format)).toBe("set");
      expect(not_met(format, { status: "ended" })).toBe("set");
      expect(not_met(format, { status: "ended", outcome: { result: "reserve_not_met" } })).toBe("not_met");
    }
    expect(en.common.reserve.set).toBe("There is a reserve");
    expect(es.common.reserve.set).toBe("Hay precio de reserva");
  });

  test("is met or not where bids are seen", () => {
    expect(not_met({ kind: "english" })).toBe("not_met");
    expect(not_met({ kind: "reverse", visibility: "full" })).toBe("not_met");
    expect(reserveKind(lot({ kind: "vickrey" }, { reserve: "none" }))).toBe("none");
    expect(reserveKind(lot({ kind: "vickrey" }, { reserve: "met" }))).toBe("met");
  });
});

describe("how one stands", () => {
  const known = (auction: Auction, more: object = {}) => standingOf({ auction, rows: [], you: null, ...more });
  const you = { leading: false, max: "120.00" };

  test("nobody is outbid where bids are hidden", () => {
    expect(known(lot({ kind: "vickrey" }), { you })).toBe("sealed");
    expect(known(lot({ kind: "vickrey" }))).toBeNull();
    expect(known(lot({ kind: "reverse", visibility: "rank_only" }), { you: { ...you, rank: 2 } })).toBe("ranked");
    expect(known(lot({ kind: "reverse", visibility: "full" }), { you })).toBe("outbid");
  });

  test("units are bought, won or not", () => {
    const stock = lot({ kind: "dutch", quantity: 5 });
    const over = { status: "ended", outcome: { result: "sold", units: 3 } } as const;
    expect(known(stock, { you })).toBe("units");
    expect(known(lot({ kind: "dutch", quantity: 5 }, over), { you })).toBe("units");
    const sold = { status: "ended", outcome: { result: "sold", price: "90.00" } } as const;
    expect(known(lot({ kind: "dutch" }, sold), { you })).toBe("bought");
    expect(known(lot({ kind: "dutch" }, sold))).toBe("sold");
    const multi = lot({ kind: "multi_unit", quantity: 5 }, over);
    expect(known(multi, { own: [own({ state: "won" })] })).toBe("won_units");
    expect(known(multi, { own: [own({ state: "lost" })] })).toBe("lost_units");
    expect(known(multi)).toBe("sold_units");
  });

  test("what was taken back counts for nothing", () => {
    const rows = [row(1, { is_you: true, withdrawn: true })];
    expect(standingOf({ auction: auctionAt(1), rows, you: null })).toBeNull();
    expect(known(lot({ kind: "vickrey" }), { own: [own({ withdrawn: true })] })).toBeNull();
  });
});

describe("units", () => {
  test("add up exactly", () => {
    expect(sumOf([])).toBeNull();
    expect(sumOf([{ quantity: 2, price: "0.10" }, { price: "0.20" }])).toEqual({ units: 3, sum: "0.40" });
  });

  test("were bought by oneself, and not taken back", () => {
    const rows = [
      row(1, { kind: "buy", quantity: 2, price: "90.00", is_you: true }),
      row(2, { kind: "buy", quantity: 1, price: "85.00" }),
    ];
    expect(bought(undefined, rows)).toEqual({ units: 2, sum: "180.00" });
    expect(bought([own({ kind: "buy", price: "85.00" })], rows)).toEqual({ units: 1, sum: "85.00" });
  });

  test("were won by whoever is called so", () => {
    const awards = [
      { user: "b***b@x.org", quantity: 4, price: "20.00" },
      { user: "a***n@x.org", quantity: 1, price: "20.00" },
    ];
    expect(won(awards, ["a***n@x.org"])).toEqual({ units: 1, sum: "20.00" });
    expect(won(awards, null)).toBeNull();
  });

  test("are whole numbers up to those that are left", () => {
    expect(["1", " 3 ", "4", "0", "1.5", "", "x", "-1"].map((text) => readQuantity(text, 3))).toEqual([
      1,
      3,
      ...Array(6).fill(null),
    ]);
  });
});

describe("where the lowest bid wins", () => {
  const fixed = { kind: "fixed", step: "50.00" } as const;
  const reverse = (more: Partial<Auction> = {}, format: object = {}) => {
    const made = lot({ kind: "reverse", visibility: "full", improvement: "1.00", ...format }, more);
    return { ...made, terms: { ...made.terms, increments: fixed } as never };
  };

  test("the amounts that are offered go down by steps, and never to nothing", () => {
    expect(quickBidsDown(fixed, "950.00")).toEqual(["950.00", "900.00", "850.00"]);
    expect(quickBidsDown(fixed, "60.00")).toEqual(["60.00", "10.00"]);
    expect(quickBidsDown(undefined, "5")).toEqual(["5", "4", "3"]);
  });

  test("a bid is at most what everybody may bid, and less than one's own", () => {
    expect(mostOf(reverse({ minimum_bid: "950.00" }), null)).toBe("950.00");
    expect(mostOf(reverse({ minimum_bid: "950.00" }), "980.00")).toBe("950.00");
    expect(mostOf(reverse({ minimum_bid: "950.00" }), "950.00")).toBe("949.00");
    expect(mostOf(reverse({ minimum_bid: "850.00", leading: true }), "900.00")).toBe("899.00");
    expect(mostOf(reverse({ minimum_bid: null }), null)).toBeNull();
    expect(mostOf(reverse({ minimum_bid: "5.00" }), "1.00")).toBeNull();
  });

  test("the bid that takes the lead back is below one's own by as much as it has to be", () => {
    const ann = reverse({ minimum_bid: "899.98" }, { improvement: "50.00" });
    expect(rebidOf(ann, mineOf(null, [own({ price: "900.00" })]))).toBe("850.00");
    expect(rebidOf(ann, mineOf({ leading: false, max: "900.00" }, undefined))).toBe("850.00");
    expect(rebidOf(ann, "40.00")).toBeNull();
    expect(rebidOf(ann, null)).toBeNull();
    expect(rebidOf(lot(undefined, { minimum_bid: "105.00" }), "100.00")).toBe("105.00");
  });

  test("one's own bid is the newest that counts", () => {
    expect(mineOf(null, [own({ price: "80.00", withdrawn: true }), own({ price: "90.00" })])).toBe("90.00");
    expect(mineOf({ leading: false, max: null }, [])).toBeNull();
  });

  test("the buttons begin a step below one's own bid", () => {
    const ranked = reverse({ minimum_bid: "1000.00" }, { visibility: "rank_only" });
    expect(quickFrom(ranked, null, "1000.00")).toBe("1000.00");
    expect(quickFrom(ranked, "900.00", "899.00")).toBe("850.00");
    expect(quickFrom(ranked, "40.00", "39.00")).toBe("39.00");
  });

  test("refusals and prices are told in its words", () => {
    const refusal = { id: "", code: "below_minimum", error: "", minimum_bid: "900.00" };
    expect(sentenceFor(refusal, reverse(), en)).toMatch(/^The most is now .*900/);
    expect(sentenceFor(refusal, lot({ kind: "dutch" }), en)).toMatch(/^The price now is .*900/);
    expect(sentenceFor(refusal, lot(undefined), en)).toMatch(/^The least is now .*900/);
    const few = { id: "", code: "not_enough_units", error: "", units_left: 2 };
    expect(sentenceFor(few, lot({ kind: "dutch" }), en)).toBe("Only 2 units left.");
    expect(priceKind(reverse({ current_bid: "900.00" }))).toBe("lowestBid");
    expect(priceKind(reverse({ current_bid: null }))).toBe("atMost");
    expect(priceKind(lot({ kind: "dutch" }))).toBe("priceNow");
    expect(priceKind(lot({ kind: "multi_unit" }, { outcome: { result: "sold", units: 3 } }))).toBe("sold");
  });
});

describe("taking back", () => {
  const retraction = { kind: "allowed", free_until_s: 600, grace_s: 60 };
  const auction = (more: object = {}) => lot(undefined, { retraction, effective_end: at(3600), ...more });
  const bids = [own({ at: at(0) }), own({ at: at(3000) }), own({ at: at(3000), kind: "auto" })];

  test("is possible for all bids as long as the end is far away", () => {
    expect(reachOf(auction(), bids, millis(2999))).toEqual({ kind: "all", bids: 2 });
    expect(reachOf(auction(), [], millis(0))).toBeNull();
  });

  test("is possible later for those that are fresh", () => {
    expect(reachOf(auction(), bids, millis(3000))).toEqual({ kind: "recent", bids: 1 });
    expect(reachOf(auction(), bids, millis(3060))).toEqual({ kind: "recent", bids: 1 });
    expect(reachOf(auction(), bids, millis(3061))).toBeNull();
  });

  test("is not possible where the terms say no, or while nobody can bid", () => {
    expect(reachOf(auction({ retraction: { kind: "forbidden" } }), bids, millis(0))).toBeNull();
    expect(reachOf(auction({ retraction: undefined }), bids, millis(0))).toBeNull();
    expect(reachOf(auction({ status: "paused" }), bids, millis(0))).toBeNull();
  });
});
