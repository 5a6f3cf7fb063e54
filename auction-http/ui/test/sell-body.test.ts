import { describe, expect, test } from "vitest";
import { fieldOf, readValues } from "../src/features/sell/body";
import { blank, type Values, valuesOf } from "../src/features/sell/values";
import { sell } from "../src/i18n/en/sell";
import type { Auction } from "../src/live/wire";

const NOW = Date.parse("2027-01-10T12:00:00Z");
const separators = { group: ",", decimal: "." };
const reader = { texts: sell.wrong, separators, now: NOW };
const read = (values: Values, auction: Auction | null = null) => readValues(values, auction, reader);

function filled(more: Partial<Values> = {}): Values {
  return { ...blank(NOW, "Europe/Madrid", "USD"), title: "A lamp", price: "1,200.5", ...more };
}

const auction = {
  id: 7,
  title: "A lamp",
  description: "Brass.",
  category: 3,
  currency: "EUR",
  starting_price: "100.00",
  status: "draft",
  start_date_time: "2027-02-01T10:00:00.123456Z",
  end_date_time: "2027-02-08T10:00:30Z",
  terms: {
    format: { kind: "english" },
    retraction: { kind: "forbidden" },
    increments: { kind: "percent", basis_points: 250, floor: "1.00" },
    first_bid: "at_least",
    reserve: "150.00",
    reserve_visibility: "hidden",
    closing: { kind: "reset", window_s: 90, trigger: "price_change", max_extensions: 5 },
    join_until: "start",
    buy_now: { price: "500.00", rule: "always" },
    early_close: "seller",
  },
} as unknown as Auction;

describe("a form with what is needed", () => {
  test("becomes a body of exact amounts and of instants in UTC", () => {
    const { body, errors } = read(filled({ start: "2027-01-20T10:00", end: "2027-07-20T20:00" }));
    expect(errors).toEqual({});
    expect(body).toEqual({
      title: "A lamp",
      description: "",
      category: null,
      currency: "USD",
      starting_price: "1200.50",
      start_date_time: "2027-01-20T09:00:00.000Z",
      end_date_time: "2027-07-20T18:00:00.000Z",
      terms: {
        format: { kind: "english" },
        retraction: null,
        reserve: null,
        reserve_visibility: null,
        increments: null,
        first_bid: null,
        closing: null,
        join_until: "end",
        buy_now: null,
        early_close: null,
      },
    });
  });

  test("starts now where that is chosen, whatever stands in the field of the start", () => {
    expect(read(filled({ starts: "now", start: "" })).body?.start_date_time).toBe(new Date(NOW).toISOString());
  });

  test("names the terms that were chosen", () => {
    const { body } = read(
      filled({
        reserve: "1300",
        visibility: "public",
        increments: "percent",
        percent: "2.5",
        floor: "1",
        closing: "add",
        window: "60",
        extension: "300",
        buyNow: "2000",
        buyNowRule: "always",
        earlyClose: "seller",
      }),
    );
    expect(body?.terms).toMatchObject({
      reserve: "1300.00",
      reserve_visibility: "public",
      increments: { kind: "percent", basis_points: 250, floor: "1.00" },
      closing: { kind: "add", window_s: 60, extend_s: 300 },
      buy_now: { price: "2000.00", rule: "always" },
      early_close: "seller",
    });
    expect(read(filled({ increments: "ebay_uk" })).body?.terms.increments).toEqual({ kind: "table", name: "ebay_uk" });
    expect(read(filled({ increments: "fixed", step: "5" })).body?.terms.increments).toEqual({
      kind: "fixed",
      step: "5.00",
    });
  });

  test("takes the time that was chosen where a time comes twice", () => {
    const values = filled({ starts: "now", end: "2027-10-31T02:30" });
    expect(read(values).body?.end_date_time).toBe("2027-10-31T00:30:00.000Z");
    expect(read({ ...values, endLater: true }).body?.end_date_time).toBe("2027-10-31T01:30:00.000Z");
  });
});

