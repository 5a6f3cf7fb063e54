/** Why a bid was not taken, as a sentence. */
import type { Catalogue } from "../../../i18n/en";
import { count, money } from "../../../i18n/format";
import { kindOf } from "../../../live/format";
import type { Auction, Refusal } from "../../../live/wire";

/** In the reader's language where the code is known, else in the server's words. */
export function sentenceFor(
  refusal: Refusal,
  auction: Pick<Auction, "currency" | "format" | "terms">,
  t: Catalogue,
): string {
  const texts = t.auction.refusals;
  const { code, error, minimum_bid, maximum_bid, limit, retry_after, units_left } = refusal;
  const amount = (text: string) => money(text, auction.currency);
  if (code === "below_minimum" || code === "below_starting_price") {
    const words = minimumWords(auction, t);
    if (!minimum_bid) return words.none;
    return code === "below_minimum" ? words.now(amount(minimum_bid)) : words.first(amount(minimum_bid));
  }
  if (code === "exceeds_max_jump" && maximum_bid) return texts.exceeds_max_jump(amount(maximum_bid));
  if (code === "over_limit" && limit) return texts.over_limit(amount(limit));
  if (code === "throttled") return t.problems.throttled(retry_after ?? 1);
  if (code === "not_enough_units" && units_left !== undefined)
    return t.formats.refusals.left(t.common.units(units_left, count(units_left)));
  const known = (texts as Record<string, unknown>)[code] ?? (t.problems as Record<string, unknown>)[code];
  return typeof known === "string" ? known : error;
}

/** What the server calls the minimum: in reverse auctions it is the most, and of a clock the price. */
function minimumWords(auction: Pick<Auction, "format" | "terms">, t: Catalogue) {
  const { refusals } = t.formats;
  const kind = kindOf(auction);
  if (kind === "reverse") return { now: refusals.most, first: refusals.startingMost, none: refusals.noLower };
  if (kind === "dutch" || kind === "fixed_price")
    return { now: refusals.priceNow, first: refusals.priceNow, none: t.auction.refusals.no_higher };
  const texts = t.auction.refusals;
  return { now: texts.below_minimum, first: texts.below_starting_price, none: texts.no_higher };
}
