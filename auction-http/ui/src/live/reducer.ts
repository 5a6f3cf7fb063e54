/**
 * What is known of one auction, out of what the server answered and what its sockets say, in whatever order that comes
 * in. Pure: no time, no network.
 *
 * An older version never replaces a newer one, a row is there once, and a hole in the history is known as one until it
 * is filled.
 */
import { compare } from "../i18n/amount";
import { type Extension, later, withExtension } from "./extensions";
import { hidesBids, kindOf } from "./format";
import { covering, gapIn, isOwnAmong, merged, ROWS_MAX, type Span, struck, unclearIn, withGone } from "./rows";
import type { Answer, Auction, Award, Draw, Frame, PublicEvent, Refusal, Row, You } from "./wire";

/**
 * A server whose clock is this much later, and which still knows an older version only, has lost the newer one, in
 * milliseconds.
 */
export const BACK_AFTER = 5_000;
/** How many of one's own bids are remembered until their rows come. */
const PLACED_MAX = 64;

/** A bid on its way; `quantity` where it is for units. */
export type Pending = { id: string; kind: "price" | "max"; amount: string; quantity?: number | undefined };

/** How the last bid went. */
export type Reply =
  | { result: "leading"; amount: string; kind: Pending["kind"]; price: string }
  | { result: "outbid_at_once"; amount: string; kind: Pending["kind"]; price: string; minimum: string | null }
  /** Where bids are hidden: nobody is told how they stand. */
  | { result: "received"; amount: string; kind: Pending["kind"]; quantity: number | undefined }
  | { result: "refused"; amount: string; kind: Pending["kind"]; refusal: Refusal }
  | { result: "unknown"; amount: string };

export type LiveState = {
  auction: Auction;
  /** The newest first. */
  rows: Row[];
  /** Whether there are older rows than those that are here. */
  hasOlder: boolean;
  extensions: Extension[];
  /** The versions of rows that are gone. */
  gone: readonly number[];
  /** Who won what of a lot of several units, where that is known. */
  awards: readonly Award[] | null;
  /** How the end was drawn, where it was. */
  draw: Draw | null;
  you: You | null;
  /** What one is called oneself in rows, as far as that is known; `null` for somebody who is not signed in. */
  names: readonly string[] | null;
  pending: Pending[];
  reply: Reply | null;
  /** Of which versions all rows are here. */
  covered: readonly Span[];
  /** After which version something is missing; `null` where nothing is. */
  missingSince: number | null;
  /** The oldest version of which it is not known whether it is one's own. */
  unclear: number | null;
  /** The versions of one's own bids, as the answers to them said. */
  placed: readonly number[];
  /** Whether something changed that only the auction itself, asked for anew, can tell. */
  stale: boolean;
  /** The server's time of the newest thing that is known, in milliseconds. */
  asOf: number;
};

export type Change =
  /** `asStranger`: asked without a token, so that what it says of oneself does not count. */
  | { type: "fetched"; auction: Auction; asStranger?: boolean }
  /** All public events after `since` up to the version `to`. `sure`: they say whose the rows are. */
  | { type: "events"; since: number; to: number; events: readonly PublicEvent[]; sure: boolean }
  | { type: "frame"; frame: Frame }
  | { type: "sent"; bid: Pending }
  | { type: "answered"; answer: Answer }
  | { type: "refused"; refusal: Refusal }
  | { type: "lost"; id: string }
  | { type: "dismissed" }
  /** One's own bids were taken back: no frame may tell. */
  | { type: "withdrew" }
  /** Somebody else looks, or the same person with another token. */
  | { type: "viewer"; isSignedIn: boolean }
  | { type: "named"; names: readonly string[] }
  | { type: "several"; changes: readonly Change[] };

export function initial(auction: Auction, isSignedIn: boolean): LiveState {
  return {
    auction,
    rows: [],
    hasOlder: auction.bid_count > 0,
    extensions: [],
    gone: [],
    awards: null,
    draw: null,
    you: null,
    names: isSignedIn ? [] : null,
    pending: [],
    reply: null,
    covered: [],
    missingSince: null,
    unclear: null,
    placed: [],
    stale: false,
    asOf: auction.server_time,
  };
}

