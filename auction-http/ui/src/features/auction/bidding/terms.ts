/** The terms of an auction as the server writes them. What is not known here is left alone. */
import type { Format } from "../../../live/format";
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
  /** Lots that close together. */
  group?: string;
  /** Of an end that is drawn. */
  period_s?: number;
  sample_s?: number;
  commitment?: string;
};

export type Retraction = { kind: "forbidden" } | { kind: "allowed"; free_until_s: number; grace_s: number };

export type Terms = {
  format?: Format;
  increments?: Increments;
  first_bid?: string;
  reserve?: string | null;
  reserve_visibility?: string;
  closing?: Closing;
  participation?: string;
  join_until?: string;
  buy_now?: { price: string; rule: string } | null;
  retraction?: Retraction;
};

export function termsOf({ terms }: Pick<Auction, "terms">): Terms {
  return terms as Terms;
}
