/** What stands in the form of a lot: texts as they are typed and chosen. */
import { type Separators, scaleOf, typed } from "../../i18n/amount";
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
};

/** Increments that this form cannot show; they stay as they are. */
export const KEPT = "kept";
/** How long before the end a bid counts as late where nothing else is said, in seconds. */
export const WINDOW_S = 120;
/** Windows and extensions that can be chosen, in seconds. */
export const WINDOWS_S = [30, 60, 120, 180, 300, 600, 900, 1800, 3600];

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
  const { increments, closing } = terms;
  const start = Date.parse(auction.start_date_time);
  const amount = (value: string | null | undefined) => (value ? typed(value, separators) : "");
  const base = blank(now, zone, auction.currency);
  return {
    ...base,
    title: auction.title,
    description: auction.description,
    category: auction.category == null ? "" : String(auction.category),
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
    joinUntil: terms.join_until,
    buyNow: amount(terms.buy_now?.price),
    buyNowRule: terms.buy_now?.rule ?? base.buyNowRule,
    earlyClose: terms.early_close,
  };
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
