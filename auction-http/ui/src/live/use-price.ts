/** The price of an auction as it stands now: that of a Dutch clock falls between two frames. */
import { priceAt } from "./price";
import { useAtServerTime } from "./ticker";
import type { Auction } from "./wire";

type Known = Parameters<typeof priceAt>[0];

export function usePrice(auction: Known): string {
  return useAtServerTime((now) => priceAt(auction, now).price);
}

/** To which price it falls next, and when; `null` where it does not. */
export function useNextFall(auction: Known): { price: string; at: number } | null {
  const price = useAtServerTime((now) => priceAt(auction, now).next?.price ?? null);
  const at = useAtServerTime((now) => priceAt(auction, now).next?.at ?? null);
  return price === null || at === null ? null : { price, at };
}

/** An auction whose price is the one that stands now. */
export function usePriced<T extends Auction>(auction: T): T {
  const price = usePrice(auction);
  return price === auction.current_price ? auction : { ...auction, current_price: price };
}
