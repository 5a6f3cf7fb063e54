/** Amounts as people type them, and sums of amounts, exactly. */
import { locale } from "./index";

export type Separators = { group: string; decimal: string };

/** How a language writes numbers. */
export function separatorsOf(language: string): Separators {
  const parts = new Intl.NumberFormat(language, { useGrouping: true }).formatToParts(1234567.5);
  const part = (type: string) => parts.find((found) => found.type === type)?.value;
  return { group: part("group") ?? ",", decimal: part("decimal") ?? "." };
}

/**
 * The amount that somebody typed, as the decimal string that the server reads; `null` where it is none, or could be
 * read in two ways. Groups may be left out, but where they stand they have three digits. A plain decimal point is
 * taken in every language, unless the language groups by it and three digits follow.
 */
export function parseAmount(text: string, scale: number, separators = separatorsOf(locale())): string | null {
  const { group, decimal } = separators;
  const bare = inAscii(text)
    .replace(/\p{Cf}/gu, "")
    .replace(/^[\s\p{Sc}]+|[\s\p{Sc}]+$/gu, "")
    .replace(/\s/g, (space) => (/\s/.test(group) ? group : space));
  const escaped = (mark: string) => mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = `(\\d+|\\d{1,3}(?:${escaped(group)}\\d{3})+)`;
  const local = new RegExp(`^${whole}(?:${escaped(decimal)}(\\d{0,${scale}}))?$`).exec(bare);
  if (local) return joined((local[1] ?? "").split(group).join(""), local[2] ?? "", scale);
  const plain = scale > 0 && new RegExp(`^(\\d+)\\.(\\d{1,${scale}})$`).exec(bare);
  return plain ? joined(plain[1] ?? "", plain[2] ?? "", scale) : null;
}

/** With the digits of other scripts as those of this one. */
function inAscii(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    // Digits stand in rows of ten, which begin where there is no digit before.
    let zero = digit.codePointAt(0) ?? 0;
    const value = zero;
    while (value - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String(value - zero);
  });
}

function joined(whole: string, fraction: string, scale: number): string {
  const digits = whole.replace(/^0+(?=\d)/, "");
  return scale === 0 ? digits : `${digits}.${fraction.padEnd(scale, "0")}`;
}

/** An amount as somebody in this language would type it, without its currency. */
export function typed(amount: string, separators = separatorsOf(locale())): string {
  return amount.replace(".", separators.decimal);
}

/** How many decimals an amount has. */
export function scaleOf(amount: string): number {
  return amount.split(".")[1]?.length ?? 0;
}

/** An amount in the smallest units of a currency with so many decimals. */
export function minor(amount: string, scale: number): bigint {
  const [whole = "0", fraction = ""] = amount.split(".");
  return BigInt(whole + fraction.padEnd(scale, "0").slice(0, scale));
}

/** The amount of so many smallest units. */
export function major(units: bigint, scale: number): string {
  const digits = units.toString().padStart(scale + 1, "0");
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `one + times * other`. */
export function plus(one: string, other: string, times = 1): string {
  const scale = Math.max(scaleOf(one), scaleOf(other));
  return major(minor(one, scale) + BigInt(times) * minor(other, scale), scale);
}

/** `one - other`, at least nothing. */
export function minus(one: string, other: string): string {
  const scale = Math.max(scaleOf(one), scaleOf(other));
  const difference = minor(one, scale) - minor(other, scale);
  return major(difference > 0n ? difference : 0n, scale);
}

/** Below, at or above zero as `one` is less than, equal to or more than `other`. */
export function compare(one: string, other: string): number {
  const scale = Math.max(scaleOf(one), scaleOf(other));
  const [a, b] = [minor(one, scale), minor(other, scale)];
  return a < b ? -1 : a > b ? 1 : 0;
}
