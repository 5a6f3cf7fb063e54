/** The terms of a format in words. Pure. */
import { major, scaleOf } from "../../../i18n/amount";
import type { Catalogue } from "../../../i18n/en";
import { count, lengthOf, money } from "../../../i18n/format";
import { formatOf, tellsCount } from "../../../live/format";
import type { Auction } from "../../../live/wire";

export type Fact = readonly [label: string, text: string];

/** How it goes, where the price begins, and what else the format asks for. */
export function formatFacts(auction: Auction, t: Catalogue): Fact[] {
  const { facts, how } = t.formats;
  const { starting_price, currency } = auction;
  const format = formatOf(auction);
  const sum = (amount: string) => money(amount, currency);
  const units = (number: number) => t.common.units(number, count(number));
  const kind: Fact = [t.formats.format, `${t.common.formats[format.kind]}. ${how[format.kind]}`];
  const start: Fact = [t.auction.facts.startingPrice, sum(starting_price)];
  const seen: Fact = [facts.shown, tellsCount(auction) ? facts.countShown : facts.countHidden];
  switch (format.kind) {
    case "english":
      return [kind, start];
    case "sealed_first_price":
    case "vickrey":
      return [kind, start, [facts.revisions, format.revisions === "replace" ? facts.replace : facts.one], seen];
    case "multi_unit": {
      const all: Fact[] = [
        kind,
        [facts.units, units(format.quantity ?? 1)],
        start,
        [facts.pays, t.formats.pricing[format.pricing ?? "lowest_winning"]],
      ];
      const { min_fill = 1 } = format;
      return min_fill > 1 ? [...all, [facts.minFill, facts.fill(units(min_fill))], seen] : [...all, seen];
    }
    case "dutch": {
      const falls = facts.byClock(sum(format.step ?? "0"), lengthOf(format.interval_s ?? 1), sum(format.floor ?? "0"));
      const all: Fact[] = [kind, [facts.starts, sum(starting_price)], [facts.falls, falls]];
      return (format.quantity ?? 1) > 1 ? [...all, [facts.units, units(format.quantity ?? 1)]] : all;
    }
    case "reverse": {
      const improvement = format.improvement ?? major(1n, scaleOf(starting_price));
      return [
        kind,
        [facts.most, sum(starting_price)],
        [facts.shown, format.visibility === "rank_only" ? facts.rankOnly : facts.full],
        [facts.improvement, facts.lower(sum(improvement))],
      ];
    }
    case "fixed_price":
      return [kind, [facts.eachPrice, sum(starting_price)], [facts.units, units(format.quantity ?? 1)]];
  }
}
