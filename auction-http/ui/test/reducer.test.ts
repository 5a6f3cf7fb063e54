import { describe, expect, test } from "vitest";
import { BACK_AFTER, type Change, initial, type LiveState, reduce } from "../src/live/reducer";
import { covering, gapIn, merged } from "../src/live/rows";
import type { Frame, PublicEvent, Row } from "../src/live/wire";
import { answer, at, auctionAt, chance, event, frame, millis, row, shuffled } from "./house";

const ME = "m***e@x.org";
const run = (state: LiveState, ...changes: Change[]) => changes.reduce(reduce, state);
const framed = (...input: Parameters<typeof frame>): Change => ({ type: "frame", frame: frame(...input) });
const events = (since: number, found: PublicEvent[], sure = true): Change => ({
  type: "events",
  since,
  to: found.at(-1)?.version ?? since,
  events: found,
  sure,
});
const versions = (state: LiveState) => state.rows.map((found) => found.version);
const start = (version = 0, isSignedIn = true) => initial(auctionAt(version), isSignedIn);

describe("the order in which things come", () => {
  test("frames that follow each other leave no hole", () => {
    const state = run(start(), events(0, []), framed(1), framed(2), framed(3));
    expect(versions(state)).toEqual([3, 2, 1]);
    expect(state.missingSince).toBeNull();
    expect(state.auction.current_price).toBe("103.00");
  });

  test("a frame twice is there once", () => {
    const once = run(start(), framed(1));
    const twice = run(once, framed(1));
    expect(versions(twice)).toEqual([1]);
    expect(twice.rows).toBe(once.rows);
  });

  test("an older frame never replaces a newer one, but its rows count", () => {
    const state = run(start(), framed(2), framed(1));
    expect(state.auction.version).toBe(2);
    expect(state.auction.current_price).toBe("102.00");
    expect(versions(state)).toEqual([2, 1]);
  });

  test("an older answer never replaces a newer frame, but says who one is", () => {
    const late = auctionAt(1, { is_participant: false, leading: true });
    const state = run(start(), framed(3), { type: "fetched", auction: late });
    expect(state.auction.version).toBe(3);
    expect(state.auction.leading).toBe(false);
    expect(state.auction.is_participant).toBe(false);
  });

  test("a frame that was painted before the answer does not take the status back", () => {
    const opened = auctionAt(1, { status: "started", server_time: millis(50) });
    const state = run(start(), { type: "fetched", auction: opened }, framed(1, { status: "scheduled" }));
    expect(state.auction.status).toBe("started");
  });

  test("an answer that was read before a frame of the same version does not take the status back", () => {
    const state = run(start(), framed(1, { server_time: millis(9) }), {
      type: "fetched",
      auction: auctionAt(1, { status: "scheduled", server_time: millis(8) }),
    });
    expect(state.auction.status).toBe("started");
  });

  test("an answer without a token says nothing of oneself", () => {
    const leading = run(start(), { type: "fetched", auction: auctionAt(1, { leading: true }) });
    const state = run(leading, {
      type: "fetched",
      auction: auctionAt(1, { is_participant: false, server_time: millis(90) }),
      asStranger: true,
    });
    expect(state.auction.is_participant).toBe(true);
    expect(state.auction.leading).toBe(true);
  });
});

