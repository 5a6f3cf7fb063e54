/** How one stands in an auction that one has joined. */
import type { IconName } from "../../design/icon";
import type { Catalogue } from "../../i18n/en";
import { hidesBids, isStock } from "../../live/format";
import type { Auction, OwnState } from "../../live/wire";

export type Standing = keyof Catalogue["watch"]["standing"];
export type Group = "started" | "scheduled" | "ended";

export const GROUPS: readonly Group[] = ["started", "scheduled", "ended"];

export function groupOf({ status }: Auction): Group {
  if (status === "started" || status === "paused") return "started";
  return status === "scheduled" || status === "draft" ? "scheduled" : "ended";
}

/**
 * How one stands; `null` where there is nothing to say. `states` has the state of each auction in which one has bid;
 * `isWhole` says that it has them all.
 */
export function standingOf(auction: Auction, states: ReadonlyMap<number, OwnState>, isWhole: boolean): Standing | null {
  const state = states.get(auction.id);
  switch (groupOf(auction)) {
    case "scheduled":
      return null;
    case "started":
      // Nobody is outbid where bids are hidden, or where units are bought.
      if (isStock(auction)) return state !== undefined ? "bought" : isWhole ? "none" : null;
      if (hidesBids(auction)) return state !== undefined ? "sealed" : isWhole ? "none" : null;
      if (auction.leading) return auction.reserve === "not_met" ? "leading_reserve" : "leading";
      if (state !== undefined || auction.bid_count === 0) return state === undefined ? "none" : "outbid";
      return isWhole ? "none" : null;
    case "ended":
      if (auction.status === "cancelled") return null;
      if (state === "won" || state === "lost") return state;
      return isWhole && state === undefined ? "never" : null;
  }
}

export const STANDING_ICONS: Record<Standing, IconName> = {
  leading: "check",
  leading_reserve: "check",
  outbid: "warning",
  sealed: "check",
  bought: "star",
  withdrawn: "close",
  won: "star",
  lost: "close",
  none: "gavel",
  never: "gavel",
};
