/** One auction, live: fetched once, kept up by its socket, and fetched again where the socket cannot tell. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { answered, api } from "../api/client";
import { socketUrl } from "../api/config";
import { useMe } from "../api/me";
import { currentSession, useSession } from "../api/session";
import { serverNow } from "./clock";
import { isCandle, kindOf } from "./format";
import { eventsAfter, PAGE_EVENTS } from "./history";
import { type Change, initial, type LiveState, type Pending, reduce } from "./reducer";
import { type Connection, LiveSocket } from "./socket";
import { useBids } from "./use-bids";
import type { Answer, Auction, Frame, PublicEvent, Refusal } from "./wire";

/** How often what comes in is drawn at most, in milliseconds. */
const DRAW_EVERY = 50;
/** How long after a start or an end nothing may be heard of it before it is asked for, in milliseconds. */
const DUE_WITHIN = 800;
/** How long the next try to ask for something waits after one that did not help: it grows up to this. */
const AGAIN_MAX = 10_000;

export type LiveAuction = LiveState & {
  connection: Connection;
  /** The server's time when something was last heard, in milliseconds, where there is no connection. */
  heardAt: number | null;
  bid: (kind: Pending["kind"], amount: string, quantity?: number) => boolean;
  dismiss: () => void;
  /** Forgets what was known of one's own bids, which were taken back. */
  withdrew: () => void;
  refetch: () => Promise<void>;
  older: () => Promise<void>;
};

export function useLiveAuction(start: Auction): LiveAuction {
  const { token, expired } = useSession();
  const me = useMe();
  const [state, dispatch] = useReducer(reduce, start, (auction) => initial(auction, token !== null));
  const [{ connection, heardAt }, setConnection] = useState<{ connection: Connection; heardAt: number | null }>({
    connection: "connecting",
    heardAt: null,
  });
  const queries = useQueryClient();
  const latest = useRef(state);
  latest.current = state;
  const socket = useRef<LiveSocket | null>(null);
  const { id, is_participant, is_seller, terms } = state.auction;
  const isOpen = (terms as Record<string, unknown>).participation === "open";
  const isParty = token !== null && !expired && (is_participant || is_seller || isOpen);
  const { bid, settle } = useBids(id, socket, connection, dispatch);

  const refetch = useCallback(async () => {
    const { token: before, expired: asStranger } = currentSession();
    const auction = await answered(api.GET("/api/auctions/{id}/", { params: { path: { id } } }));
    if (currentSession().token !== before) return;
    if (!asStranger) queries.setQueryData(["auction", id], auction);
    dispatch({ type: "fetched", auction, asStranger: asStranger || currentSession().expired });
  }, [id, queries]);

  // Somebody else asked for it, such as the page when it was looked at again.
  useEffect(() => {
    dispatch({ type: "fetched", auction: start, asStranger: currentSession().expired });
  }, [start]);

  const viewer = useRef(token);
  useEffect(() => {
    if (viewer.current === token) return;
    viewer.current = token;
    dispatch({ type: "viewer", isSignedIn: token !== null });
  }, [token]);

  const email = me?.email;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new token forgets the names
  useEffect(() => {
    if (email) dispatch({ type: "named", names: [email, maskOf(email)] });
  }, [email, token]);

  // The socket: one's own where one takes part, that of everybody else otherwise.
  useEffect(() => {
    let since = 0;
    const drawn = gathered(dispatch);
    const receive = (message: Record<string, unknown>) => {
      const change = changeOf(message, since);
      if (change?.type === "answered") settle(change.answer.id);
      if (change?.type === "refused") settle(change.refusal.id);
      if (change) drawn.add(change);
    };
    const live = new LiveSocket({
      url: () => {
        since = latest.current.auction.version;
        return socketUrl(isParty ? `auction/${id}/?since=${since}` : `auctions/?ids=${id}`);
      },
      token: () => (isParty ? token : null),
      message: receive,
      state: (next, heard) => {
        if (next !== "live") drawn.flush();
        const heardAt = next === "live" || heard === null ? null : serverNow() - (performance.now() - heard);
        setConnection({ connection: next, heardAt });
      },
      // It may be due to the token, or to no longer taking part: the answer to this tells.
      refused: () => void refetch().catch(() => undefined),
    });
    socket.current = live;
    return () => {
      socket.current = null;
      live.close();
      drawn.flush();
    };
  }, [id, isParty, token, settle, refetch]);

  useHistory(state, latest, token, connection, dispatch);

  useEffect(() => {
    if (!state.stale || connection === "offline") return;
    return repeated(async () => {
      await refetch();
      return !latest.current.stale;
    }, 0);
  }, [state.stale, connection, refetch]);

  useDue(state.auction, connection, refetch);
  useResult(state, latest, connection, dispatch);

  const older = useCallback(async () => {
    const first = latest.current.covered[0]?.[0] ?? latest.current.auction.version;
    dispatch(await eventsAfter(id, Math.max(0, first - PAGE_EVENTS), first));
  }, [id]);

  const dismiss = useCallback(() => dispatch({ type: "dismissed" }), []);
  const withdrew = useCallback(() => dispatch({ type: "withdrew" }), []);
  return { ...state, connection, heardAt, bid, dismiss, withdrew, refetch, older };
}

