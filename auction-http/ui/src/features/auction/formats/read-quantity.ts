/** Numbers of units as they are typed. Pure. */

/** The number that was typed; `null` where it is none from 1 to `most`. */
export function readQuantity(text: string, most: number): number | null {
  const bare = text.trim();
  const number = /^\d{1,7}$/.test(bare) ? Number(bare) : 0;
  return number >= 1 && number <= most ? number : null;
}