describe("formats", () => {
  const termsOf = (more: Partial<Values>) => read(filled(more)).body?.terms;

  test("say what was chosen, and what stands in fields of other formats is not sent", () => {
    const noise = { quantity: "3", clockStep: "5", improvement: "2", minFill: "2", reserve: "", buyNow: "9000" };
    expect(termsOf({ ...noise, format: "vickrey", revisions: "replace" })).toMatchObject({
      format: { kind: "vickrey", revisions: "replace", count: "hidden" },
      closing: { kind: "hard" },
      buy_now: null,
      first_bid: null,
      increments: null,
    });
    expect(termsOf({ ...noise, format: "multi_unit", quantity: "5", count: "shown" })?.format).toEqual({
      kind: "multi_unit",
      quantity: 5,
      pricing: "lowest_winning",
      count: "shown",
      min_fill: 2,
    });
    expect(termsOf({ ...noise, format: "dutch", clockFloor: "600", interval: "30" })).toMatchObject({
      format: { kind: "dutch", step: "5.00", interval_s: 30, floor: "600.00", quantity: 3 },
      closing: { kind: "hard" },
      retraction: { kind: "forbidden" },
      reserve: null,
    });
    expect(termsOf({ ...noise, format: "reverse", shows: "rank_only" })?.format).toEqual({
      kind: "reverse",
      visibility: "rank_only",
      improvement: "2.00",
    });
    expect(termsOf({ ...noise, format: "fixed_price", quantity: "" })?.format).toEqual({ kind: "fixed_price" });
  });

  test("ask for what they need, under the names that the server has", () => {
    const wrong = (more: Partial<Values>) => Object.keys(read(filled(more)).errors).sort();
    expect(wrong({ format: "multi_unit" })).toEqual(["terms.format.quantity"]);
    expect(wrong({ format: "multi_unit", quantity: "10001" })).toEqual(["terms.format.quantity"]);
    expect(wrong({ format: "multi_unit", quantity: "2", minFill: "3" })).toEqual(["terms.format.min_fill"]);
    expect(wrong({ format: "dutch" })).toEqual(["terms.format.floor", "terms.format.step"]);
    expect(wrong({ format: "dutch", clockStep: "5", clockFloor: "1201" })).toEqual(["terms.format.floor"]);
    expect(wrong({ format: "reverse", reserve: "1300" })).toEqual(["terms.reserve"]);
    expect(wrong({ format: "reverse", reserve: "1000" })).toEqual([]);
    expect(wrong({ format: "reverse", improvement: "1200.50" })).toEqual(["terms.format.improvement"]);
    expect(wrong({ format: "fixed_price", quantity: "1.5" })).toEqual(["terms.format.quantity"]);
  });

  test("are read back into the form", () => {
    const formats = [
      { kind: "sealed_first_price", revisions: "replace", count: "shown" },
      { kind: "multi_unit", quantity: 5, pricing: "pay_as_bid", min_fill: 2, count: "hidden" },
      { kind: "dutch", step: "5.00", interval_s: 45, floor: "60.00", quantity: 2 },
      { kind: "reverse", visibility: "rank_only", improvement: "1.00" },
      { kind: "fixed_price", quantity: 10 },
    ];
    for (const format of formats) {
      const terms = { ...auction.terms, format, reserve: null, buy_now: null, closing: { kind: "hard" } };
      const lot = { ...auction, terms } as unknown as Auction;
      expect(read(valuesOf(lot, NOW, "UTC", separators), lot).body?.terms.format).toEqual(format);
    }
  });
});

describe("the end", () => {
  const closingOf = (more: Partial<Values>, lot: Auction | null = null) => read(filled(more), lot).body?.terms.closing;

  test("can be drawn, and then nothing is bought at once or taken back", () => {
    expect(read(filled({ closing: "candle", buyNow: "9000", retraction: "allowed" })).body?.terms).toMatchObject({
      closing: { kind: "candle", period_s: 600, sample_s: 1 },
      buy_now: null,
      retraction: { kind: "forbidden" },
    });
  });

  test("leaves what belonged to another kind of end behind", () => {
    const candle = { kind: "candle", period_s: 600, sample_s: 60, commitment: "ab" };
    const lot = { ...auction, terms: { ...auction.terms, closing: candle } } as unknown as Auction;
    expect(closingOf({ closing: "reset" }, lot)).toEqual({ kind: "reset", window_s: 120 });
    expect(closingOf({ closing: "candle", period: "900" }, lot)).toEqual({
      kind: "candle",
      period_s: 900,
      sample_s: 60,
    });
  });

  test("can be that of a group", () => {
    expect(closingOf({ closing: "add", group: " Spring sale " })).toMatchObject({ kind: "add", group: "Spring sale" });
    expect(closingOf({ closing: "hard", group: "Spring sale" })).toEqual({ kind: "hard" });
  });

  test("is moved by any bid where bids are hidden", () => {
    const hidden = { format: "reverse", shows: "rank_only", closing: "reset" } as const;
    expect(closingOf(hidden)).toMatchObject({ trigger: "any_accepted" });
    expect(closingOf({ ...hidden, shows: "full" })).not.toHaveProperty("trigger");
  });

  test("is a plain one where bids are hidden and nothing is chosen", () => {
    const hidden = { format: "reverse", shows: "rank_only", closing: "" } as const;
    expect(closingOf(hidden)).toEqual({ kind: "hard" });
    expect(closingOf({ ...hidden, shows: "full" })).toBeNull();
  });

  test("is drawn from no more than the auction lasts", () => {
    const half = { start: "2027-01-20T10:00", end: "2027-01-20T10:30", closing: "candle" } as const;
    const { errors, body } = read(filled({ ...half, period: "3600" }));
    expect(errors).toEqual({ "terms.closing.period_s": [sell.wrong.periodTooLong] });
    expect(body).toBeNull();
    expect(read(filled({ ...half, period: "1800" })).errors).toEqual({});
    expect(read(filled({ ...half, closing: "reset", period: "3600" })).errors).toEqual({});
  });

  test("has a time before which bids can be taken back", () => {
    const terms = read(filled({ retraction: "allowed", freeUntil: "3600", grace: "600" })).body?.terms;
    expect(terms?.retraction).toEqual({ kind: "allowed", free_until_s: 3600, grace_s: 600 });
  });
});

