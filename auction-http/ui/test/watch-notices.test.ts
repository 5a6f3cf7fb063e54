import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Gatherer, SILENCE } from "../src/features/watch/gather";
import { factsOf, wordsOf } from "../src/features/watch/words";
import en from "../src/i18n/en";

describe("the facts of a notice", () => {
  test("are the lot and the price of the server's sentence", () => {
    expect(
      factsOf("Somebody else leads the auction of “A lamp” at 1200.00 USD. It ends on 1 January 2026 at 12:00 UTC."),
    ).toEqual({ lot: "A lamp", price: ["1200.00", "USD"] });
    expect(factsOf("1200 JPY is to be paid for “A lamp”.")).toEqual({ lot: "A lamp", price: ["1200", "JPY"] });
  });

  test("are no price where only a time stands there", () => {
    const said = "The auction of “A lamp” ends on 1 January 2026 at 12:00:30 UTC. Nobody has bid yet.";
    expect(factsOf(said)).toEqual({ lot: "A lamp", price: null });
  });

  test("are not taken from a title that looks like them", () => {
    expect(factsOf("Bidding on “The “best” 5.00 EUR <b>coin</b>” is open.")).toEqual({
      lot: "The “best” 5.00 EUR <b>coin</b>",
      price: null,
    });
  });

  test("are none where no lot is named", () => {
    expect(factsOf("The house is closed.").lot).toBeNull();
  });
});

describe("the words of a notice", () => {
  beforeAll(() => void vi.stubGlobal("navigator", { languages: ["en-US"] }));
  afterAll(() => void vi.unstubAllGlobals());
  const said = (kind: string, message: string) =>
    wordsOf({ id: 1, kind, title: "T", message, created_at: "2026-01-01T12:00:00Z", is_read: false } as never, en);

  test("are those of suppliers where the server speaks of supplying", () => {
    const { kinds, sentences } = en.watch;
    for (const [kind, message, known] of [
      ["won", "You supply “A lamp” for 8.00 USD.", "won_supply"],
      ["lost", "Somebody else supplies “A lamp” for 8.00 USD.", "lost_supply"],
      ["ended", "“A lamp” is supplied for 8.00 USD.", "ended_supply"],
    ] as const) {
      expect(said(kind, message)).toEqual({ title: kinds[known], sentence: sentences[known]("A lamp", "$8.00") });
    }
    const missed = "The auction of “A lamp” ended above its limit: nobody supplies it.";
    expect(said("reserve_not_met", missed).title).toBe(kinds.reserve_not_met_supply);
  });

  test("are those of buyers whatever the title of the lot says", () => {
    const { sentences } = en.watch;
    const lot = "You supply, called off";
    expect(said("won", `“${lot}” is yours for 8.00 USD.`).sentence).toBe(sentences.won(lot, "$8.00"));
    expect(said("ended", `“${lot}” was sold for 8.00 USD.`).sentence).toBe(sentences.ended(lot, "$8.00"));
    expect(said("ended", `The auction of “${lot}” was called off.`).sentence).toBe(sentences.cancelled(lot));
  });
});

describe("things that come quickly", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("are said at once if it was silent, and then together after the silence", () => {
    const said: number[][] = [];
    const gatherer = new Gatherer<number>((things) => said.push(things));
    gatherer.add(1);
    gatherer.add(2);
    gatherer.add(3);
    expect(said).toEqual([[1]]);
    vi.advanceTimersByTime(SILENCE - 1);
    expect(said).toEqual([[1]]);
    vi.advanceTimersByTime(1);
    expect(said).toEqual([[1], [2, 3]]);
    vi.advanceTimersByTime(2 * SILENCE);
    gatherer.add(4);
    expect(said).toEqual([[1], [2, 3], [4]]);
  });

  test("are not said any more after it was stopped", () => {
    const said: number[][] = [];
    const gatherer = new Gatherer<number>((things) => said.push(things));
    gatherer.add(1);
    gatherer.add(2);
    gatherer.stop();
    vi.advanceTimersByTime(2 * SILENCE);
    expect(said).toEqual([[1]]);
  });
});
