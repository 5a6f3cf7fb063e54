/** Refusals as sentences for people. */
import { type FieldErrors, isProblem } from "../api/problem";
import type { Catalogue } from "./en";

type FieldTexts = Catalogue["problems"]["fields"];

/** What the server says about fields, which has no codes: each sentence, and the text that takes its place. */
const FIELD_SENTENCES: [RegExp, keyof FieldTexts][] = [
  [/^This field (is required|may not be null|may not be blank)\.$/, "required"],
  [/^Ensure this field has no more than (\d+) (?:characters|bytes)\.$/, "tooLong"],
  [/^Control characters are not allowed\.$/, "control"],
  [/^Enter a valid email address\.$/, "email"],
  [/^This password is too short\. It must contain at least (\d+) characters\.$/, "passwordShort"],
  [/^This password is too common\.$/, "passwordCommon"],
  [/^This password is entirely numeric\.$/, "passwordNumeric"],
  [/^The password is too similar to the email address\.$/, "passwordLikeEmail"],
  [/^The password is too similar to the name\.$/, "passwordLikeName"],
  [/^Use only letters, digits and the characters \. _ \+ -$/, "username"],
  [/^A user with that username already exists\.$/, "usernameTaken"],
  [/^Enter a valid date in the form YYYY-MM-DD\.$/, "date"],
  [/^Enter a date between (\d+)-01-01 and today\.$/, "birthDate"],
  [/^Enter a valid URL that begins with http:\/\/ or https:\/\/\.$/, "website"],
  [/^A valid integer is required\.$/, "whole"],
  [/^A valid number is required/, "number"],
  [/^The submitted file is empty\.$/, "fileEmpty"],
  [/^Send a picture in one of the formats JPEG, PNG, WebP and GIF\.$/, "fileKind"],
  [/^The picture has too many pixels: one of this kind may have (\d+)\.$/, "filePixels"],
  [/^Must not be longer than the auction\.$/, "longerThanAuction"],
  [/^Leave no room for a bid below the starting price\.$/, "noRoomBelow"],
  [/^Leave no room for a bid above the starting price\.$/, "noRoomAbove"],
  [/^Must be `any_accepted` where bids are hidden/, "telltaleEnd"],
  [/^The picture could not be read\. It may be damaged\.$/, "fileBroken"],
];

/** A sentence for what went wrong, in the reader's language where the catalogue knows it. */
export function sentenceOf(error: unknown, t: Catalogue): string {
  if (!isProblem(error)) return t.problems.internal;
  if (error.code === "throttled") return t.problems.throttled(Number(error.data.retry_after ?? 60));
  const known = (t.problems as Record<string, unknown>)[error.code];
  if (typeof known === "string") return known;
  return typeof error.data.detail === "string" ? error.data.detail : t.problems.internal;
}

/** A sentence about a field, in the reader's language where the catalogue knows it, or else as the server said it. */
export function fieldSentence(sentence: string, t: Catalogue): string {
  for (const [pattern, name] of FIELD_SENTENCES) {
    const match = pattern.exec(sentence);
    if (!match) continue;
    const text = t.problems.fields[name];
    return typeof text === "string" ? text : text(match[1] ?? "");
  }
  return sentence;
}

/** What is wrong with each field, in the reader's language. */
export function fieldSentences(fields: FieldErrors, t: Catalogue): FieldErrors {
  return Object.fromEntries(
    Object.entries(fields).map(([name, sentences]) => [name, sentences.map((sentence) => fieldSentence(sentence, t))]),
  );
}
