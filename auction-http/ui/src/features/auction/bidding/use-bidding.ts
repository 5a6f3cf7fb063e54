/** From the wish to bid to the bid: asked about first where that is wished, and never twice. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { LiveAuction } from "../../../live/use-auction";
import { useAsksFirst } from "./asking";

/** What somebody wants to do. */
export type Wish = {
  kind: "price" | "max" | "buy";
  amount: string;
  /** Of how many units, where there are any; the amount is that of one. */
  quantity?: number;
  /**
   * A quick bid carries its whole amount on its button; so does one that takes the lead back, and what is taken at the
   * price that stands.
   */
  by: "quick" | "again" | "own" | "buy" | "take";
};

/** Within this time the same wish is the same click, in milliseconds. */
export const DOUBLE_WITHIN = 700;

/** Whether a click is the second one of a double click, wherever the first one went. */
export function isSecond(event: { detail: number }): boolean {
  return event.detail > 1;
}

/** Whether it is asked about only as long as that is wished. */
export function isOneClick({ by }: Wish): boolean {
  return by === "quick" || by === "take";
}

export type Bidding = {
  wish: (wish: Wish) => void;
  /** What waits for a confirmation. */
  asked: Wish | null;
  confirm: () => void;
  cancel: () => void;
  /** From where the last bid came. */
  lastBy: Wish["by"] | null;
};

export type Buy = (purchase: { price: string; quantity: number }) => void;

export function useBidding(live: Pick<LiveAuction, "bid" | "pending">, buy: Buy): Bidding {
  const asksFirst = useAsksFirst();
  const [asked, setAsked] = useState<Wish | null>(null);
  const [lastBy, setLastBy] = useState<Wish["by"] | null>(null);
  const { bid } = live;
  const isPending = useRef(false);
  const last = useRef({ text: "", at: Number.NEGATIVE_INFINITY });
  useEffect(() => {
    isPending.current = live.pending.length > 0;
  }, [live.pending]);

  const place = useCallback(
    ({ kind, amount, quantity, by }: Wish) => {
      const now = performance.now();
      const text = `${kind} ${amount} ${quantity ?? 1}`;
      const isSame = last.current.text === text && now - last.current.at < DOUBLE_WITHIN;
      if (isPending.current || isSame) return;
      last.current = { text, at: now };
      if (kind === "buy") return buy({ price: amount, quantity: quantity ?? 1 });
      if (!bid(kind, amount, quantity)) return;
      isPending.current = true;
      setLastBy(by);
    },
    [bid, buy],
  );

  const wish = useCallback(
    (wanted: Wish) => {
      if (wanted.by === "again" || (isOneClick(wanted) && !asksFirst)) place(wanted);
      else setAsked(wanted);
    },
    [asksFirst, place],
  );
  const cancel = useCallback(() => setAsked(null), []);
  const confirm = useCallback(() => {
    setAsked(null);
    if (asked) place(asked);
  }, [asked, place]);
  return { wish, asked, confirm, cancel, lastBy };
}
