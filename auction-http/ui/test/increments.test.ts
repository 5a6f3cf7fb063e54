import { describe, expect, test } from "vitest";
import { incrementAt, quickBids } from "../src/features/auction/bidding/increments";
import type { Increments } from "../src/features/auction/bidding/terms";
import { plus } from "../src/i18n/amount";

function after(increments: Increments, price: string): string {
  return plus(price, incrementAt(increments, price) ?? "0");
}

/** The same edges as the tests of the engine. */
const EDGES: [string, Increments, [string, string][]][] = [
  [
    "smallest unit",
    { kind: "smallest_unit" },
    [
      ["100.00", "100.01"],
      ["100", "101"],
      ["1.000", "1.001"],
    ],
  ],
  ["fixed", { kind: "fixed", step: "5.00" }, [["100.00", "105.00"]]],
  [
    "eBay US",
    { kind: "table", name: "ebay_us" },
    [
      ["0.00", "0.05"],
      ["0.99", "1.04"],
      ["1.00", "1.25"],
      ["4.99", "5.24"],
      ["5.00", "5.50"],
      ["24.99", "25.49"],
      ["25.00", "26.00"],
      ["99.99", "100.99"],
      ["100.00", "102.50"],
      ["249.99", "252.49"],
      ["250.00", "255.00"],
      ["499.99", "504.99"],
      ["500.00", "510.00"],
      ["999.99", "1009.99"],
      ["1000.00", "1025.00"],
      ["2499.99", "2524.99"],
      ["2500.00", "2550.00"],
      ["4999.99", "5049.99"],
      ["5000.00", "5100.00"],
      ["1000000.00", "1000100.00"],
      ["0.990", "1.040"],
    ],
  ],
  [
    "eBay UK",
    { kind: "table", name: "ebay_uk" },
    [
      ["0.99", "1.04"],
      ["1.00", "1.20"],
      ["4.99", "5.19"],
      ["5.00", "5.50"],
      ["14.99", "15.49"],
      ["15.00", "16.00"],
      ["60.00", "62.00"],
      ["150.00", "155.00"],
      ["300.00", "310.00"],
      ["600.00", "620.00"],
      ["1500.00", "1550.00"],
      ["3000.00", "3100.00"],
    ],
  ],
  [
    "a table of one's own",
    {
      kind: "table",
      brackets: [
        ["0.00", "1.00"],
        ["30.00", "5.00"],
        ["50.00", "10.00"],
      ],
    },
    [
      ["29.99", "30.99"],
      ["30.00", "35.00"],
      ["49.99", "54.99"],
      ["50.00", "60.00"],
    ],
  ],
  [
    "five per cent, rounded up, at least a dollar",
    { kind: "percent", basis_points: 500, floor: "1.00" },
    [
      ["10.00", "11.00"],
      ["100.00", "105.00"],
      ["100.01", "105.02"],
    ],
  ],
  [
    "the grid",
    { kind: "grid" },
    [
      ["0", "10"],
      ["1", "10"],
      ["90", "100"],
      ["99", "100"],
      ["100", "110"],
      ["190", "200"],
      ["200", "220"],
      ["280", "300"],
      ["300", "320"],
      ["301", "320"],
      ["320", "350"],
      ["321", "350"],
      ["350", "380"],
      ["380", "400"],
      ["381", "400"],
      ["400", "420"],
      ["480", "500"],
      ["500", "550"],
      ["950", "1000"],
      ["1000", "1100"],
      ["1900", "2000"],
      ["2800", "3000"],
      ["3000", "3200"],
      ["3799", "3800"],
      ["3801", "4000"],
      ["4800", "5000"],
      ["950000000000", "1000000000000"],
      ["0.01", "10.00"],
      ["999.99", "1000.00"],
      ["320.01", "350.00"],
    ],
  ],
];

for (const [name, increments, edges] of EDGES) {
  describe(name, () => {
    for (const [price, next] of edges)
      test(`${next} follows ${price}`, () => expect(after(increments, price)).toBe(next));
  });
}

describe("quick bids", () => {
  test("are the minimum, and one and two steps above it", () => {
    expect(quickBids({ kind: "fixed", step: "5.00" }, "100.00", "105.00")).toEqual(["105.00", "110.00", "115.00"]);
  });

  test("step as wide as the price where they arrive asks for", () => {
    const increments: Increments = { kind: "table", name: "ebay_us" };
    expect(quickBids(increments, "97.50", "98.50")).toEqual(["98.50", "99.50", "100.50"]);
    expect(quickBids(increments, "99.00", "100.00")).toEqual(["100.00", "102.50", "105.00"]);
  });

  test("begin at the starting price where that may be bid", () => {
    expect(quickBids({ kind: "grid" }, "100.00", "100.00")).toEqual(["100.00", "110.00", "120.00"]);
  });

  test("step as wide as to the minimum where the rule is not known", () => {
    expect(quickBids(undefined, "100.00", "107.00")).toEqual(["107.00", "114.00", "121.00"]);
    expect(quickBids({ kind: "moon" } as unknown as Increments, "100.00", "100.00")).toEqual([
      "100.00",
      "100.01",
      "100.02",
    ]);
    expect(quickBids({ kind: "table", name: "unheard_of" }, "100.00", "101.00")).toEqual([
      "101.00",
      "102.00",
      "103.00",
    ]);
  });
});
