import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { bytesOf, type Drawing, drawnEnd, verdictOn } from "../src/features/auction/formats/draw";

type Step = { expect?: { drawn_end?: string; ends_at?: string } };
type Example = {
  id: string;
  seed?: string;
  ends_at: string;
  terms: { closing?: { kind: string; period_s: number; sample_s?: number } };
  steps: Step[];
};

/** The engine's own examples. Their auction is that of the tests. */
const EXAMPLES = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../../auction-core/testdata/rules/candle.json", import.meta.url)), "utf8"),
) as Example[];
const AUCTION = 7;

const drawn = EXAMPLES.flatMap(({ id, seed, ends_at, terms: { closing }, steps }) => {
  const end = steps.findLast((step) => step.expect?.drawn_end)?.expect?.drawn_end;
  // A pause has moved the end, or it was called off.
  const last = steps.findLast((step) => step.expect?.ends_at)?.expect?.ends_at ?? ends_at;
  const isDrawn = end !== undefined && !Number.isNaN(Date.parse(end));
  return seed && isDrawn && closing ? [{ id, seed, ends_at: last, end, closing }] : [];
});

const drawing = (more: Partial<Drawing> = {}): Drawing => {
  const seed = "01".repeat(32);
  return {
    auction: AUCTION,
    seed,
    commitment: createHash("sha256").update(Buffer.from(seed, "hex")).digest("hex"),
    endsAt: Date.parse("2026-03-01T15:00:00Z"),
    endedAt: Date.parse("2026-03-01T14:52:43Z"),
    periodS: 600,
    sampleS: 1,
    ...more,
  };
};

describe("the draw of an end", () => {
  test.each(drawn)("is that of the engine: $id", async ({ seed, ends_at, end, closing }) => {
    const bytes = bytesOf(seed);
    if (bytes === null) throw new Error("a seed");
    const endsAt = Date.parse(ends_at);
    const found = await drawnEnd(
      { auction: AUCTION, endsAt, periodS: closing.period_s, sampleS: closing.sample_s ?? 1 },
      bytes,
    );
    expect(new Date(found).toISOString()).toBe(new Date(end).toISOString());
  });

  test("has examples", () => {
    expect(drawn.length).toBeGreaterThan(3);
  });

  test("is right, or it is said what is wrong with it", async () => {
    expect(await verdictOn(drawing())).toEqual({ result: "matches" });
    expect(await verdictOn(drawing({ seed: "02".repeat(32) }))).toEqual({ result: "other_commitment" });
    expect(await verdictOn(drawing({ seed: "x" }))).toEqual({ result: "other_commitment" });
    const other = drawing({ endedAt: Date.parse("2026-03-01T15:00:00Z") });
    expect(await verdictOn(other)).toEqual({ result: "other_end", endedAt: drawing().endedAt });
  });
});