describe("what is wrong", () => {
  test("is said of all fields at once, under the names that the server has for them", () => {
    const { body, errors } = read(
      filled({ title: " ", price: "", reserve: "x", buyNow: "0", end: "", increments: "fixed", step: "1.234" }),
    );
    expect(body).toBeNull();
    expect(Object.keys(errors).sort()).toEqual([
      "end_date_time",
      "starting_price",
      "terms.buy_now.price",
      "terms.increments.step",
      "terms.reserve",
      "title",
    ]);
  });

  test("is a reserve below the starting price, and a buy-now price that is not above both", () => {
    expect(read(filled({ reserve: "1200" })).errors).toEqual({ "terms.reserve": [sell.wrong.reserveBelowStart] });
    expect(read(filled({ buyNow: "1200.50" })).errors).toEqual({
      "terms.buy_now.price": [sell.wrong.buyNowBelowStart],
    });
    expect(read(filled({ reserve: "1500", buyNow: "1400" })).errors).toEqual({
      "terms.buy_now.price": [sell.wrong.buyNowBelowReserve],
    });
  });

  test("is an end that has passed, that does not come after the start, or that no clock shows", () => {
    expect(read(filled({ end: "2027-01-10T12:59" })).errors.end_date_time).toEqual([sell.wrong.endPassed]);
    expect(read(filled({ start: "2027-02-02T10:00", end: "2027-02-02T10:00" })).errors.end_date_time).toEqual([
      sell.wrong.endBeforeStart,
    ]);
    expect(read(filled({ end: "2027-03-28T02:30" })).errors.end_date_time).toEqual([
      sell.wrong.skipped("02:00", "03:00"),
    ]);
  });
});

describe("an auction that is there", () => {
  const values = valuesOf(auction, NOW, "Europe/Madrid", separators);

  test("fills the form with what it is", () => {
    expect(values).toMatchObject({
      category: "3",
      price: "100.00",
      reserve: "150.00",
      starts: "at",
      start: "2027-02-01T11:00",
      end: "2027-02-08T11:00:30",
      increments: "percent",
      percent: "2.5",
      floor: "1.00",
      closing: "reset",
      window: "90",
      buyNow: "500.00",
      buyNowRule: "always",
    });
  });

  test("is sent back as it was where nothing is changed, to the microsecond", () => {
    const { body } = read(values, auction);
    const { title, description, category, currency, starting_price, start_date_time, end_date_time, terms } = auction;
    expect(body).toEqual({
      title,
      description,
      category,
      currency,
      starting_price,
      start_date_time,
      end_date_time,
      terms,
    });
  });

  test("keeps its currency once it is announced", () => {
    expect(read(values, { ...auction, status: "scheduled" } as Auction).body).not.toHaveProperty("currency");
  });

  test("starts when it is published where its start has passed", () => {
    const later = Date.parse("2027-02-02T00:00:00Z");
    expect(valuesOf(auction, later, "Europe/Madrid", separators).starts).toBe("now");
  });

  test("keeps increments that the form does not know", () => {
    const brackets = [["0.00", "0.05"]];
    const odd = {
      ...auction,
      terms: { ...auction.terms, increments: { kind: "table", brackets } },
    } as unknown as Auction;
    const shown = valuesOf(odd, NOW, "UTC", separators);
    expect(shown.increments).toBe("kept");
    expect(read(shown, odd).body?.terms).not.toHaveProperty("increments");
  });

  test("keeps which of two equal times it ends at", () => {
    for (const end_date_time of ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"]) {
      const night = { ...auction, end_date_time } as Auction;
      const shown = valuesOf(night, NOW, "Europe/Madrid", separators);
      expect(read(shown, night).body?.end_date_time).toBe(end_date_time);
    }
  });
});

test("an error of the server belongs to the nearest field that the form has", () => {
  const known = ["title", "terms.increments", "terms.closing"];
  expect(fieldOf("title", known)).toBe("title");
  expect(fieldOf("terms.closing.window_s", known)).toBe("terms.closing");
  expect(fieldOf("terms.max_jump", known)).toBeNull();
});
