/** What stands in the form of a lot: texts as they are typed and chosen. */
import { type Separators, scaleOf, typed } from "../../i18n/amount";
import { type Format, type FormatKind, formatOf } from "../../live/format";
import type { Auction } from "../../live/wire";
import { wallOf } from "./zone";

/** An empty choice leaves the term to the house. */
export type Choice = string;

export type Values = {
  title: string;
  description: string;
  /** The number of a category; empty for none. */
  category: string;
  currency: string;
  format: FormatKind;
  /** How many units; of formats that sell several. */
  quantity: string;
  revisions: Choice;
  count: Choice;
  pricing: Choice;
  minFill: string;
  /** By how much a clock falls, how often in seconds, and down to what. */
  clockStep: string;
  interval: string;
  clockFloor: string;
  /** What bidders see of each other while the lowest bid wins. */
  shows: Choice;
  improvement: string;
  price: string;
  reserve: string;
  visibility: Choice;
  zone: string;
  starts: "now" | "at";
  /** Wall times in `zone`; `…Later` chooses the second of two. */
  start: string;
  startLater: boolean;
  end: string;
  endLater: boolean;
  increments: Choice;
  step: string;
  percent: string;
  floor: string;
  firstBid: Choice;
  closing: Choice;
  /** Seconds. */
  window: string;
  extension: string;
  period: string;
  /** The name of the lots that close together. */
  group: string;
  retraction: Choice;
  /** Seconds. */
  freeUntil: string;
  grace: string;
  joinUntil: Choice;
  buyNow: string;
  buyNowRule: Choice;
  earlyClose: Choice;
};

/** The terms of an auction that this form knows. */
export type Terms = {
  increments: { kind: string; step?: string; name?: string; basis_points?: number; floor?: string };
  first_bid: string;
  reserve: string | null;
  reserve_visibility: string;
  closing: { kind: string; window_s?: number; extend_s?: number; [more: string]: unknown };
  join_until: string;
  buy_now: { price: string; rule: string } | null;
  early_close: string;
  retraction?: { kind: string; free_until_s?: number; grace_s?: number };
};

/** Increments that this form cannot show; they stay as they are. */
export const KEPT = "kept";
/** How long before the end a bid counts as late where nothing else is said, in seconds. */
export const WINDOW_S = 120;
/** Windows and extensions that can be chosen, in seconds. */
export const WINDOWS_S = [30, 60, 120, 180, 300, 600, 900, 1800, 3600];
/** How often a clock can fall, in seconds. */
export const INTERVALS_S = [5, 10, 30, 60, 300, 600, 1800, 3600, 21_600, 86_400];
/** From how long an end can be drawn, in seconds. */
export const PERIODS_S = [60, 300, 600, 900, 1800, 3600];
/** Spans around taking bids back, in seconds. */
export const RETRACTIONS_S = [0, 600, 1800, 3600, 21_600, 43_200, 86_400, 172_800];
/** How many units a lot can have. */
export const UNITS_MAX = 10_000;

const DAY = 86_400_000;

