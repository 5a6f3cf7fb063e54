/** How a winner is found: what of it pages have to know. Pure. What is not known here is left alone. */
import type { Auction } from "./wire";

export type Sealing = { revisions?: "one" | "replace"; count?: "hidden" | "shown" };
export type Pricing = "lowest_winning" | "highest_losing" | "pay_as_bid";

export type Format =
  | { kind: "english" }
  | ({ kind: "sealed_first_price" } & Sealing)
  | ({ kind: "vickrey" } & Sealing)
  | { kind: "multi_unit"; quantity?: number; pricing?: Pricing; min_fill?: number; count?: "hidden" | "shown" }
  | { kind: "dutch"; step?: string; interval_s?: number; floor?: string; quantity?: number }
  | { kind: "reverse"; visibility?: "full" | "rank_only"; improvement?: string }
  | { kind: "fixed_price"; quantity?: number };

export type FormatKind = Format["kind"];

export const FORMAT_KINDS: readonly FormatKind[] = [
  "english",
  "sealed_first_price",
  "vickrey",
  "multi_unit",
  "dutch",
  "reverse",
  "fixed_price",
];

type Known = Pick<Auction, "format" | "terms">;

export function formatOf({ format, terms }: Known): Format {
  const written = (terms as Record<string, unknown> | undefined)?.format;
  if (typeof written === "object" && written !== null) {
    const { kind } = written as { kind?: unknown };
    if (FORMAT_KINDS.some((known) => known === kind)) return written as Format;
  }
  return { kind: FORMAT_KINDS.find((known) => known === format) ?? "english" } as Format;
}

/** Which format it is; without the terms where nothing else is needed. */
export function kindOf(auction: Known): FormatKind {
  return formatOf(auction).kind;
}

/** Whether bids are sealed until the end. */
export function isSealed(auction: Known): boolean {
  const kind = kindOf(auction);
  return kind === "sealed_first_price" || kind === "vickrey" || kind === "multi_unit";
}

/** Whether bidders learn their rank, and nothing of others. */
export function isRankOnly(auction: Known): boolean {
  const format = formatOf(auction);
  return format.kind === "reverse" && format.visibility === "rank_only";
}

/** Whether nobody sees what others bid until it is over. */
export function hidesBids(auction: Known): boolean {
  return isSealed(auction) || isRankOnly(auction);
}

/** Whether it is told how many bids came in. */
export function tellsCount(auction: Known): boolean {
  const format = formatOf(auction);
  return !isSealed(auction) || ("count" in format && format.count === "shown");
}

/** Whether units are bought at the price that stands, and there are no bids. */
export function isStock(auction: Known): boolean {
  const kind = kindOf(auction);
  return kind === "dutch" || kind === "fixed_price";
}

/** How many units are sold. */
export function unitsOf(auction: Known): number {
  const format = formatOf(auction);
  return "quantity" in format ? (format.quantity ?? 1) : 1;
}

/** Whether its end is drawn. */
export function isCandle({ terms }: Pick<Auction, "terms">): boolean {
  const closing = (terms as Record<string, unknown> | undefined)?.closing;
  return typeof closing === "object" && closing !== null && (closing as { kind?: unknown }).kind === "candle";
}
