/** What is said as an auction opens, pauses, goes on and ends. Pure. */
import type { Catalogue } from "../../../i18n/en";
import { count, money } from "../../../i18n/format";
import type { Auction } from "../../../live/wire";

type Known = Pick<Auction, "status" | "outcome" | "currency">;

/** The status, and how it ended. */
export function stateOf({ status, outcome }: Pick<Auction, "status" | "outcome">): string {
  return status === "ended" ? `${status} ${outcome?.result ?? null}` : status;
}

/** What is said of a change from one state to that of the auction; `null` where that is nothing. */
export function saidOf(was: string, auction: Known, t: Catalogue): string | null {
  const now = stateOf(auction);
  if (now === was) return null;
  const { time, said } = t.auction;
  switch (auction.status) {
    case "started":
      return was === "scheduled" ? time.opened : was === "paused" ? time.resumedNow : null;
    case "paused":
      return time.pausedNow;
    case "cancelled":
      return time.cancelledNow;
    case "ended":
      return endOf(auction, t);
    default:
      return null;
  }

  function endOf({ outcome, currency }: Known, { common, formats }: Catalogue): string | null {
    if (outcome?.units) return formats.said.sold(common.units(outcome.units, count(outcome.units)));
    if (!outcome?.result) return null;
    return outcome.price ? said.sold(money(outcome.price, currency)) : said.unsold;
  }
}
