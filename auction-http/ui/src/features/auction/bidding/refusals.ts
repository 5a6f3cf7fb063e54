/** Why a bid was not taken, as a sentence. */
import type { Catalogue } from "../../../i18n/en";
import { money } from "../../../i18n/format";
import type { Refusal } from "../../../live/wire";

/** In the reader's language where the code is known, else in the server's words. */
export function sentenceFor(refusal: Refusal, currency: string, t: Catalogue): string {
  const texts = t.auction.refusals;
  const { code, error, minimum_bid, maximum_bid, limit, retry_after } = refusal;
  const amount = (text: string) => money(text, currency);
  if (code === "below_minimum") return minimum_bid ? texts.below_minimum(amount(minimum_bid)) : texts.no_higher;
  if (code === "below_starting_price" && minimum_bid) return texts.below_starting_price(amount(minimum_bid));
  if (code === "exceeds_max_jump" && maximum_bid) return texts.exceeds_max_jump(amount(maximum_bid));
  if (code === "over_limit" && limit) return texts.over_limit(amount(limit));
  if (code === "throttled") return t.problems.throttled(retry_after ?? 1);
  const known = (texts as Record<string, unknown>)[code] ?? (t.problems as Record<string, unknown>)[code];
  return typeof known === "string" ? known : error;
}
