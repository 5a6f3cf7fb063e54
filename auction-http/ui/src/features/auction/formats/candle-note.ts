/** What is said of an end that is drawn, as the auction stands. Pure. */
import type { Catalogue } from "../../../i18n/en";
import { lengthOf } from "../../../i18n/format";
import type { LiveState } from "../../../live/reducer";

/** `waiting`: what is said while nothing is drawn yet; `null` where there is nothing to wait for. */
export function candleNote(
  { auction, draw }: Pick<LiveState, "auction" | "draw">,
  periodS: number,
  { formats: { candle } }: Catalogue,
): { note: string; waiting: string | null } {
  if (auction.status === "cancelled") return { note: candle.cancelled, waiting: null };
  if (draw) return { note: candle.short(lengthOf(periodS)), waiting: null };
  return { note: candle.note(lengthOf(periodS)), waiting: candle.waiting };
}