/** How many decimals amounts in a currency have. */
export function scaleFor(currency: string, auction: Auction | null): number {
  if (auction?.currency === currency) return scaleOf(auction.starting_price);
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

export function termsOf(auction: Auction): Terms {
  return auction.terms as unknown as Terms;
}

/** A form with nothing in it but what makes sense for most lots. */
export function blank(now: number, zone: string, currency: string): Values {
  return {
    title: "",
    description: "",
    category: "",
    currency,
    format: "english",
    quantity: "",
    revisions: "one",
    count: "hidden",
    pricing: "lowest_winning",
    minFill: "",
    clockStep: "",
    interval: "60",
    clockFloor: "",
    shows: "full",
    improvement: "",
    price: "",
    reserve: "",
    visibility: "",
    zone,
    starts: "at",
    start: `${wallOf(now + DAY, zone).slice(0, 10)}T10:00`,
    startLater: false,
    end: `${wallOf(now + 8 * DAY, zone).slice(0, 10)}T20:00`,
    endLater: false,
    increments: "",
    step: "",
    percent: "5",
    floor: "",
    firstBid: "",
    closing: "",
    window: String(WINDOW_S),
    extension: String(WINDOW_S),
    period: "600",
    group: "",
    retraction: "",
    freeUntil: "43200",
    grace: "3600",
    // Most sellers want bidders for as long as there is bidding.
    joinUntil: "end",
    buyNow: "",
    buyNowRule: "until_first_bid",
    earlyClose: "",
  };
}

/** The form of an auction that is there. */
export function valuesOf(auction: Auction, now: number, zone: string, separators?: Separators): Values {
  const terms = termsOf(auction);
  const { increments, closing, retraction } = terms;
  const start = Date.parse(auction.start_date_time);
  const amount = (value: string | null | undefined) => (value ? typed(value, separators) : "");
  const base = blank(now, zone, auction.currency);
  return {
    ...base,
    title: auction.title,
    description: auction.description,
    category: auction.category == null ? "" : String(auction.category),
    ...formatValues(formatOf(auction), amount, base),
    price: amount(auction.starting_price),
    reserve: amount(terms.reserve),
    visibility: terms.reserve_visibility,
    // A draft whose start has passed starts when it is published.
    ...(start <= now ? { starts: "now" as const } : wallIn(start, zone, "start")),
    ...wallIn(Date.parse(auction.end_date_time), zone, "end"),
    increments: incrementsOf(increments),
    step: amount(increments.step),
    percent:
      increments.basis_points === undefined ? base.percent : typed(String(increments.basis_points / 100), separators),
    floor: amount(increments.floor),
    firstBid: terms.first_bid,
    closing: closing.kind,
    window: String(closing.window_s ?? WINDOW_S),
    extension: String(closing.extend_s ?? WINDOW_S),
    period: String(closing.period_s ?? base.period),
    group: typeof closing.group === "string" ? closing.group : "",
    retraction: retraction?.kind ?? "",
    freeUntil: String(retraction?.free_until_s ?? base.freeUntil),
    grace: String(retraction?.grace_s ?? base.grace),
    joinUntil: terms.join_until,
    buyNow: amount(terms.buy_now?.price),
    buyNowRule: terms.buy_now?.rule ?? base.buyNowRule,
    earlyClose: terms.early_close,
  };
}

/** The fields of a format that is there; those of others stay as they are at first. */
function formatValues(format: Format, amount: (value: string | undefined) => string, base: Values): Partial<Values> {
  const units = (quantity: number | undefined) => (quantity && quantity > 1 ? String(quantity) : "");
  const kind = { format: format.kind };
  switch (format.kind) {
    case "english":
      return kind;
    case "sealed_first_price":
    case "vickrey":
      return { ...kind, revisions: format.revisions ?? base.revisions, count: format.count ?? base.count };
    case "multi_unit":
      return {
        ...kind,
        quantity: String(format.quantity ?? ""),
        pricing: format.pricing ?? base.pricing,
        minFill: units(format.min_fill),
        count: format.count ?? base.count,
      };
    case "dutch":
      return {
        ...kind,
        clockStep: amount(format.step),
        interval: String(format.interval_s ?? base.interval),
        clockFloor: amount(format.floor),
        quantity: units(format.quantity),
      };
    case "reverse":
      return { ...kind, shows: format.visibility ?? base.shows, improvement: amount(format.improvement) };
    case "fixed_price":
      return { ...kind, quantity: units(format.quantity) };
  }
}

/** The fields of a wall time; the later of two where an hour before clocks show the same. */
function wallIn(at: number, zone: string, field: "start" | "end"): Partial<Values> {
  const wall = wallOf(at, zone);
  const isLater = [1_800_000, 3_600_000].some((ago) => wallOf(at - ago, zone) === wall);
  return { [field]: wall, [`${field}Later`]: isLater };
}

function incrementsOf(increments: Terms["increments"]): Choice {
  if (increments.kind === "table") {
    return increments.name === "ebay_us" || increments.name === "ebay_uk" ? increments.name : KEPT;
  }
  return ["smallest_unit", "fixed", "percent"].includes(increments.kind) ? increments.kind : KEPT;
}
