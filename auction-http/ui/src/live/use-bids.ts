/** One's own bids on their way: sent over the socket, and asked after where no answer comes. */
import { type Dispatch, type RefObject, useCallback, useEffect, useRef } from "react";
import { answered, api } from "../api/client";
import { ANSWER_WITHIN, isUnsettled, untilSettled } from "../api/once";
import { isProblem } from "../api/problem";
import type { Change, Pending } from "./reducer";
import type { Connection, LiveSocket } from "./socket";
import type { Answer } from "./wire";

type Sent = Pending & { at: number; timer: number; isAsked: boolean };

export function useBids(
  id: number,
  socket: RefObject<LiveSocket | null>,
  connection: Connection,
  dispatch: Dispatch<Change>,
) {
  const sent = useRef(new Map<string, Sent>());

  const ask = useCallback(
    (bid: Sent) => {
      clearTimeout(bid.timer);
      if (bid.isAsked) return;
      bid.isAsked = true;
      const isOpen = () => sent.current.has(bid.id);
      void handIn(id, bid, isOpen).then((change) => {
        if (!change || !isOpen()) return;
        sent.current.delete(bid.id);
        dispatch(change);
      });
    },
    [id, dispatch],
  );

  const bid = useCallback(
    (kind: Pending["kind"], amount: string, quantity?: number) => {
      const key = crypto.randomUUID();
      const units = quantity === undefined ? {} : { quantity };
      if (!socket.current?.send({ action: "place_bid", [kind]: amount, ...units, id: key })) return false;
      const pending: Sent = { id: key, kind, amount, quantity, at: Date.now(), timer: 0, isAsked: false };
      pending.timer = window.setTimeout(() => ask(pending), ANSWER_WITHIN);
      sent.current.set(key, pending);
      dispatch({ type: "sent", bid: { id: key, kind, amount, quantity } });
      return true;
    },
    [socket, ask, dispatch],
  );

  /** An answer came. */
  const settle = useCallback((key: unknown) => {
    const known = sent.current.get(String(key));
    clearTimeout(known?.timer);
    sent.current.delete(String(key));
  }, []);

  // The answers to bids that were on their way when a connection broke come over no later one.
  useEffect(() => {
    if (connection !== "live") return;
    return () => {
      for (const pending of sent.current.values()) {
        clearTimeout(pending.timer);
        pending.timer = window.setTimeout(() => ask(pending), 500);
      }
    };
  }, [connection, ask]);

  useEffect(() => {
    const all = sent.current;
    return () => {
      for (const { timer } of all.values()) clearTimeout(timer);
      all.clear();
    };
  }, []);

  return { bid, settle };
}

/**
 * Hands the same bid in again, with the same key: the server says what became of it, and never takes it twice. `null`
 * where that is known by now.
 */
async function handIn(id: number, bid: Sent, isOpen: () => boolean): Promise<Change | null> {
  const { id: key, kind, amount, quantity } = bid;
  const body = { [kind]: amount, ...(quantity !== undefined && { quantity }) };
  const request = { params: { path: { id } }, headers: { "Idempotency-Key": key }, body };
  try {
    const answer = await untilSettled(
      async (signal) => (isOpen() ? answered(api.POST("/api/auctions/{id}/bids/", { ...request, signal })) : null),
      bid.at,
      true,
    );
    return answer && { type: "answered", answer: { ...(answer as unknown as Answer), id: key } };
  } catch (error) {
    if (!isProblem(error) || isUnsettled(error)) return { type: "lost", id: key };
    const { code, data, message } = error;
    return { type: "refused", refusal: { ...data, id: key, error: message, code } };
  }
}
