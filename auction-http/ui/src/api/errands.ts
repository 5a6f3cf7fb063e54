/** Calls that the committed description of the server does not have yet. */
import { answered, api } from "./client";

type Untyped = {
  POST(path: string, init: object): Promise<{ data?: unknown; error?: unknown; response: Response }>;
};

async function post(path: string, id: number, body: object): Promise<void> {
  await answered((api as unknown as Untyped).POST(path, { params: { path: { id } }, body }));
}

/** Takes back one's own bids in an auction, as far as its terms let one. */
export function retract(id: number, reason: string): Promise<void> {
  return post("/api/auctions/{id}/retract/", id, reason === "" ? {} : { reason });
}

/** Strikes a bid, by the number of its row. For the staff. */
export function strike(id: number, bid: number, reason: string): Promise<void> {
  return post("/api/auctions/{id}/void/", id, { bid, reason });
}