describe("holes", () => {
  test("a frame that skips versions leaves a hole, which events fill", () => {
    const holed = run(start(), events(0, []), framed(1), framed(5));
    expect(holed.missingSince).toBe(1);
    const filled = run(holed, events(1, [event(2), event(3), event(4)]));
    expect(filled.missingSince).toBeNull();
    expect(versions(filled)).toEqual([5, 4, 3, 2, 1]);
  });

  test("an answer that is ahead of the frames leaves a hole until their rows come", () => {
    const ahead = run(start(), events(0, []), framed(1), { type: "fetched", auction: auctionAt(3) });
    expect(ahead.missingSince).toBe(1);
    expect(run(ahead, framed(2), framed(3)).missingSince).toBeNull();
  });

  test("a page that is full leaves the rest missing", () => {
    const state = run(start(), events(0, []), framed(9), events(0, [event(1), event(2)]));
    expect(state.missingSince).toBe(2);
    expect(
      run(
        state,
        events(
          2,
          [3, 4, 5, 6, 7, 8].map((version) => event(version)),
        ),
      ).missingSince,
    ).toBeNull();
  });

  test("versions without rows are no holes", () => {
    const state = run(start(3), { type: "events", since: 0, to: 3, events: [event(1)], sure: true });
    expect(state.missingSince).toBeNull();
    expect(state.hasOlder).toBe(false);
  });

  test("what lies before the first page is older, and not missing", () => {
    const state = run(start(900), { type: "events", since: 400, to: 900, events: [event(900)], sure: true });
    expect(state.hasOlder).toBe(true);
    expect(state.missingSince).toBeNull();
    const all = run(state, { type: "events", since: 0, to: 400, events: [event(400)], sure: true });
    expect(all.hasOlder).toBe(false);
  });

  test("spans are joined where they touch", () => {
    const spans = [
      [0, 2],
      [5, 7],
    ] as const;
    expect(covering(spans, [3, 4])).toEqual([
      [0, 2],
      [3, 4],
      [5, 7],
    ]);
    expect(covering(spans, [2, 5])).toEqual([[0, 7]]);
    expect(covering(spans, [5, 6])).toBe(spans);
    expect(gapIn(spans, 7)).toBe(2);
    expect(gapIn([[0, 7]], 7)).toBeNull();
  });
});

describe("whose a row is", () => {
  const you = (leading: boolean, max: string | null = null) => ({ leading, max });
  const named = run(start(), events(0, []), { type: "named", names: ["me@x.org", ME] });

  test("rows of frames are other people's where they are called otherwise", () => {
    expect(run(named, framed(1)).rows[0]?.is_you).toBe(false);
    expect(run(named, framed(1)).unclear).toBeNull();
  });

  test("the newest row of a frame in which one leads is one's own", () => {
    const last_vote = { user: ME, price: "101.00" };
    const state = run(named, framed(1, { bids: [row(1, { user: ME })], last_vote }, 0, you(true)));
    expect(state.rows[0]?.is_you).toBe(true);
  });

  test("where somebody is called alike, the server is asked", () => {
    const state = run(named, framed(1, { bids: [row(1, { user: ME })] }));
    expect(state.rows[0]?.is_you).toBeUndefined();
    expect(state.unclear).toBe(1);
    const told = run(state, events(0, [event(1, false)]));
    expect(told.rows[0]?.is_you).toBe(false);
    expect(told.unclear).toBeNull();
  });

  test("what the server said is not replaced by what a frame lets one guess", () => {
    const told = run(named, events(0, [{ ...event(1), bid: row(1, { user: "Bidder 2", is_you: true }) }]));
    expect(run(told, framed(1)).rows[0]?.is_you).toBe(true);
  });

  test("a replay of the socket is the same for everybody, and does not say whose a row is", () => {
    const state = run(named, events(0, [event(1, false)], false));
    expect(state.unclear).toBe(1);
  });

  test("an alias is learned from a frame in which one leads", () => {
    const last_vote = { user: "Bidder 3", price: "101.00" };
    const state = run(named, framed(1, { bids: [row(1, { user: "Bidder 3" })], last_vote }, 0, you(true)));
    expect(state.names).toContain("Bidder 3");
    expect(run(state, framed(2)).rows[0]?.is_you).toBe(false);
  });

  test("to a visitor no row is their own", () => {
    expect(run(start(0, false), framed(1)).rows[0]?.is_you).toBe(false);
  });
});

