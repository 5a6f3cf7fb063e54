/** One's own bids in one auction, where its page has to know more of them than the history says. */
import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../../api/client";
import { useSession } from "../../../api/session";
import { hidesBids, isStock, kindOf } from "../../../live/format";
import type { LiveState } from "../../../live/reducer";
import type { OwnBid } from "../../../live/wire";
import { termsOf } from "./terms";

/** The newest first; `undefined` where they are not known, or not needed. */
export function useOwnBids({ auction, rows, you, reply }: Pick<LiveState, "auction" | "rows" | "you" | "reply">) {
  const { token, expired } = useSession();
  const { id, status, is_participant } = auction;
  const isNeeded =
    hidesBids(auction) ||
    isStock(auction) ||
    kindOf(auction) === "reverse" ||
    termsOf(auction).retraction?.kind === "allowed";
  // Whatever of these changes, the list may have changed.
  const shown = isNeeded ? rows.filter((row) => row.is_you && !row.withdrawn).length : 0;
  const news = [status, shown, you?.max ?? null, reply?.result ?? null];
  const { data } = useQuery({
    queryKey: ["bids", token, "auction", id, ...news],
    queryFn: async () => (await answered(api.GET("/api/bids/", { params: { query: { auction: id } } }))) as OwnBid[],
    enabled: isNeeded && is_participant && token !== null && !expired,
    placeholderData: (before: OwnBid[] | undefined, query) => (query?.queryKey[1] === token ? before : undefined),
    staleTime: 0,
    gcTime: 0,
  });
  return data;
}

/** Those that still count. */
export function standingBids(own: readonly OwnBid[] | undefined): OwnBid[] {
  return own?.filter((bid) => !bid.withdrawn) ?? [];
}
