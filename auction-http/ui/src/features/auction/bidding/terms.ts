/** The terms of an auction as the server writes them. What is not known here is left alone. */
import type { Auction } from "../../../live/wire";

export type Increments =
  | { kind: "smallest_unit" }
  | { kind: "fixed"; step: string }
  | { kind: "table"; name?: string; brackets?: [from: string, step: string][] }
  | { kind: "percent"; basis_points: number; floor: string }
  | { kind: "grid" };

export type Closing = {
  kind: string;
  window_s?: number;
  extend_s?: number;
  hard_end?: string;
  max_extensions?: number;
};

export type Terms = {
  increments?: Increments;
  first_bid?: string;
  reserve?: string | null;
  reserve_visibility?: string;
  closing?: Closing;
  participation?: string;
  join_until?: string;
  buy_now?: { price: string; rule: string } | null;
};

export function termsOf({ terms }: Pick<Auction, "terms">): Terms {
  return terms as Terms;
}
