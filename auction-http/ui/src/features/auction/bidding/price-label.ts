/** What the price is in this format, as it stands. Pure. */
import type { Catalogue } from "../../../i18n/en";
import { formatOf, isRankOnly, unitsOf } from "../../../live/format";
import type { Auction } from "../../../live/wire";

export function priceLabel(auction: Auction, { auction: texts, formats: { price } }: Catalogue): string {
  const { bid_count, status, outcome } = auction;
  const isOver = status === "ended";
  if (isOver && outcome?.units) return price.sold;
  if (isOver && outcome?.price) return texts.price.sold;
  switch (formatOf(auction).kind) {
    case "dutch":
      return status === "started" || status === "paused" ? price.now : price.starts;
    case "fixed_price":
      return unitsOf(auction) > 1 ? price.eachOf : price.each;
    case "reverse":
      return bid_count === 0 || isRankOnly(auction) ? price.atMost : price.lowest;
    case "english":
      if (bid_count === 0) return texts.price.starting;
      return isOver ? texts.price.final : texts.price.current;
    default:
      return price.least;
  }
}
