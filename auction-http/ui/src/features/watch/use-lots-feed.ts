/** Keeps a list of auctions up to date by the socket for several. */
import { useEffect, useMemo, useRef, useState } from "react";
import { socketUrl } from "../../api/config";
import { currentSession } from "../../api/session";
import { LiveSocket } from "../../live/socket";
import type { Auction, Frame } from "../../live/wire";

/** How many auctions one socket tells of. */
const IDS_MAX = 50;
/** How long changes are gathered before the list is asked for anew, in milliseconds. */
const GATHER = 700;

const WATCHED = ["scheduled", "started", "paused"];

/**
 * The auctions with what has changed since. `reload` is called, a little later, when something changed that only the
 * server can tell, such as whether one leads.
 */
export function useLotsFeed(lots: readonly Auction[], reload: () => void): Auction[] {
  const [frames, setFrames] = useState<ReadonlyMap<number, Frame>>(new Map());
  const latest = useRef({ lots, reload });
  latest.current = { lots, reload };
  const ids = lots
    .filter(({ status }) => WATCHED.includes(status))
    .slice(0, IDS_MAX)
    .map(({ id }) => id)
    .join(",");
  useEffect(() => {
    if (ids === "") return;
    let timer: number | undefined;
    const socket = new LiveSocket({
      url: () => socketUrl(`auctions/?ids=${ids}`),
      token: () => currentSession().token,
      message: (message) => {
        const { auction, version } = message;
        if (typeof auction !== "number" || typeof version !== "number") return;
        const known = latest.current.lots.find(({ id }) => id === auction);
        if (!known || (known.version >= version && known.status === message.status)) return;
        setFrames((before) => new Map(before).set(auction, message as unknown as Frame));
        timer ??= window.setTimeout(() => {
          timer = undefined;
          latest.current.reload();
        }, GATHER);
      },
      state: () => undefined,
      refused: () => undefined,
    });
    return () => {
      clearTimeout(timer);
      socket.close();
    };
  }, [ids]);
  return useMemo(() => lots.map((lot) => withFrame(lot, frames.get(lot.id))), [lots, frames]);
}

function withFrame(lot: Auction, frame: Frame | undefined): Auction {
  if (!frame || frame.version < lot.version || frame.server_time <= lot.server_time) return lot;
  const { status, last_vote, current_price, minimum_bid, bid_count, outcome, ends_at, version } = frame;
  return {
    ...lot,
    status,
    last_vote,
    current_price,
    minimum_bid,
    bid_count,
    outcome,
    version,
    end_date_time: ends_at,
    effective_end: ends_at,
    units_left: frame.units_left ?? null,
    next_price_at: frame.next_price_at ?? null,
    reserve: lot.is_seller && frame.reserve === "none" ? lot.reserve : frame.reserve,
    leading: lot.leading && last_vote?.user === lot.last_vote?.user,
  };
}
