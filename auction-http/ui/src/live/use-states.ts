/** Cards that are live: the states of the auctions that are seen, laid over the rows of the lists on a page. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { Feed } from "./feed";
import type { Connection } from "./socket";
import { laid } from "./states";
import type { Auction } from "./wire";

/** The feed of a page, for all cards in it. Without one, cards show what their rows say. */
export const Live = createContext<Feed | null>(null);

/**
 * A feed for a page. Where a frame says less than its reader should know, as whether one leads, the lists are asked for
 * anew: queries whose key starts with `auctions`.
 */
export function useFeed(): Feed {
  const [feed] = useState(() => new Feed());
  const queries = useQueryClient();
  useEffect(() => {
    feed.onStale = () => void queries.invalidateQueries({ queryKey: ["auctions"] });
    return feed.start();
  }, [feed, queries]);
  return feed;
}

const nothing = () => () => undefined;

/** An auction as it is by now, and the `ref` of its card, which says whether it is seen. */
export function useLiveRow(row: Auction): {
  auction: Auction;
  watch: (card: Element | null) => (() => void) | undefined;
} {
  const feed = useContext(Live);
  const { id } = row;
  const subscribe = useCallback((listener: () => void) => feed?.subscribe(id, listener) ?? nothing(), [feed, id]);
  const frame = useSyncExternalStore(subscribe, () => feed?.frame(id));
  useEffect(() => feed?.note(row), [feed, row]);
  const watch = useCallback((card: Element | null) => (card ? feed?.watch(id, card) : undefined), [feed, id]);
  return { auction: laid(row, frame), watch };
}

/** How the feed of a page is connected. */
export function useFeedConnection(feed: Feed): Connection {
  return useSyncExternalStore(feed.subscribeConnection, feed.connection);
}
