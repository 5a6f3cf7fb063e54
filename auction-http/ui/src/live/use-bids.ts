/** One's own bids on their way: sent over the socket, and asked after where no answer comes. */
import { type Dispatch, type RefObject, useCallback, useEffect, useRef } from "react";
import { answered, api } from "../api/client";
import { isProblem } from "../api/problem";
import type { Change, Pending } from "./reducer";
import type { Connection, LiveSocket } from "./socket";
import type { Answer } from "./wire";

/** How long the answer to a bid may take before it is asked for in another way, in milliseconds. */
export const ANSWER_WITHIN = 6_000;
/** How old a bid may get and still be handed in again: later, nobody would expect it to be placed any more. */
export const AGAIN_WITHIN = 15_000;

type Sent = Pending & { at: number; timer: number };

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
      if (performance.now() - bid.at > AGAIN_WITHIN) {
        sent.current.delete(bid.id);
        return dispatch({ type: "lost", id: bid.id });
      }
      void handIn(id, bid).then((change) => {
        if (!sent.current.has(bid.id)) return;
        // It could not be asked: once more a little later.
        if (!change) bid.timer = window.setTimeout(() => ask(bid), 2_000);
        else {
          sent.current.delete(bid.id);
          dispatch(change);
        }
      });
    },
    [id, dispatch],
  );

  const bid = useCallback(
    (kind: Pending["kind"], amount: string, quantity?: number) => {
      const key = crypto.randomUUID();
      const units = quantity === undefined ? {} : { quantity };
      if (!socket.current?.send({ action: "place_bid", [kind]: amount, ...units, id: key })) return false;
      const pending: Sent = { id: key, kind, amount, quantity, at: performance.now(), timer: 0 };
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
 * where it does not answer.
 */
async function handIn(id: number, { id: key, kind, amount, quantity }: Pending): Promise<Change | null> {
  try {
    const answer = await answered(
      api.POST("/api/auctions/{id}/bids/", {
        params: { path: { id } },
        headers: { "Idempotency-Key": key },
        body: { [kind]: amount, ...(quantity !== undefined && { quantity }) },
      }),
    );
    return { type: "answered", answer: { ...(answer as unknown as Answer), id: key } };
  } catch (error) {
    if (!isProblem(error) || error.isPassing) return null;
    const { code, data, message } = error;
    return { type: "refused", refusal: { ...data, id: key, error: message, code } };
  }
}