describe("who leads", () => {
  const leading = run(start(), { type: "fetched", auction: auctionAt(1, { leading: true }) });

  test("a newer frame without a word about oneself means that one does not", () => {
    expect(run(leading, framed(2)).auction.leading).toBe(false);
  });

  test("one's own copy counts", () => {
    const state = run(start(), framed(1, {}, 0, { leading: true, max: "200.00" }));
    expect(state.auction.leading).toBe(true);
    expect(state.you).toEqual({ leading: true, max: "200.00" });
  });

  test("an early own copy of the same version still tells the maximum", () => {
    const state = run(leading, framed(1, { server_time: millis(0) }, 0, { leading: true, max: "200.00" }));
    expect(state.you?.max).toBe("200.00");
  });

  test("who led before somebody bought the lot has not bought it", () => {
    const sold = { result: "bought_now", price: "900.00", winner: "o***r@x.org" } as const;
    const state = run(leading, framed(2, { status: "ended", outcome: sold }, 1, { leading: true, max: "200.00" }));
    expect(state.auction.leading).toBe(false);
    expect(state.you?.leading).toBe(false);
    expect(state.stale).toBe(true);
  });

  test("signing out forgets what is one's own", () => {
    const state = run(leading, framed(2, {}, 1, { leading: true, max: "200.00" }), {
      type: "viewer",
      isSignedIn: false,
    });
    expect(state.you).toBeNull();
    expect(state.rows).toEqual([]);
    expect(state.auction.leading).toBe(false);
    expect(state.auction.is_participant).toBe(false);
  });
});

describe("bids of one's own", () => {
  const sent = run(start(), { type: "sent", bid: { id: "k", kind: "max", amount: "150.00" } });

  test("an accepted bid that leads", () => {
    const state = run(sent, { type: "answered", answer: answer("k", 1, true) });
    expect(state.pending).toEqual([]);
    expect(state.reply).toEqual({ result: "leading", amount: "150.00", kind: "max", price: "101.00" });
    expect(state.you).toEqual({ leading: true, max: "150.00" });
  });

  test("an accepted bid that an earlier maximum beats at once", () => {
    const state = run(sent, { type: "answered", answer: answer("k", 2, false) });
    expect(state.reply).toMatchObject({ result: "outbid_at_once", price: "102.00", minimum: "103.00" });
  });

  test("a refused bid tells the new minimum, and never a lower one", () => {
    const refusal = { id: "k", error: "Bid must be at least 120.00.", code: "below_minimum", minimum_bid: "120.00" };
    const state = run(sent, { type: "refused", refusal });
    expect(state.reply).toMatchObject({ result: "refused", amount: "150.00", refusal });
    expect(state.auction.minimum_bid).toBe("120.00");
    const again = run(state, { type: "sent", bid: { id: "l", kind: "price", amount: "1.00" } });
    const lower = run(again, { type: "refused", refusal: { ...refusal, id: "l", minimum_bid: "9.00" } });
    expect(lower.auction.minimum_bid).toBe("120.00");
  });

  test("answers to what was not asked change nothing", () => {
    expect(run(sent, { type: "answered", answer: answer("other", 1, true) })).toBe(sent);
    expect(run(sent, { type: "lost", id: "other" })).toBe(sent);
  });

  test("a bid whose answer never came is neither taken nor refused", () => {
    expect(run(sent, { type: "lost", id: "k" }).reply).toEqual({ result: "unknown", amount: "150.00" });
  });

  test("a late answer does not undo what a frame has told since", () => {
    const outbid = run(sent, framed(3, {}, 0, { leading: false, max: "150.00" }));
    expect(run(outbid, { type: "answered", answer: answer("k", 1, true) }).you?.leading).toBe(false);
  });
});

