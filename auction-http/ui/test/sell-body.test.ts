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
