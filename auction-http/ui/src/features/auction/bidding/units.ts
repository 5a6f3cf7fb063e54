/** How many units somebody has, and for how much in all. Amounts are decimal strings. Pure. */
import { plus } from "../../../i18n/amount";
import type { Award, OwnBid, Row } from "../../../live/wire";

export type Units = { units: number; sum: string };

type Part = { quantity?: number | null | undefined; price: string };

/** `null` where there are none. */
export function sumOf(parts: readonly Part[]): Units | null {
  const [first] = parts;
  if (!first) return null;
  return parts.reduce<Units>(
    ({ units, sum }, { quantity, price }) => ({ units: units + (quantity ?? 1), sum: plus(sum, price, quantity ?? 1) }),
    { units: 0, sum: plus("0", first.price, 0) },
  );
}

/** What was bought: the list of one's own bids where it is known, else the rows of the history. */
export function bought(own: readonly OwnBid[] | undefined, rows: readonly Row[]): Units | null {
  const purchases = own ?? rows.filter((row) => row.is_you);
  return sumOf(purchases.filter(({ kind, withdrawn }) => kind === "buy" && !withdrawn));
}

/** What was won, where one is called one of these names. */
export function won(awards: readonly Award[] | null, names: readonly string[] | null): Units | null {
  return sumOf(awards?.filter(({ user }) => names?.includes(user)) ?? []);
}