export function reduce(state: LiveState, change: Change): LiveState {
  switch (change.type) {
    case "fetched":
      return fetched(state, change.auction, change.asStranger ?? false);
    case "events":
      return replayed(state, change);
    case "frame":
      return framed(state, change.frame);
    case "sent":
      return { ...state, pending: [...state.pending, change.bid], reply: null };
    case "answered":
      return answered(state, change.answer);
    case "refused":
      return refused(state, change.refusal);
    case "lost": {
      const bid = state.pending.find((pending) => pending.id === change.id);
      if (!bid) return state;
      return { ...state, pending: without(state.pending, bid), reply: { result: "unknown", amount: bid.amount } };
    }
    case "dismissed":
      return { ...state, reply: null };
    case "withdrew":
      return { ...state, you: tellsOwn(state) ? state.you : withoutOwn(state.you), reply: null };
    case "viewer":
      return seenBy(state, change.isSignedIn);
    case "named":
      return state.names === null ? state : { ...state, names: withNames(state.names, change.names) };
    case "several":
      return change.changes.reduce(reduce, state);
  }
}

/** The auction as it was answered: newer than what is here, or as new but said to oneself. */
function fetched(state: LiveState, answer: Auction, asStranger: boolean): LiveState {
  const known = state.auction;
  const isBehind = answer.version < known.version;
  if (isBehind && answer.server_time > state.asOf + BACK_AFTER) {
    // The server does not know any more what it once said: begin anew.
    return { ...initial(answer, state.names !== null), names: state.names };
  }
  const who = asStranger ? known : answer;
  if (isBehind) {
    // Who one is to the auction does not depend on its version.
    return { ...state, auction: { ...known, is_participant: who.is_participant, is_seller: who.is_seller } };
  }
  const isEarlier = answer.server_time < state.asOf && answer.version === known.version;
  const auction: Auction = {
    ...answer,
    is_participant: who.is_participant,
    is_seller: who.is_seller,
    leading: asStranger && answer.version > known.version ? false : who.leading,
    // Where an auction stands depends on the time besides.
    status: isEarlier ? known.status : answer.status,
    outcome: isEarlier ? (known.outcome ?? answer.outcome ?? null) : (answer.outcome ?? null),
  };
  const you = state.you && { ...state.you, leading: auction.leading };
  const asOf = Math.max(state.asOf, answer.server_time);
  return looked({ ...state, auction, you, stale: false, asOf });
}

function framed(state: LiveState, frame: Frame): LiveState {
  const known = state.auction;
  const isBehind = frame.version < known.version;
  const names = named(state, frame);
  const rows = merged(
    state.rows,
    frame.bids.map((row) => ({ ...row, is_you: isOwn(state, names, frame, row) })),
    false,
  );
  const covered = covering(state.covered, [frame.previous_version, frame.version]);
  const seen = { ...state, rows, names, covered, gone: withGone(state.gone, frame.withdrawn) };
  if (isBehind) {
    // A newer frame with an older version: has the server lost something?
    return looked({ ...seen, stale: state.stale || frame.server_time > state.asOf });
  }
  const leading = leads(state, names, frame);
  const isStruck = frame.version > known.version && isOwnAmong(rows, state.placed, frame.withdrawn);
  const own = isStruck ? withoutOwn(state.you) : state.you;
  const you = frame.you ? { ...frame.you, leading } : own && { ...own, leading };
  if (frame.version === known.version && frame.server_time < state.asOf) {
    return looked({ ...seen, you, auction: known.leading === leading ? known : { ...known, leading } });
  }
  const auction: Auction = {
    ...known,
    title: frame.title,
    description: frame.description,
    image: frame.image,
    starting_price: frame.starting_price,
    status: frame.status,
    last_vote: frame.last_vote,
    current_price: frame.current_price,
    current_bid: frame.last_vote?.price ?? null,
    current_bidder: frame.last_vote?.user ?? null,
    minimum_bid: frame.minimum_bid,
    bid_count: frame.bid_count,
    // A reserve that is hidden from the public is none in frames, but its owner sees it.
    reserve: frame.reserve === "none" ? known.reserve : frame.reserve,
    buy_now_price: frame.buy_now_price,
    units_left: frame.units_left ?? null,
    next_price_at: frame.next_price_at ?? null,
    outcome: frame.outcome,
    end_date_time: frame.ends_at,
    effective_end: frame.ends_at,
    leading,
    version: frame.version,
    server_time: frame.server_time,
  };
  const isExtended =
    frame.status === "started" && known.status === "started" && later(frame.ends_at, known.effective_end);
  const extension = { version: frame.version, at: new Date(frame.server_time).toISOString(), ends_at: frame.ends_at };
  return looked({
    ...seen,
    auction,
    you,
    extensions: isExtended ? withExtension(state.extensions, extension) : state.extensions,
    stale: state.stale || tellsTooLittle(known, frame, isExtended),
    asOf: Math.max(state.asOf, frame.server_time),
  });
}

