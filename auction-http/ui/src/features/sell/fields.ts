/** The fields of the form of a lot, under the names that the server has for them. */
import { type FieldErrors, isProblem } from "../../api/problem";
import type { Catalogue } from "../../i18n/en";
import { fieldSentences, sentenceOf } from "../../i18n/problems";
import { fieldOf } from "./body";
import type { Values } from "./values";

type Labels = Catalogue["sell"]["fields"];
type Label = { [Name in keyof Labels]: Labels[Name] extends string ? Name : never }[keyof Labels];

type Field = { id: string; label: Label; values: readonly (keyof Values)[] };

const field = (id: string, label: Label, ...values: Field["values"]): Field => ({
  id: `lot-${id}`,
  label,
  values,
});

const TIMES = ["start", "startLater", "starts", "end", "endLater", "zone"] as const;

/** In the order in which they stand on the page. */
export const FIELDS = {
  title: field("title", "title", "title"),
  description: field("description", "description", "description"),
  category: field("category", "category", "category"),
  image: field("pictures", "pictures"),
  "terms.format": field("format", "format", "format"),
  "terms.format.quantity": field("quantity", "quantity", "quantity", "format"),
  "terms.format.pricing": field("pricing", "pricing", "pricing", "format"),
  "terms.format.min_fill": field("min-fill", "minFill", "minFill", "quantity", "format"),
  "terms.format.step": field("clock-step", "clockStep", "clockStep", "format"),
  "terms.format.interval_s": field("interval", "interval", "interval", "format"),
  "terms.format.floor": field("clock-floor", "clockFloor", "clockFloor", "price", "format"),
  "terms.format.visibility": field("shows", "shows", "shows", "format"),
  "terms.format.improvement": field("improvement", "improvement", "improvement", "price", "format"),
  "terms.format.revisions": field("revisions", "revisions", "revisions", "format"),
  "terms.format.count": field("count", "count", "count", "format"),
  currency: field("currency", "currency", "currency"),
  starting_price: field("price", "price", "price", "currency"),
  "terms.reserve": field("reserve", "reserve", "reserve", "currency", "format"),
  "terms.reserve_visibility": field("visibility", "visibility", "visibility"),
  start_date_time: field("start", "start", "start", "startLater", "starts", "zone"),
  end_date_time: field("end", "end", "end", "endLater", "zone"),
  "terms.increments": field("increments", "increments", "increments"),
  "terms.increments.step": field("step", "step", "step", "increments"),
  "terms.increments.basis_points": field("percent", "percent", "percent", "increments"),
  "terms.increments.floor": field("floor", "floor", "floor", "increments"),
  "terms.first_bid": field("first-bid", "firstBid", "firstBid"),
  "terms.closing": field("closing", "closing", "closing", "window", "extension", "format", "shows"),
  "terms.closing.period_s": field("period", "period", "period", "closing", ...TIMES),
  "terms.closing.group": field("group", "group", "group", "closing"),
  "terms.retraction": field("retraction", "retraction", "retraction", "freeUntil", "grace", "format", "closing"),
  "terms.join_until": field("join-until", "joinUntil", "joinUntil"),
  "terms.buy_now": field("buy-now", "buyNow", "buyNow", "buyNowRule", "format", "closing"),
  "terms.early_close": field("early-close", "earlyClose", "earlyClose"),
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

const NAMES = Object.keys(FIELDS) as FieldName[];

/** Errors by the fields of this form; `other` are those of none of them. */
export type Wrong = { fields: Partial<Record<FieldName, string[]>>; other: string[] };

export const NOTHING_WRONG: Wrong = { fields: {}, other: [] };

export function sorted(errors: FieldErrors): Wrong {
  const fields: Wrong["fields"] = {};
  const other: string[] = [];
  for (const [name, sentences] of Object.entries(errors)) {
    const known = fieldOf(name, NAMES) as FieldName | null;
    if (known === null) other.push(...sentences.map((sentence) => `${name}: ${sentence}`));
    else fields[known] = [...(fields[known] ?? []), ...sentences];
  }
  return { fields, other };
}

/** What a refusal says of the form, in the reader's language. */
export function wrongOf(problem: unknown, t: Catalogue): Wrong {
  if (isProblem(problem) && Object.keys(problem.fields).length > 0) return sorted(fieldSentences(problem.fields, t));
  const isLate = isProblem(problem) && problem.code === "illegal_transition";
  return { fields: {}, other: [isLate ? t.sell.startedMeanwhile : sentenceOf(problem, t)] };
}

/** What is wrong, less what belonged to a value that has changed since. */
export function without(wrong: Wrong, changed: keyof Values): Wrong {
  const stays = NAMES.filter((name) => !(FIELDS[name].values as readonly string[]).includes(changed));
  const fields: Wrong["fields"] = {};
  for (const name of stays) if (wrong.fields[name]) fields[name] = wrong.fields[name];
  return { ...wrong, fields };
}

/** The wrong fields in the order in which they stand on the page. */
export function inOrder({ fields }: Wrong): { name: FieldName; sentences: string[] }[] {
  return NAMES.flatMap((name) => (fields[name] ? [{ name, sentences: fields[name] }] : []));
}
