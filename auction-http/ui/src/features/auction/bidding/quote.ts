/** What somebody would pay. */

/** One fee. */
export type Line = { label: string; amount: string };

export type Quote = { hammer: string; fees: readonly Line[]; total: string };

/** What a bid of so much costs if it wins. The house takes no fees from buyers; where it does, they are lines here. */
export function quoteOf(amount: string): Quote {
  return { hammer: amount, fees: [], total: amount };
}
