/** What somebody looks for, as it stands in the address, and as the server is asked for it. Pure. */
import type { operations } from "../../api/schema";
import { FORMAT_KINDS, type FormatKind } from "../../live/format";

export const STATUSES = ["open", "started", "scheduled", "paused", "ended", "cancelled", "any"] as const;
export const ENDS = ["any", "1h", "24h", "3d", "7d"] as const;
export const ORDERS = [
  "end_date_time",
  "-end_date_time",
  "-created_at",
  "current_price",
  "-current_price",
  "-bid_count",
  "title",
] as const;

/** How many auctions a page shows; no more than one feed can follow. */
export const PAGE_SIZE = 24;
/** How long a text the server looks for. */
export const SEARCH_MAX = 200;

export type Filters = {
  search: string;
  status: (typeof STATUSES)[number];
  /** A slug. */
  category: string;
  format: FormatKind | "any";
  /** Decimal strings. */
  min_price: string;
  max_price: string;
  ends: (typeof ENDS)[number];
  ordering: (typeof ORDERS)[number];
  page: number;
};

export const NO_FILTERS: Filters = {
  search: "",
  status: "open",
  category: "",
  format: "any",
  min_price: "",
  max_price: "",
  ends: "any",
  ordering: "end_date_time",
  page: 1,
};

const AMOUNT = /^\d{1,15}(\.\d{1,4})?$/;
const SLUG = /^[a-z0-9-]{1,100}$/;

/** What an address asks for; what makes no sense in it is passed over. */
export function readFilters(params: URLSearchParams): Filters {
  const text = (name: string) => params.get(name)?.trim() ?? "";
  const among = <T extends string>(name: string, values: readonly T[], otherwise: T) =>
    values.find((value) => value === text(name)) ?? otherwise;
  const matching = (name: string, pattern: RegExp) => (pattern.test(text(name)) ? text(name) : "");
  const page = Number(matching("page", /^[1-9]\d{0,5}$/) || "1");
  const status = among("status", STATUSES, NO_FILTERS.status);
  return {
    search: text("search").slice(0, SEARCH_MAX),
    status,
    category: matching("category", SLUG),
    format: among("format", ["any", ...FORMAT_KINDS], NO_FILTERS.format),
    min_price: matching("min_price", AMOUNT),
    max_price: matching("max_price", AMOUNT),
    ends: among("ends", ENDS, NO_FILTERS.ends),
    ordering: among("ordering", ORDERS, usualOrder(status)),
    page,
  };
}

/** What is over is wanted newest first, what is not by its end. */
export function usualOrder(status: Filters["status"]): Filters["ordering"] {
  return status === "ended" || status === "cancelled" ? "-end_date_time" : "end_date_time";
}

/** The address that asks for this, as short as it can be. */
export function writeFilters(filters: Filters): string {
  const params = new URLSearchParams();
  const usual = { ...NO_FILTERS, ordering: usualOrder(filters.status) };
  for (const name of Object.keys(usual) as (keyof Filters)[]) {
    const value = String(filters[name]).trim();
    if (value !== String(usual[name])) params.set(name, value);
  }
  const text = params.toString();
  return text && `?${text}`;
}

/**
 * The filters with something changed: one begins at the first page then, and an order that was the usual one for one
 * status becomes that of the other.
 */
export function withFilters(filters: Filters, change: Partial<Filters>): Filters {
  const next = { ...filters, page: 1, ...change };
  const wasUsual = filters.ordering === usualOrder(filters.status);
  if (wasUsual && change.ordering === undefined) next.ordering = usualOrder(next.status);
  return next;
}

/** How many filters are on; order and page are none, and the search has a place of its own. */
export function countFilters(filters: Filters): number {
  const names = ["status", "category", "format", "min_price", "max_price", "ends"] as const;
  return names.filter((name) => filters[name] !== NO_FILTERS[name]).length;
}

const HOUR = 3_600_000;
const WITHIN = { "1h": HOUR, "24h": 24 * HOUR, "3d": 72 * HOUR, "7d": 168 * HOUR } as const;

type Query = NonNullable<operations["list_auctions"]["parameters"]["query"]>;

/**
 * What the server is asked. `now` is its own time: what is open, or coming, is what ends after it. To whole seconds, so
 * that all who ask within one ask the same.
 */
export function queryOf(filters: Filters, now: number, isMember: boolean): Query {
  const { search, status, category, format, min_price, max_price, ends, ordering, page } = filters;
  const second = Math.floor(now / 1000) * 1000;
  const at = (time: number) => new Date(time).toISOString();
  return {
    page,
    page_size: PAGE_SIZE,
    ordering,
    ...(search && { search }),
    ...(category && { category }),
    ...(format !== "any" && { format }),
    ...(min_price && { min_price }),
    ...(max_price && { max_price }),
    ...(status !== "open" && status !== "any" && { status }),
    ...((status === "open" || ends !== "any") && { ends_after: at(second) }),
    ...(ends !== "any" && { ends_before: at(second + WITHIN[ends]) }),
    ...(isMember && { scope: "all" }),
  };
}