/** Whether the next frame says how much one bids: to leaders it does, unless bids are hidden. */
function tellsOwn({ auction }: LiveState): boolean {
  return auction.leading && !hidesBids(auction);
}

function withoutOwn(you: You | null): You | null {
  return you && { ...you, max: null, rank: null };
}

/** Whether a frame comes from a change of which it does not say everything. */
function tellsTooLittle(known: Auction, frame: Frame, isExtended: boolean): boolean {
  if (frame.status !== known.status || frame.title !== known.title || frame.image !== known.image) return true;
  // Where bids are hidden, what a frame has no row for is that one came in.
  if (frame.version === known.version || hidesBids(known)) return false;
  const isHidden = frame.reserve === "none" && known.reserve !== "none" && frame.current_price !== known.current_price;
  const others =
    frame.version - frame.previous_version - frame.bids.length - (isExtended ? 1 : 0) - (frame.withdrawn ? 1 : 0);
  return isHidden || others !== 0;
}

/** What one is called in front of others, which the frames of a leader tell. */
function named(state: LiveState, frame: Frame): readonly string[] | null {
  const isLeader = frame.you?.leading && frame.last_vote && frame.outcome?.result !== "bought_now";
  return state.names && isLeader && frame.last_vote ? withNames(state.names, [frame.last_vote.user]) : state.names;
}

function withNames(known: readonly string[], more: readonly string[]): readonly string[] {
  const fresh = more.filter((name) => !known.includes(name));
  return fresh.length > 0 ? [...known, ...fresh] : known;
}

/** Whether one leads after a frame. */
function leads(state: LiveState, names: readonly string[] | null, frame: Frame): boolean {
  const { auction } = state;
  const isMe = (label: string | null | undefined) => Boolean(label && names?.includes(label));
  // Whoever led before somebody bought the lot has not bought it.
  if (frame.outcome?.result === "bought_now")
    return frame.version === auction.version ? auction.leading : isMe(frame.outcome.winner);
  if (frame.you) return frame.you.leading;
  if (frame.version === auction.version) return auction.leading;
  // On one's own socket leaders get their own copy. That of everybody tells labels only.
  return frame.auction !== undefined && auction.leading && isMe(frame.last_vote?.user);
}

/** Whether a new row is one's own; `undefined` where only the server can tell, since two people may be called alike. */
function isOwn(state: LiveState, names: readonly string[] | null, frame: Frame, row: Row): boolean | undefined {
  if (names === null) return false;
  if (names.length === 0) return undefined;
  if (!names.includes(row.user)) return false;
  const isNewest = row.version === Math.max(...frame.bids.map((bid) => bid.version));
  if (frame.you?.leading && isNewest) return true;
  return row.kind !== "auto" && state.placed.includes(row.version) ? true : undefined;
}

