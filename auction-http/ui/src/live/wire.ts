/** What the sockets say. */
import type { components } from "../api/schema";

export type Auction = components["schemas"]["Auction"];
export type Status = components["schemas"]["AuctionStatus"];
export type Outcome = components["schemas"]["Outcome"];
export type BidKind = components["schemas"]["BidKind"];

/** A row of the bid history. Frames are the same for everybody and do not say whose a row is. */
export type Row = {
  id: number;
  version: number;
  user: string;
  price: string;
  at: string;
  kind: BidKind;
  is_you?: boolean | undefined;
};

export type You = { leading: boolean; max: string | null };

/** The state of an auction after a change. */
export type Frame = {
  /** Which; on the socket of everybody only. */
  auction?: number;
  title: string;
  description: string;
  image: string | null;
  starting_price: string;
  status: Status;
  last_vote: { user: string; price: string } | null;
  current_price: string;
  minimum_bid: string | null;
  bid_count: number;
  reserve: Auction["reserve"];
  buy_now_price: string | null;
  outcome: Outcome | null;
  ends_at: string;
  version: number;
  previous_version: number;
  server_time: number;
  bids: Row[];
  you?: You;
};

/** A public event. */
export type PublicEvent = {
  version: number;
  at: string;
  kind: string;
  bid?: Row | null | undefined;
  ends_at?: string | null | undefined;
};

/** The answer to a bid of one's own. */
export type Answer = {
  id: string;
  price: string;
  leading: boolean;
  current_price: string;
  minimum_bid: string | null;
  version: number;
};

/** Why a bid was not taken. */
export type Refusal = {
  id: string;
  error: string;
  code: string;
  minimum_bid?: string | null | undefined;
  maximum_bid?: string | undefined;
  limit?: string | undefined;
  retry_after?: number | undefined;
};
