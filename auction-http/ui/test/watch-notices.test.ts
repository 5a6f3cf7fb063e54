import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Gatherer, SILENCE } from "../src/features/watch/gather";
import { wordsOf } from "../src/features/watch/words";
import en from "../src/i18n/en";
import es from "../src/i18n/es";
import type { NoticeRow } from "../src/live/use-notices";

describe("the words of a notice", () => {
  beforeAll(() => void vi.stubGlobal("navigator", { languages: ["en-US"] }));
  afterAll(() => void vi.unstubAllGlobals());
  const { kinds, sentences } = en.watch;
  const FACTS: NoticeRow["facts"] = { lot: "A lamp", price: "1200.00", currency: "USD", is_reverse: false };
  const row = (kind: string, facts?: Partial<NoticeRow["facts"]>): NoticeRow => ({
    id: 1,
    kind,
    title: "The server's title",
    message: "The server's sentence.",
    facts: { ...FACTS, ...facts },
    auction: 7,
    is_read: false,
    created_at: "2026-01-01T12:00:00Z",
  });
  const said = (kind: string, facts?: Partial<NoticeRow["facts"]>, t = en) => wordsOf(row(kind, facts), t);

  test("are those of its kind, with the lot and the price", () => {
    expect(said("outbid")).toEqual({ title: kinds.outbid, sentence: "Somebody else leads “A lamp” at $1,200.00." });
    expect(said("outbid", { price: null }).sentence).toBe("Somebody else leads “A lamp”.");
    expect(said("payment_due", { price: "1200", currency: "JPY" }).sentence).toBe("¥1,200 is to be paid for “A lamp”.");
    expect(said("won", undefined, es as never).sentence).toMatch(/^«A lamp» es tuyo por/);
  });

  test("of an end follow its result", () => {
    expect(said("ended", { result: "sold" }).sentence).toBe("“A lamp” was sold for $1,200.00.");
    expect(said("ended", { result: "bought_now" }).sentence).toBe("“A lamp” was sold for $1,200.00.");
    expect(said("ended", { result: "sold", price: null }).sentence).toBe("“A lamp” was sold.");
    expect(said("ended", { result: "reserve_not_met" }).sentence).toBe(sentences.unsold("A lamp"));
    expect(said("ended", { result: "no_bids" }).sentence).toBe(sentences.no_bids("A lamp"));
    expect(said("ended", { result: "cancelled" })).toEqual({
      title: kinds.cancelled,
      sentence: sentences.cancelled("A lamp"),
    });
    expect(said("ended", { result: null }).sentence).toBe(sentences.ended("A lamp"));
    expect(said("ended", { result: "unheard_of" }).sentence).toBe(sentences.ended("A lamp"));
  });

  test("are those of suppliers in reverse auctions", () => {
    const isReverse = { is_reverse: true, price: "8.00" };
    expect(said("won", isReverse)).toEqual({ title: kinds.won_supply, sentence: "You supply “A lamp” for $8.00." });
    expect(said("lost", isReverse).sentence).toBe(sentences.lost_supply("A lamp", "$8.00"));
    expect(said("ended", { ...isReverse, result: "sold" }).sentence).toBe(sentences.sold_supply("A lamp", "$8.00"));
    expect(said("ended", { ...isReverse, result: "reserve_not_met" }).sentence).toBe(sentences.unsold_supply("A lamp"));
    expect(said("ended", { ...isReverse, result: "no_bids" }).sentence).toBe(sentences.no_bids("A lamp"));
    expect(said("reserve_not_met", isReverse).title).toBe(kinds.reserve_not_met_supply);
    expect(said("outbid", isReverse).sentence).toBe(sentences.outbid("A lamp", "$8.00"));
  });

  test("hold a title that looks like them, and nothing of it is read", () => {
    const lot = "“You supply”, called off at 5.00 EUR <b>";
    expect(said("won", { lot }).sentence).toBe(`“${lot}” is yours for $1,200.00.`);
  });

  test("are the server's where the kind is not known, and where an older server tells no facts", () => {
    const its = { title: "The server's title", sentence: "The server's sentence." };
    for (const kind of ["unheard_of", "toString", "__proto__"]) expect(said(kind)).toEqual(its);
    expect(wordsOf({ ...row("won"), facts: undefined as never }, en)).toEqual(its);
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