function replayed(
  state: LiveState,
  { since, to, events, sure }: { since: number; to: number; events: readonly PublicEvent[]; sure: boolean },
): LiveState {
  const found = events.flatMap(({ bid }) => {
    if (!bid) return [];
    // What a socket replays is the same for everybody.
    return [sure ? bid : { ...bid, is_you: state.names === null ? false : undefined }];
  });
  let { extensions, gone, awards, draw } = state;
  for (const event of events) {
    const { version, at, kind, ends_at } = event;
    if (kind === "extended" && ends_at) extensions = withExtension(extensions, { version, at, ends_at }, true);
    gone = withGone(gone, event.withdrawal?.versions);
    awards = event.awards ?? awards;
    draw = event.draw ?? draw;
  }
  const own = sure ? found.filter((row) => row.is_you).map((row) => row.user) : [];
  return looked({
    ...state,
    rows: merged(state.rows, found, sure),
    names: state.names && withNames(state.names, own),
    covered: to > since ? covering(state.covered, [since, to]) : state.covered,
    extensions,
    gone,
    awards,
    draw,
  });
}

function answered(state: LiveState, answer: Answer): LiveState {
  const bid = state.pending.find((pending) => pending.id === answer.id);
  if (!bid) return state;
  const { amount, kind, quantity } = bid;
  const price = answer.current_price;
  const isHidden = hidesBids(state.auction);
  const reply: Reply = isHidden
    ? { result: "received", amount, kind, quantity }
    : answer.leading
      ? { result: "leading", amount, kind, price }
      : { result: "outbid_at_once", amount, kind, price, minimum: answer.minimum_bid };
  // A frame may have told already what came after it.
  const isNews = isHidden || answer.version >= state.auction.version;
  const max = isOwnMaximum(state.auction, bid) ? amount : (state.you?.max ?? null);
  return {
    ...state,
    auction: state.auction.is_participant ? state.auction : { ...state.auction, is_participant: true },
    you: isNews ? { ...state.you, leading: answer.leading, max } : state.you,
    // Hidden bids have no rows.
    placed: isHidden ? state.placed : [...state.placed, answer.version].slice(-PLACED_MAX),
    pending: without(state.pending, bid),
    reply,
  };
}

/** Whether one's own maximum is what was bid last. Bids for units add up: frames tell to what. */
function isOwnMaximum(auction: Auction, { kind }: Pending): boolean {
  const format = kindOf(auction);
  return kind === "max" || format === "reverse" || format === "sealed_first_price" || format === "vickrey";
}

function refused(state: LiveState, refusal: Refusal): LiveState {
  const bid = state.pending.find((pending) => pending.id === refusal.id);
  if (!bid) return state;
  const { auction } = state;
  const minimum = refusal.minimum_bid;
  // In reverse auctions it is the most that this bidder may bid, which is not that of others.
  const isNews =
    minimum && auction.minimum_bid && kindOf(auction) !== "reverse" && compare(minimum, auction.minimum_bid) > 0;
  return {
    ...state,
    auction: isNews ? { ...auction, minimum_bid: minimum } : auction,
    pending: without(state.pending, bid),
    reply: { result: "refused", amount: bid.amount, kind: bid.kind, refusal },
  };
}

/** What is somebody's own is forgotten when somebody else looks. */
function seenBy(state: LiveState, isSignedIn: boolean): LiveState {
  const { auction } = state;
  return {
    ...initial(
      isSignedIn ? auction : { ...auction, is_participant: false, is_seller: false, leading: false },
      isSignedIn,
    ),
    asOf: state.asOf,
    stale: true,
  };
}

/** A state with what follows from its rows. */
function looked(state: LiveState): LiveState {
  let { covered } = state;
  let rows = struck(state.rows, state.gone);
  if (rows.length > ROWS_MAX) {
    rows = rows.slice(0, ROWS_MAX);
    const from = (rows.at(-1)?.version ?? 1) - 1;
    covered = covered.flatMap(([after, to]) => (to > from ? [[Math.max(after, from), to] as const] : []));
  }
  const first = covered[0];
  return {
    ...state,
    rows,
    covered,
    hasOlder: rows.length < ROWS_MAX && (first ? first[0] > 0 : state.auction.bid_count > 0),
    missingSince: gapIn(covered, state.auction.version),
    unclear: rows === state.rows && rows.length === 0 ? null : unclearIn(rows),
  };
}

function without(pending: Pending[], bid: Pending): Pending[] {
  return pending.filter((other) => other !== bid);
}
