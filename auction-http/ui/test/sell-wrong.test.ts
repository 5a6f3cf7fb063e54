import { describe, expect, test } from "vitest";
import { ApiProblem, type FieldErrors } from "../src/api/problem";
import { sorted, without, wrongOf } from "../src/features/sell/fields";
import en from "../src/i18n/en";
import es from "../src/i18n/es";

const refused = (fields: FieldErrors, code = "invalid") => new ApiProblem(400, code, {}, fields);

/** What the server says of terms that do not go together, and under which field it stands in the form. */
const SAID = [
  ["terms.closing.period_s", "Must not be longer than the auction.", "terms.closing.period_s"],
  ["terms.increments", "Leave no room for a bid below the starting price.", "terms.increments"],
  ["terms.increments", "Leave no room for a bid above the starting price.", "terms.increments"],
  [
    "terms.closing.trigger",
    "Must be `any_accepted` where bids are hidden: others would tell of the lead.",
    "terms.closing",
  ],
] as const;

describe("what the server finds wrong", () => {
  test.each(SAID)("is told in the reader's language: %s %s", (name, sentence, field) => {
    const found = [en, es].map((t) => wrongOf(refused({ [name]: [sentence] }), t).fields[field]?.[0]);
    expect(found.every(Boolean)).toBe(true);
    expect(new Set([...found, sentence]).size).toBe(3);
  });

  test("is told in its own words where they are new, and by its code where no field is wrong", () => {
    expect(wrongOf(refused({ title: ["Is odd."] }), es)).toEqual({ fields: { title: ["Is odd."] }, other: [] });
    expect(wrongOf(refused({}, "illegal_transition"), en).other).toEqual([en.sell.startedMeanwhile]);
    expect(wrongOf(refused({}, "busy"), es).other).toEqual([es.problems.busy]);
  });
});

test("a period that was too long is not wrong any more once the times change", () => {
  const wrong = sorted({ "terms.closing.period_s": ["Too long."] });
  expect(without(wrong, "title")).toEqual(wrong);
  expect(without(wrong, "end").fields).toEqual({});
});
