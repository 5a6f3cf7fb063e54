/** Money, numbers and times as the reader writes them. Amounts are exact: they never pass through a float. */
import { locale } from "./index";

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const name = `${locale()} ${key}`;
  let format = formats.get(name);
  if (!format) {
    format = make();
    formats.set(name, format);
  }
  return format as T;
}

/** An amount with its currency. `amount` is a decimal string. */
export function money(amount: string, currency: string): string {
  const digits = amount.split(".")[1]?.length ?? 0;
  const options = {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  const format = kept(`${currency}${digits}`, () => new Intl.NumberFormat(locale(), options));
  return format.format(amount as unknown as number);
}

export function count(number: number): string {
  return kept("count", () => new Intl.NumberFormat(locale())).format(number);
}

/** A share of one, such as 2 for 200%, to a hundredth of a per cent. */
export function inPercent(share: number): string {
  const options = { style: "percent", maximumFractionDigits: 2 } as const;
  return kept("share", () => new Intl.NumberFormat(locale(), options)).format(share);
}

const MINUTES = { hour: "numeric", minute: "2-digit" } as const;
const SECONDS = { ...MINUTES, second: "2-digit" } as const;
const SHORT_DAY = { month: "short", day: "numeric" } as const;
const MOMENT = { year: "numeric", ...SHORT_DAY, ...SECONDS, timeZoneName: "short" } as const;

function written(name: string, options: Intl.DateTimeFormatOptions, at: number | string): string {
  return kept(name, () => new Intl.DateTimeFormat(locale(), options)).format(new Date(at));
}

/** A date and a time with its zone, in the reader's zone. */
export function exactTime(iso: string): string {
  return written("exact", MOMENT, iso);
}

/** The same in UTC. */
export function utcTime(iso: string): string {
  return written("utc", { ...MOMENT, timeZone: "UTC" }, iso);
}

/** A day and a time, without seconds. */
export function dayAndTime(iso: string): string {
  return written("day", { ...SHORT_DAY, ...MINUTES }, iso);
}

/** A day. */
export function day(iso: string): string {
  return written("date", { year: "numeric", month: "long", day: "numeric" }, iso);
}

/** The time of a day, with seconds; from milliseconds or a text. */
export function clockTime(at: number | string): string {
  return written("clock", SECONDS, at);
}

/** The time of a day, without seconds; from milliseconds. */
export function hourAndMinute(at: number): string {
  return written("hour", MINUTES, at);
}

/** A day without its year; from milliseconds. */
export function shortDay(at: number): string {
  return written("short day", SHORT_DAY, at);
}

function unit(value: number, name: string, display: "narrow" | "long"): string {
  return kept(
    `${name} ${display}`,
    () => new Intl.NumberFormat(locale(), { style: "unit", unit: name, unitDisplay: display }),
  ).format(value);
}

/** So many seconds in units, the largest first. */
function unitsOf(seconds: number): [number, string][] {
  return [
    [Math.floor(seconds / 86_400), "day"],
    [Math.floor(seconds / 3_600) % 24, "hour"],
    [Math.floor(seconds / 60) % 60, "minute"],
    [seconds % 60, "second"],
  ];
}

/** How long something lasts, in its two largest units, in whole seconds: `2d 4h`, `5m 3s`, `42s`. */
export function duration(seconds: number): string {
  const parts = unitsOf(seconds);
  const first = parts.findIndex(([value]) => value > 0);
  if (first < 0) return unit(0, "second", "narrow");
  return parts
    .slice(first, first + 2)
    .map(([value, name]) => unit(value, name, "narrow"))
    .join(" ");
}

/** A length of time in words, without units of which there are none: `3 minutes`, `1 hour 30 minutes`. */
export function lengthOf(seconds: number): string {
  const parts = unitsOf(seconds).filter(([value]) => value > 0);
  if (parts.length === 0) return unit(0, "second", "long");
  return parts.map(([value, name]) => unit(value, name, "long")).join(" ");
}

/** Names of which one may be taken: `Ann, Bob, or Sally`. */
export function either(names: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: "disjunction" }).format(names);
}
