/** Ends that have moved. Pure. */

/** A moved end. */
export type Extension = { version: number; at: string; ends_at: string };

/** `isExact`: an event said it, and not a frame that may tell of several. */
export function withExtension(known: Extension[], extension: Extension, isExact = false): Extension[] {
  const same = known.find((other) => other.ends_at === extension.ends_at);
  if (same && (!isExact || (same.version === extension.version && same.at === extension.at))) return known;
  return [...known.filter((other) => other !== same), extension].sort((one, other) => one.version - other.version);
}

export function later(one: string, other: string): boolean {
  return Date.parse(one) > Date.parse(other);
}
