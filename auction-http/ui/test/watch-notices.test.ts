import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Gatherer, SILENCE } from "../src/features/watch/gather";
import { factsOf } from "../src/features/watch/words";

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
