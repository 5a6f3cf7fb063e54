/** What the sockets say. */
import type { components } from "../api/schema";

type Schemas = components["schemas"];

/** `units`: how many were sold, of a lot of several. */
export type Outcome = Schemas["Outcome"] & { units?: number | null };
export type Auction = Schemas["Auction"] & {
  outcome?: Outcome | null;
  /** How many units can still be bought, where units are bought at the price that stands. */
  units_left?: number | null;
  /** When the price of a clock that runs falls next. */
  next_price_at?: string | null;
};
export type Status = Schemas["AuctionStatus"];
export type BidKind = Schemas["BidKind"] | "buy" | "sealed";

/** A row of the bid history. Frames are the same for everybody and do not say whose a row is. */
export type Row = {
  id: number;
  version: number;
  user: string;
  price: string;
  at: string;
  kind: BidKind;
  is_you?: boolean | undefined;
  /** Of how many units, where the format has any. */
  quantity?: number | undefined;
  /** Whether it was taken back, or struck by the house. */
  withdrawn?: boolean | undefined;
};

/** `rank`: where only ranks are told, the own one, of which 1 is the best. */
export type You = { leading: boolean; max: string | null; rank?: number | null | undefined };

/** What somebody won of a lot of several units: `price` is that of one. */
export type Award = { user: string; quantity: number; price: string };

/** How the end of a candle was drawn. */
export type Draw = { seed: string; ended_at: string };

/** A bid of one's own. */
export type OwnBid = Omit<Schemas["OwnBid"], "kind" | "state"> & {
  kind: BidKind;
  state: OwnState;
  quantity?: number | null;
  withdrawn?: boolean;
};
export type OwnState = Schemas["OwnState"] | "sealed";

/** A lot that one has won, or units of one. */
export type WonAuction = Schemas["WonAuction"] &
  Auction & { quantity?: number | null; awards?: Omit<Award, "user">[] | null };

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
  units_left?: number | null;
  next_price_at?: string | null;
  ends_at: string;
  version: number;
  previous_version: number;
  server_time: number;
  bids: Row[];
  /** The versions of rows that are gone. */
  withdrawn?: number[];
  you?: You;
};

/** A public event. */
export type PublicEvent = {
  version: number;
  at: string;
  kind: string;
  bid?: Row | null | undefined;
  ends_at?: string | null | undefined;
  awards?: Award[] | null | undefined;
  withdrawal?: { versions: number[] } | null | undefined;
  draw?: Draw | null | undefined;
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
  units_left?: number | undefined;
};
