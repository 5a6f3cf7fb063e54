/** From the form of a lot to what the server is sent, or to what is wrong with it. Pure. */
import type { FieldErrors } from "../../api/problem";
import { compare, parseAmount, type Separators } from "../../i18n/amount";
import type { Catalogue } from "../../i18n/en";
import type { Auction } from "../../live/wire";
import { fitting, hidesLead, readFormat } from "./format";
import { KEPT, scaleFor, type Terms, termsOf, type Values } from "./values";
import { readWall, wallOf } from "./zone";

/** What is sent. Terms that are null are left to the house. */
export type Body = {
  title: string;
  description: string;
  category: number | null;
  currency?: string;
  starting_price: string;
  start_date_time: string;
  end_date_time: string;
  terms: Record<string, unknown>;
};

export type Reader = {
  texts: Catalogue["sell"]["wrong"];
  separators?: Separators;
  /** The server's time in milliseconds. */
  now: number;
};

/**
 * What a form says: a body, or what is wrong under the names that the server has for the fields. `parts` is what could
 * be read of it.
 */
export function readValues(values: Values, auction: Auction | null, reader: Reader) {
  const errors: FieldErrors = {};
  const wrong = (field: string, sentence: string) => {
    errors[field] = [...(errors[field] ?? []), sentence];
  };
  const scale = scaleFor(values.currency, auction);
  const amount = (field: string, text: string): string | null => {
    if (text.trim() === "") return null;
    const read = parseAmount(text, scale, reader.separators);
    if (read === null) wrong(field, scale === 0 ? reader.texts.wholeAmount : reader.texts.amount(scale));
    else if (compare(read, "0") === 0) wrong(field, reader.texts.zero);
    else return read;
    return null;
  };
  const needed = (field: string, text: string): string | null => {
    if (text.trim() === "") wrong(field, reader.texts.required);
    return amount(field, text);
  };

  if (values.title.trim() === "") wrong("title", reader.texts.required);
  const price = needed("starting_price", values.price);
  const fits = fitting(values);
  const format = readFormat(values, { texts: reader.texts, amount, needed, wrong, price });
  const reserve = fits.reserve ? amount("terms.reserve", values.reserve) : null;
  const buyNow = fits.buyNow ? amount("terms.buy_now.price", values.buyNow) : null;
  if (price && reserve && values.format === "reverse") {
    if (compare(reserve, price) > 0) wrong("terms.reserve", reader.texts.reserveAboveStart);
  } else if (price && reserve && compare(reserve, price) < 0) wrong("terms.reserve", reader.texts.reserveBelowStart);
  if (price && buyNow && compare(buyNow, price) <= 0) wrong("terms.buy_now.price", reader.texts.buyNowBelowStart);
  if (reserve && buyNow && compare(buyNow, reserve) < 0) wrong("terms.buy_now.price", reader.texts.buyNowBelowReserve);

  const start =
    values.starts === "now"
      ? reader.now
      : instant("start_date_time", values.start, values.startLater, values.zone, auction?.start_date_time);
  const end = instant("end_date_time", values.end, values.endLater, values.zone, auction?.end_date_time);
  if (end !== null && end <= reader.now) wrong("end_date_time", reader.texts.endPassed);
  else if (start !== null && end !== null && end <= start) wrong("end_date_time", reader.texts.endBeforeStart);
  else if (start !== null && end !== null && fits.candle && values.closing === "candle") {
    const isTooLong = Number(values.period) * 1000 > end - start;
    if (isTooLong) wrong("terms.closing.period_s", reader.texts.periodTooLong);
  }

  const increments = readIncrements();
  const terms: Record<string, unknown> = {
    format,
    reserve,
    reserve_visibility: values.visibility || null,
    first_bid: (fits.firstBid && values.firstBid) || null,
    closing: fits.closing ? readClosing(values, auction) : { kind: "hard" },
    retraction: fits.retraction ? readRetraction(values) : { kind: "forbidden" },
    join_until: values.joinUntil || null,
    buy_now: buyNow && { price: buyNow, rule: values.buyNowRule },
    early_close: values.earlyClose || null,
    ...(values.increments !== KEPT && { increments }),
  };
  const parts = { price, reserve, buyNow, start, end };
  if (Object.keys(errors).length > 0 || price === null || start === null || end === null) {
    return { errors, body: null, parts };
  }
  const body: Body = {
    title: values.title.trim(),
    description: values.description,
    category: values.category === "" ? null : Number(values.category),
    starting_price: price,
    start_date_time: exact(start, auction?.start_date_time),
    end_date_time: exact(end, auction?.end_date_time),
    terms,
    // The currency of what is announced is what it is.
    ...((auction === null || auction.status === "draft") && { currency: values.currency }),
  };
  return { errors, body, parts };

  function readIncrements(): unknown {
    if (!fits.increments) return null;
    switch (values.increments) {
      case "fixed": {
        const step = needed("terms.increments.step", values.step);
        return step && { kind: "fixed", step };
      }
      case "percent": {
        const percent = parseAmount(values.percent, 2, reader.separators);
        const basis_points = percent === null ? 0 : Number(percent.replace(".", ""));
        if (basis_points === 0) wrong("terms.increments.basis_points", reader.texts.percent);
        const floor = amount("terms.increments.floor", values.floor);
        return { kind: "percent", basis_points, ...(floor && { floor }) };
      }
      case "ebay_us":
      case "ebay_uk":
        return { kind: "table", name: values.increments };
      default:
        return values.increments === "" ? null : { kind: values.increments };
    }
  }

  function instant(field: string, wall: string, later: boolean, zone: string, before?: string): number | null {
    // What was not changed stays exact, with its fractions of a second.
    if (before !== undefined && wallOf(Date.parse(before), zone) === wall && !isTwice(wall, zone)) {
      return Date.parse(before);
    }
    const reading = readWall(wall, zone);
    switch (reading.kind) {
      case "one":
        return reading.at;
      case "twice":
        return later ? reading.second : reading.first;
      case "never":
        wrong(field, reader.texts.skipped(reading.from.slice(11), reading.to.slice(11)));
        return null;
      case "malformed":
        wrong(field, wall === "" ? reader.texts.required : reader.texts.time);
        return null;
    }
  }
}