describe("what only the auction itself can tell", () => {
  test("a change of status or title is asked for", () => {
    expect(run(start(), framed(1, { status: "paused" })).stale).toBe(true);
    expect(run(start(), framed(1, { title: "Another" })).stale).toBe(true);
    expect(run(start(), framed(1)).stale).toBe(false);
  });

  test("an event that no frame spells out is asked for, once", () => {
    const state = run(start(), framed(1, { bids: [] }));
    expect(state.stale).toBe(true);
    expect(run(state, { type: "fetched", auction: auctionAt(1, { server_time: millis(2) }) }).stale).toBe(false);
  });

  test("a moved end is an extension, known once, and its event makes it exact", () => {
    const later = frame(2, { ends_at: at(3700), bids: [row(1)] }, 0);
    const state = run(start(), { type: "frame", frame: later });
    expect(state.extensions).toMatchObject([{ version: 2, ends_at: at(3700) }]);
    expect(state.stale).toBe(false);
    const exact: PublicEvent = { version: 2, at: at(1), kind: "extended", ends_at: at(3700) };
    expect(run(state, events(1, [exact])).extensions).toEqual([{ version: 2, at: at(1), ends_at: at(3700) }]);
  });

  test("a server that has lost a version is believed once it is late enough", () => {
    const state = run(start(), framed(5), framed(2, { server_time: millis(6) }));
    expect(state.stale).toBe(true);
    const soon = auctionAt(2, { server_time: millis(5) + BACK_AFTER });
    expect(run(state, { type: "fetched", auction: soon }).auction.version).toBe(5);
    const late = auctionAt(2, { server_time: millis(5) + BACK_AFTER + 1 });
    const back = run(state, { type: "fetched", auction: late });
    expect(back.auction.version).toBe(2);
    expect(back.rows).toEqual([]);
  });
});

describe("rows", () => {
  test("new rows are put before the others, whatever their order", () => {
    expect(merged([row(2), row(1)], [row(3), row(4)], false).map(({ version }) => version)).toEqual([4, 3, 2, 1]);
  });

  test("rows that interleave are merged, and rows that are twice are once", () => {
    const found = merged([row(5), row(3), row(1)], [row(2), row(4), row(4), row(3)], true);
    expect(found.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
  });
});

/** A history, the frames of its commits, and everything that may be asked about it. */
function history(random: () => number) {
  const all: PublicEvent[] = [];
  const frames: Frame[] = [];
  let ends = 3600;
  while (all.length < 60) {
    const previous = all.length;
    const size = 1 + Math.floor(random() * 3);
    for (let index = 0; index < size; index += 1) {
      const version = all.length + 1;
      const mine = random() < 0.3;
      const user = mine ? ME : random() < 0.2 ? ME : "b***b@x.org";
      if (random() < 0.15) {
        ends += 10;
        all.push({ version, at: at(version), kind: "extended", ends_at: at(ends) });
      } else {
        const bid: Row = row(version, { user, is_you: mine });
        all.push({ version, at: at(version), kind: "bid", bid });
      }
    }
    const commit = all.slice(previous);
    const bids = commit.flatMap(({ bid }) => (bid ? [{ ...bid, is_you: undefined }] : []));
    frames.push(frame(all.length, { bids, ends_at: at(ends) }, previous));
  }
  return { all, frames };
}

describe("any order", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    test(`of frames, answers, pages and replays ends the same (seed ${seed})`, () => {
      const random = chance(seed);
      const { all, frames } = history(random);
      const last = all.length;
      const known = frames.filter(() => random() < 0.7).map((found): Change => ({ type: "frame", frame: found }));
      const pages = Array.from({ length: 6 }, (): Change => {
        const since = Math.floor(random() * last);
        return events(since, all.slice(since, since + 1 + Math.floor(random() * 20)), random() < 0.5);
      });
      const answers = frames
        .filter(() => random() < 0.2)
        .map(
          (found): Change => ({ type: "fetched", auction: auctionAt(found.version, { effective_end: found.ends_at }) }),
        );
      const newest = frames.at(-1) as Frame;
      let state = run(
        initial(auctionAt(0), true),
        { type: "named", names: ["me@x.org", ME] },
        ...shuffled(
          [...known, ...known.slice(0, 5), ...pages, ...answers, { type: "frame", frame: newest } as Change],
          random,
        ),
      );
      // What the page does until nothing is missing.
      for (let tries = 0; tries < 100; tries += 1) {
        const first = state.covered[0];
        const since = state.missingSince ?? (state.unclear === null ? null : state.unclear - 1);
        if (since !== null) state = run(state, events(since, all.slice(since, since + 25)));
        else if (first && first[0] > 0) state = run(state, events(0, all.slice(0, first[0])));
        else break;
      }
      expect(state.missingSince).toBeNull();
      expect(state.hasOlder).toBe(false);
      expect(state.auction.version).toBe(last);
      expect(state.auction.effective_end).toBe(newest.ends_at);
      const expected = all.flatMap(({ bid }) => (bid ? [bid] : [])).reverse();
      expect(state.rows).toEqual(expected);
    });
  }
});

