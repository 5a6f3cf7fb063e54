/** Codes of six digits, as people type and paste them. */

export const CODE_DIGITS = 6;

/** The digits of what was typed or pasted, without spaces and hyphens; no more than a code has. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "").slice(0, CODE_DIGITS);
}

/** A key in groups of four, which are easier to read off. */
export function inFours(key: string): string {
  return key.replace(/(.{4})(?=.)/g, "$1 ");
}

/** A code as it was typed, without the spaces that make it easier to read. */
export function unspaced(text: string): string {
  return text.replace(/\s/g, "");
}
