/** The price of a Dutch clock between two frames, as the server counts it. Pure; times are the server's, in milliseconds. */
import { major, minor, scaleOf } from "../i18n/amount";
import { formatOf } from "./format";
import type { Auction } from "./wire";

export type Falling = {
  price: string;
  /** When it falls next, and to what; `null` where it does not. */
  next: { at: number; price: string } | null;
};

type Known = Pick<Auction, "format" | "terms" | "status" | "current_price" | "next_price_at" | "effective_end">;

/** What stands at a time. In other formats, and while the clock is stopped, it is the price that the server said. */
export function priceAt(auction: Known, now: number): Falling {
  const { current_price, next_price_at, status, effective_end } = auction;
  const format = formatOf(auction);
  const first = next_price_at ? Date.parse(next_price_at) : Number.NaN;
  const still = { price: current_price, next: null };
  if (format.kind !== "dutch" || status !== "started" || Number.isNaN(first)) return still;
  if (!format.step || !format.interval_s) return still;
  const scale = scaleOf(current_price);
  const interval = format.interval_s * 1000;
  const step = minor(format.step, scale);
  const floor = minor(format.floor ?? "0", scale);
  const from = minor(current_price, scale);
  const after = (steps: bigint) => {
    const fallen = from - steps * step;
    return fallen > floor ? fallen : floor;
  };
  // What would fall at the end or later never does.
  const most = Math.max(0, Math.ceil((Date.parse(effective_end) - first) / interval));
  const steps = now < first ? 0 : Math.min(most, 1 + Math.floor((now - first) / interval));
  const price = after(BigInt(steps));
  const falls = price > floor && steps < most;
  const next = falls ? { at: first + steps * interval, price: major(after(BigInt(steps + 1)), scale) } : null;
  return { price: major(price, scale), next };
}
