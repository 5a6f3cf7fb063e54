/** Where one bids or buys in auctions that are not English ones. */
import { kindOf } from "../../../live/format";
import type { LiveAuction } from "../../../live/use-auction";
import type { OwnBid } from "../../../live/wire";
import type { Draft } from "../bidding/own-amount";
import type { Bidding } from "../bidding/use-bidding";
import { Reverse } from "./reverse";
import { Sealed } from "./sealed";
import { Stock } from "./stock";

export type BoxProps = {
  live: LiveAuction;
  bidding: Bidding;
  draft: Draft;
  change: (draft: Draft) => void;
  buying: boolean;
  /** One's own bids that count, the newest first. */
  own: readonly OwnBid[];
};

export default function FormatBox(props: BoxProps) {
  switch (kindOf(props.live.auction)) {
    case "dutch":
    case "fixed_price":
      return <Stock {...props} />;
    case "reverse":
      return <Reverse {...props} />;
    default:
      return <Sealed {...props} />;
  }
}
