/** Asks for the history of an auction, in pieces. */
import { answered, api } from "../api/client";
import type { Change } from "./reducer";
import type { PublicEvent } from "./wire";

/** How many events the server answers at once. */
export const PAGE_EVENTS = 500;

/** The events after a version, of which `version` is known to exist. */
export async function eventsAfter(id: number, since: number, version: number): Promise<Change & { type: "events" }> {
  const found = await answered(api.GET("/api/auctions/{id}/events/", { params: { path: { id }, query: { since } } }));
  const events = [...found] as PublicEvent[];
  const last = events.at(-1)?.version ?? since;
  // A page that is not full ends with the newest event.
  return {
    type: "events",
    since,
    to: events.length < PAGE_EVENTS ? Math.max(last, version) : last,
    events,
    sure: true,
  };
}
