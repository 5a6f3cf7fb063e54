/** Notices in the reader's language. The server writes them in English; what they tell of is read out of that. */
import type { Catalogue } from "../../i18n/en";
import { money } from "../../i18n/format";
import type { NoticeRow } from "../../live/use-notices";

export type NoticeWords = { title: string; sentence: string };

type Kind = keyof Catalogue["watch"]["sentences"];

/** The lot and the price that the server's sentence names; the lot is `null` where it names none. */
export function factsOf(message: string): { lot: string | null; price: [amount: string, currency: string] | null } {
  const lot = /“(.*)”/s.exec(message)?.[1] ?? null;
  const rest = lot === null ? message : message.replace(`“${lot}”`, "");
  // Times are written `12:00 UTC`.
  const price = /(?<![:\d.])(\d+(?:\.\d+)?) (?!UTC)([A-Z]{3})\b/.exec(rest);
  return { lot, price: price ? [price[1] ?? "", price[2] ?? ""] : null };
}

/** Which words of ours a notice has. The server's sentences of reverse auctions, in which people supply, say so. */
function kindOf({ kind, message }: NoticeRow, lot: string): string {
  const said = message.replace(`“${lot}”`, "");
  if (kind === "ended" && /called off/.test(said)) return "cancelled";
  return /\bsuppl(?:y|ies|ied)\b/.test(said) ? `${kind}_supply` : kind;
}

/** A notice as it is shown: in words of ours where its kind is known, else as the server says it. */
export function wordsOf(notice: NoticeRow, t: Catalogue): NoticeWords {
  const { lot, price } = factsOf(notice.message);
  const kind = lot === null ? null : kindOf(notice, lot);
  if (lot === null || kind === null || !(kind in t.watch.sentences)) {
    return { title: notice.title, sentence: notice.message };
  }
  const known = kind as Kind;
  const shown = price ? money(...price) : "";
  return { title: t.watch.kinds[known], sentence: t.watch.sentences[known](lot, shown) };
}

const BIDDING = ["outbid", "started", "ending_soon"];

/** Where a notice leads. */
export function placeOf({ kind, auction }: NoticeRow): string {
  return BIDDING.includes(kind) ? `/auction/${auction}/bidding` : `/auction/${auction}`;
}
