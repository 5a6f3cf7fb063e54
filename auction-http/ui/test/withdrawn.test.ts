import { describe, expect, test } from "vitest";
import { standingOf } from "../src/features/auction/bidding/standing";
import { type Change, initial, type LiveState, reduce } from "../src/live/reducer";
import type { PublicEvent } from "../src/live/wire";
import { at, auctionAt, event, frame } from "./house";

const run = (state: LiveState, ...changes: Change[]) => changes.reduce(reduce, state);
const framed = (...input: Parameters<typeof frame>): Change => ({ type: "frame", frame: frame(...input) });
const events = (since: number, found: PublicEvent[]): Change => ({
  type: "events",
  since,
  to: found.at(-1)?.version ?? since,
  events: found,
  sure: true,
});
const start = (version = 0) => initial(auctionAt(version), true);

test("bids that were taken back are forgotten, and those of a leader are left to frames", () => {
  const you = { leading: false, max: "95.00", rank: 2 };
  const ranked = auctionAt(0, { terms: { format: { kind: "reverse", visibility: "rank_only" } } as never });
  const known = run(initial(ranked, true), framed(1, { bids: [] }, 0, you), { type: "withdrew" });
  expect(known.you).toEqual({ leading: false, max: null, rank: null });
  const outbid = run(start(), framed(1, {}, 0, you), { type: "withdrew" });
  expect(outbid.you).toEqual({ leading: false, max: null, rank: null });
  expect(standingOf(outbid)).toBeNull();
  const leading = run(start(), framed(1, {}, 0, { leading: true, max: "95.00" }));
  expect(run(leading, { type: "withdrew" }).you?.max).toBe("95.00");
});

describe("bids that are gone", () => {
  const gone = framed(3, { bids: [], withdrawn: [1], bid_count: 1, current_price: "102.00" });

  test("are struck by a frame, which says all of it", () => {
    const state = run(start(), events(0, []), framed(1), framed(2), gone);
    expect(state.rows.map(({ version, withdrawn }) => [version, withdrawn ?? false])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect(state.stale).toBe(false);
    expect(state.auction.current_price).toBe("102.00");
  });

  test("leave nothing of one's own where they were one's own", () => {
    const you = { leading: false, max: "101.00" };
    const known = run(start(), events(0, [event(1, true)]), framed(1, {}, 0, you), framed(2));
    expect(standingOf(known)).toBe("outbid");
    expect(run(known, framed(3, { bids: [], withdrawn: [2] })).you?.max).toBe("101.00");
    const struck = run(known, gone);
    expect(struck.you?.max).toBeNull();
    expect(standingOf(struck)).toBeNull();
    expect(run(known, framed(3, { bids: [], withdrawn: [1] }, 2, you)).you?.max).toBe("101.00");
  });

  test("are struck however late their rows come", () => {
    const state = run(start(3), gone, events(0, [event(1), event(2)]));
    expect(state.rows.find(({ version }) => version === 1)?.withdrawn).toBe(true);
    expect(state.rows.find(({ version }) => version === 2)?.withdrawn).toBeUndefined();
  });

  test("are struck by an event", () => {
    const withdrawn: PublicEvent = { version: 3, at: at(3), kind: "withdrawn", withdrawal: { versions: [2] } };
    const state = run(start(3), events(0, [event(1), event(2), withdrawn]));
    expect(state.rows.filter((found) => found.withdrawn).map(({ version }) => version)).toEqual([2]);
  });
});
