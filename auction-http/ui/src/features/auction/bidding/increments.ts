/** How far the next bid has to lie above a price, exactly as the server counts it. Amounts are decimal strings. */
import { compare, major, minor, minus, plus, scaleOf } from "../../../i18n/amount";
import type { Increments } from "./terms";

/** From which price on which step, in hundredths of a major unit. */
const TABLES: Record<string, readonly (readonly [number, number])[]> = {
  ebay_us: [
    [0, 5],
    [100, 25],
    [500, 50],
    [2_500, 100],
    [10_000, 250],
    [25_000, 500],
    [50_000, 1_000],
    [100_000, 2_500],
    [250_000, 5_000],
    [500_000, 10_000],
  ],
  ebay_uk: [
    [0, 5],
    [100, 20],
    [500, 50],
    [1_500, 100],
    [6_000, 200],
    [15_000, 500],
    [30_000, 1_000],
    [60_000, 2_000],
    [150_000, 5_000],
    [300_000, 10_000],
  ],
};

/** The step from a price; `null` where the rule is not known here. */
export function incrementAt(increments: Increments | undefined, price: string): string | null {
  const scale = scaleOf(price);
  const at = minor(price, scale);
  const step = stepAt(increments, at, scale);
  return step === null ? null : major(step, scale);
}

/**
 * The amounts that are offered: the minimum, and one and two steps above it. Where the rule of the steps is not known,
 * they are as wide as the one that leads to the minimum.
 */
export function quickBids(increments: Increments | undefined, current: string, minimum: string): string[] {
  const smallest = major(1n, scaleOf(minimum));
  const known = minus(minimum, current);
  const fallback = compare(known, "0") > 0 ? known : smallest;
  const amounts = [minimum];
  for (let last = minimum; amounts.length < 3; amounts.push(last)) {
    last = plus(last, incrementAt(increments, last) ?? fallback);
  }
  return amounts;
}

/**
 * The amounts that are offered where the lowest bid wins: the most that one may bid, and one and two steps below it.
 * Fewer where that leads to nothing.
 */
export function quickBidsDown(increments: Increments | undefined, most: string): string[] {
  const smallest = major(1n, scaleOf(most));
  const amounts = [most];
  for (let last = most; amounts.length < 3; amounts.push(last)) {
    last = minus(last, incrementAt(increments, last) ?? smallest);
    if (compare(last, "0") <= 0) break;
  }
  return amounts;
}

function stepAt(increments: Increments | undefined, price: bigint, scale: number): bigint | null {
  switch (increments?.kind) {
    case "smallest_unit":
      return 1n;
    case "fixed":
      return minor(increments.step, scale);
    case "table":
      return tableStep(rowsOf(increments, scale), price);
    case "percent": {
      // A part of the smallest unit counts as a whole one.
      const exact = (price * BigInt(increments.basis_points) + 9_999n) / 10_000n;
      const floor = minor(increments.floor, scale);
      return exact > floor ? exact : floor;
    }
    case "grid":
      return gridStep(price, 10n ** BigInt(scale));
    default:
      return null;
  }
}

type Bracket = readonly [from: bigint, step: bigint];

function rowsOf({ name, brackets }: Increments & { kind: "table" }, scale: number): Bracket[] {
  if (brackets) return brackets.map(([from, step]) => [minor(from, scale), minor(step, scale)] as const);
  const scaled = (hundredths: number) => (BigInt(hundredths) * 10n ** BigInt(scale)) / 100n;
  return (TABLES[name ?? ""] ?? []).map(([from, step]) => [scaled(from), scaled(step)] as const);
}

/** The bracket is chosen by the price, not by where the step leads. */
function tableStep(rows: readonly Bracket[], price: bigint): bigint | null {
  return rows.findLast(([from]) => from <= price)?.[1] ?? null;
}

/** To the next price of the house grid: the same ladder in every decade, looked at as if it went from 100 to 1000. */
function gridStep(price: bigint, perMajor: bigint): bigint {
  const whole = (price / perMajor).toString();
  const unit = whole.length > 3 ? perMajor * 10n ** BigInt(whole.length - 3) : perMajor;
  const [from, step] = segment(price / unit);
  const past = (price - from * unit) % (step * unit);
  return step * unit - past;
}

/** Where the part of the grid around a price of 0 to 999 begins, and its step. */
function segment(price: bigint): readonly [from: bigint, step: bigint] {
  const hundred = (price / 100n) * 100n;
  const rest = price % 100n;
  if (price < 100n) return [0n, 10n];
  if (price < 200n) return [100n, 10n];
  if (price < 300n) return [200n, 20n];
  if (price >= 500n) return [500n, 50n];
  if (rest < 20n) return [hundred, 20n];
  return rest < 80n ? [hundred + 20n, 30n] : [hundred + 80n, 20n];
}
