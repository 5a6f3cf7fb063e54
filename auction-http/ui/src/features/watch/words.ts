/** Notices in the reader's language, made of what they tell. */
import type { Catalogue } from "../../i18n/en";
import { money } from "../../i18n/format";
import type { NoticeRow } from "../../live/use-notices";

export type NoticeWords = { title: string; sentence: string };

type Name = keyof Catalogue["watch"]["sentences"];

/** What is said of an end, by its result. */
const ENDS: Record<string, Name> = {
  sold: "sold",
  bought_now: "sold",
  reserve_not_met: "unsold",
  no_bids: "no_bids",
  cancelled: "cancelled",
};

/** Under which name the words of a notice stand; `null` where it is of a kind that is not known here. */
function nameOf({ kind, facts }: NoticeRow, t: Catalogue): Name | null {
  const name = kind === "ended" ? (ENDS[facts.result ?? ""] ?? kind) : kind;
  // In reverse auctions people supply.
  const names = facts.is_reverse ? [`${name}_supply`, name] : [name];
  return (names.find((one) => Object.hasOwn(t.watch.sentences, one)) as Name | undefined) ?? null;
}

/** A notice as it is shown: in words of ours where its kind is known, else as the server says it. */
export function wordsOf(notice: NoticeRow, t: Catalogue): NoticeWords {
  // Nodes of an older version send no facts.
  const facts: NoticeRow["facts"] | undefined = notice.facts;
  const name = facts ? nameOf(notice, t) : null;
  if (!facts || name === null) return { title: notice.title, sentence: notice.message };
  const price = facts.price ? money(facts.price, facts.currency) : "";
  return { title: t.watch.kinds[name], sentence: t.watch.sentences[name](facts.lot, price) };
}

const BIDDING = ["outbid", "started", "ending_soon"];

/** Where a notice leads. */
export function placeOf({ kind, auction }: NoticeRow): string {
  return BIDDING.includes(kind) ? `/auction/${auction}/bidding` : `/auction/${auction}`;
}