describe("formats", () => {
  const sealed = (more: object = {}) => auctionAt(0, { terms: { format: { kind: "vickrey", ...more } } as never });
  const sent: Change = { type: "sent", bid: { id: "a", kind: "price", amount: "120.00" } };

  test("a sealed bid came in, and nobody is told how they stand", () => {
    const state = run(initial(sealed(), true), sent, { type: "answered", answer: answer("a", 1, false) });
    expect(state.reply).toMatchObject({ result: "received", amount: "120.00" });
    expect(state.you).toMatchObject({ leading: false, max: "120.00" });
    expect(state.placed).toEqual([]);
  });

  test("bids for units add up to what the frame says", () => {
    const multi = auctionAt(0, { terms: { format: { kind: "multi_unit", quantity: 5 } } as never });
    const bid = { id: "a", kind: "price", amount: "20.00", quantity: 2 } as const;
    const known = run(initial(multi, true), framed(0, {}, 0, { leading: false, max: "60.00" }));
    const state = run(known, { type: "sent", bid }, { type: "answered", answer: answer("a", 1, false) });
    expect(state.reply).toMatchObject({ result: "received", quantity: 2 });
    expect(state.you?.max).toBe("60.00");
  });

  test("where bids are hidden a version without a row is no reason to ask", () => {
    const received = framed(1, { bids: [], bid_count: 1 });
    expect(run(initial(sealed({ count: "shown" }), true), received).stale).toBe(false);
    expect(run(start(), framed(1, { bids: [] })).stale).toBe(true);
  });

  test("the minimum of a reverse auction stays what everybody may bid", () => {
    const reverse = auctionAt(0, { terms: { format: { kind: "reverse" } } as never, minimum_bid: "90.00" });
    const refusal = { id: "a", error: "", code: "below_minimum", minimum_bid: "95.00" };
    expect(run(initial(reverse, true), sent, { type: "refused", refusal }).auction.minimum_bid).toBe("90.00");
  });

  test("units and the next fall of a price come with frames, and may be missing", () => {
    const state = run(start(), framed(1, { units_left: 3, next_price_at: at(60) }));
    expect(state.auction).toMatchObject({ units_left: 3, next_price_at: at(60) });
    expect(run(state, framed(2)).auction).toMatchObject({ units_left: null, next_price_at: null });
  });

  test("one's rank comes with frames, and stays after a bid until the next one", () => {
    const ranked = auctionAt(0, { terms: { format: { kind: "reverse", visibility: "rank_only" } } as never });
    const known = run(initial(ranked, true), framed(1, { bids: [] }, 0, { leading: false, max: "95.00", rank: 2 }));
    expect(known.you?.rank).toBe(2);
    const state = run(known, sent, { type: "answered", answer: answer("a", 2, false) });
    expect(state.you).toEqual({ leading: false, max: "120.00", rank: 2 });
  });
});

test("awards and the draw come with events", () => {
  const awards = [{ user: ME, quantity: 2, price: "20.00" }];
  const draw = { seed: "01", ended_at: at(5) };
  const state = run(
    start(3),
    events(1, [
      { version: 2, at: at(2), kind: "awarded", awards },
      { version: 3, at: at(3), kind: "drawn", draw },
    ]),
    events(3, []),
  );
  expect(state.awards).toEqual(awards);
  expect(state.draw).toEqual(draw);
});