/** The first page of the history, holes in it, and rows of which a frame could not tell whose they are. */
function useHistory(
  state: LiveState,
  latest: { current: LiveState },
  token: string | null,
  connection: Connection,
  dispatch: (change: Change) => void,
) {
  const { id } = state.auction;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whose a row is depends on who asks
  useEffect(() => {
    return repeated(async (isWanted) => {
      const { version } = latest.current.auction;
      const page = await eventsAfter(id, Math.max(0, version - PAGE_EVENTS), version);
      if (isWanted()) dispatch(page);
      return true;
    }, 0);
  }, [id, token, latest, dispatch]);

  const { missingSince, unclear } = state;
  const since = missingSince === null ? (unclear === null ? null : unclear - 1) : missingSince;
  const isLive = connection === "live";
  useEffect(() => {
    if (since === null || !isLive) return;
    // Soon, and not at once: a frame that is on its way may fill the hole, and others may make it larger.
    return repeated(async (isWanted) => {
      const page = await eventsAfter(id, since, latest.current.auction.version);
      if (isWanted()) dispatch(page);
      return false;
    }, 150);
  }, [id, since, isLive, latest, dispatch]);
}

/** How many of the last events are asked for to learn how it ended: the draw and the awards are among them. */
const RESULT_EVENTS = 20;

/** What only events tell of an end: how it was drawn, and who won which units. */
function useResult(
  { auction, draw, awards }: LiveState,
  latest: { current: LiveState },
  connection: Connection,
  dispatch: (change: Change) => void,
) {
  const { id, status, outcome } = auction;
  const isOver = status === "ended" && outcome != null;
  const isDrawn = isCandle(auction) && draw === null;
  const isAwarded = kindOf(auction) === "multi_unit" && outcome?.result === "sold" && awards === null;
  const isAsked = isOver && (isDrawn || isAwarded) && connection !== "offline";
  useEffect(() => {
    if (!isAsked) return;
    return repeated(async (isWanted) => {
      const { version } = latest.current.auction;
      const page = await eventsAfter(id, Math.max(0, version - RESULT_EVENTS), version);
      if (isWanted()) dispatch(page);
      return true;
    }, 0);
  }, [id, isAsked, latest, dispatch]);
}

/** Asks where the server says nothing of a start or an end that is due. */
function useDue(
  { status, start_date_time, effective_end }: Auction,
  connection: Connection,
  refetch: () => Promise<void>,
) {
  const due = status === "scheduled" ? start_date_time : status === "started" ? effective_end : null;
  const isOffline = connection === "offline";
  useEffect(() => {
    if (due === null || isOffline) return;
    const at = Date.parse(due);
    // Not everybody at once.
    const patience = DUE_WITHIN * (1 + Math.random());
    let stop: (() => void) | undefined;
    const timer = window.setInterval(() => {
      if (serverNow() < at + patience) return;
      clearInterval(timer);
      stop = repeated(async () => {
        await refetch();
        return false;
      }, 0);
    }, 250);
    return () => {
      clearInterval(timer);
      stop?.();
    };
  }, [due, isOffline, refetch]);
}

/**
 * Tries something until it says that it is done, with growing pauses. Answers how to stop it.
 */
function repeated(attempt: (isWanted: () => boolean) => Promise<boolean>, first: number): () => void {
  let isWanted = true;
  let timer: number;
  const plan = (wait: number, next: number) => {
    timer = window.setTimeout(async () => {
      const isDone = await attempt(() => isWanted).catch(() => false);
      if (isWanted && !isDone) plan(next, Math.min(AGAIN_MAX, next * 2));
    }, wait);
  };
  plan(first, 1_000);
  return () => {
    isWanted = false;
    clearTimeout(timer);
  };
}

/** Hands changes on at once where they come one by one, and together where they come fast. */
function gathered(dispatch: (change: Change) => void) {
  let waiting: Change[] = [];
  let timer: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const changes = waiting;
    waiting = [];
    last = performance.now();
    if (changes.length > 0) dispatch({ type: "several", changes });
  };
  return {
    flush,
    add: (change: Change) => {
      waiting.push(change);
      const wait = last + DRAW_EVERY - performance.now();
      if (wait <= 0) flush();
      else timer ??= window.setTimeout(flush, wait);
    },
  };
}

/** What a message changes. `since`: from which version on the socket was asked to tell. */
function changeOf(message: Record<string, unknown>, since: number): Change | null {
  if (typeof message.version === "number" && "status" in message)
    return { type: "frame", frame: message as unknown as Frame };
  if (Array.isArray(message.events)) {
    const events = message.events as PublicEvent[];
    return { type: "events", since, to: events.at(-1)?.version ?? since, events, sure: false };
  }
  if ("success" in message) return { type: "answered", answer: message as unknown as Answer };
  if ("error" in message) return { type: "refused", refusal: message as unknown as Refusal };
  return null;
}

/** How the server writes an address in front of others, where it masks them. */
function maskOf(email: string): string {
  const at = email.lastIndexOf("@");
  const [first, ...rest] = [...email.slice(0, Math.max(at, 0))];
  const last = rest.at(-1);
  return at < 0 ? "***" : first && last ? `${first}***${last}${email.slice(at)}` : `***${email.slice(at)}`;
}
