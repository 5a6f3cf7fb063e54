/** What is asked of the server about oneself, and under which keys it is kept. */
import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Auction, OwnBid, OwnState } from "../../live/wire";

/** How many rows the server answers at once. */
const ROWS_MAX = 500;

/** The auctions that one has joined. */
export function joinedQuery(token: string | null) {
  return queryOptions({
    queryKey: ["joined", token],
    queryFn: async () => (await answered(api.GET("/api/auctions/my_auctions/"))) as Auction[],
    staleTime: 0,
  });
}

/** How one stands in the auctions in which one has bid; `isWhole` where none is missing. */
export function statesQuery(token: string | null) {
  return queryOptions({
    queryKey: ["bids", token, "states"],
    queryFn: async () => {
      const rows = (await answered(api.GET("/api/bids/"))) as OwnBid[];
      const states = new Map<number, OwnState>(rows.map(({ auction, state }) => [auction, state]));
      return { states, isWhole: rows.length < ROWS_MAX };
    },
    staleTime: 0,
  });
}
