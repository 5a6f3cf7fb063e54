import { describe, expect, it } from "vitest";
import {
  countFilters,
  NO_FILTERS,
  queryOf,
  readFilters,
  withFilters,
  writeFilters,
} from "../src/features/browse/filters";
import { pagesAround, pagesOf } from "../src/features/browse/pages";

const read = (text: string) => readFilters(new URLSearchParams(text));

describe("the filters in an address", () => {
  it("are none where it is empty, and leave it empty", () => {
    expect(read("")).toEqual(NO_FILTERS);
    expect(writeFilters(NO_FILTERS)).toBe("");
  });

  it("are read as they were written", () => {
    const filters = {
      search: "a & b",
      status: "ended",
      category: "watches",
      format: "dutch",
      min_price: "10",
      max_price: "12.50",
      ends: "24h",
      ordering: "-bid_count",
      page: 3,
    } as const;
    expect(read(writeFilters(filters))).toEqual(filters);
  });

  it("are passed over where they make no sense", () => {
    const text = "status=x&category=A%20B&min_price=-1&max_price=1e9&ends=1y&ordering=seller&page=0&other=1";
    expect(read(text)).toEqual(NO_FILTERS);
    expect(read(`search=${"x".repeat(300)}`).search).toHaveLength(200);
  });

  it("begin at the first page when they change", () => {
    expect(withFilters({ ...NO_FILTERS, page: 4 }, { search: "ring" })).toEqual({ ...NO_FILTERS, search: "ring" });
  });

  it("show what is over with the newest first, unless an order was chosen", () => {
    expect(withFilters(NO_FILTERS, { status: "ended" }).ordering).toBe("-end_date_time");
    expect(
      withFilters({ ...NO_FILTERS, status: "ended", ordering: "-end_date_time" }, { status: "open" }).ordering,
    ).toBe("end_date_time");
    expect(withFilters({ ...NO_FILTERS, ordering: "title" }, { status: "ended" }).ordering).toBe("title");
    expect(writeFilters(withFilters(NO_FILTERS, { status: "ended" }))).toBe("?status=ended");
    expect(read("status=ended").ordering).toBe("-end_date_time");
  });

  it("are counted without search, order and page", () => {
    expect(countFilters({ ...NO_FILTERS, search: "x", page: 2, ordering: "title" })).toBe(0);
    expect(countFilters({ ...NO_FILTERS, status: "any", min_price: "1" })).toBe(2);
    expect(countFilters({ ...NO_FILTERS, format: "vickrey" })).toBe(1);
  });
});

describe("the question to the server", () => {
  const now = Date.parse("2026-03-01T12:00:00.789Z");

  it("asks for what has not ended, by the second", () => {
    expect(queryOf(NO_FILTERS, now, false)).toEqual({
      page: 1,
      page_size: 24,
      ordering: "end_date_time",
      ends_after: "2026-03-01T12:00:00.000Z",
    });
  });

  it("has the bounds of the end, and all auctions for members", () => {
    const query = queryOf({ ...NO_FILTERS, status: "any", ends: "24h" }, now, true);
    expect(query).toMatchObject({
      ends_after: "2026-03-01T12:00:00.000Z",
      ends_before: "2026-03-02T12:00:00.000Z",
      scope: "all",
    });
    expect(query).not.toHaveProperty("status");
    expect(query).not.toHaveProperty("format");
    expect(queryOf({ ...NO_FILTERS, format: "dutch" }, now, false)).toMatchObject({ format: "dutch" });
    expect(queryOf({ ...NO_FILTERS, status: "ended" }, now, false)).not.toHaveProperty("ends_after");
  });
});

describe("pages", () => {
  it("are at least one", () => {
    expect([0, 1, 24, 25].map(pagesOf)).toEqual([1, 1, 1, 2]);
  });

  it("are offered at both ends and around", () => {
    expect(pagesAround(1, 3)).toEqual([1, 2, 3]);
    expect(pagesAround(5, 9)).toEqual([1, null, 4, 5, 6, null, 9]);
    expect(pagesAround(9, 9)).toEqual([1, null, 8, 9]);
  });
});