function isTwice(wall: string, zone: string): boolean {
  return readWall(wall, zone).kind === "twice";
}

/** An instant as text: that of the server where it means the same millisecond, since it may be finer. */
function exact(at: number, before: string | undefined): string {
  return before !== undefined && Date.parse(before) === at ? before : new Date(at).toISOString();
}

function readClosing(values: Values, auction: Auction | null): unknown {
  // The house's own end may be one that some bids move only.
  if (values.closing === "") return hidesLead(values) ? { kind: "hard" } : null;
  if (values.closing === "hard") return { kind: "hard" };
  // What the form does not show, such as a last possible end, stays.
  const before: Partial<Terms["closing"]> = auction ? termsOf(auction).closing : {};
  if (values.closing === "candle") {
    const period_s = Number(values.period);
    const sample_s = Number(before.sample_s ?? 1);
    return { kind: "candle", period_s, ...(period_s % sample_s === 0 && { sample_s }) };
  }
  const { hard_end, max_extensions, trigger } = before;
  const group = values.group.trim();
  return {
    kind: values.closing,
    window_s: Number(values.window),
    ...(values.closing === "add" && { extend_s: Number(values.extension) }),
    ...(hard_end !== undefined && { hard_end }),
    ...(max_extensions !== undefined && { max_extensions }),
    ...(triggerOf(values, trigger) !== undefined && { trigger: triggerOf(values, trigger) }),
    ...(group !== "" && { group }),
  };
}

/** Where bids are hidden, an end that moves for some of them only would tell of the lead. */
function triggerOf(values: Values, before: unknown): unknown {
  return hidesLead(values) ? "any_accepted" : before;
}

function readRetraction({ retraction, freeUntil, grace }: Values): unknown {
  if (retraction !== "allowed") return retraction === "" ? null : { kind: retraction };
  return { kind: "allowed", free_until_s: Number(freeUntil), grace_s: Number(grace) };
}

/** Which field of the form an error of the server belongs to, by the name that the server gives it. */
export function fieldOf(name: string, known: readonly string[]): string | null {
  for (let part = name; part !== ""; part = part.slice(0, Math.max(0, part.lastIndexOf(".")))) {
    if (known.includes(part)) return part;
  }
  return null;
}
