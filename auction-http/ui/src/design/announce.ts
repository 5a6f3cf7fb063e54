/** Says things to people who do not see the page, through two live regions that the layout draws. */
import { useSyncExternalStore } from "react";

export type Said = { polite: string; assertive: string };

const listeners = new Set<() => void>();
let said: Said = { polite: "", assertive: "" };

/** Says a text once. The same text twice is said twice. */
export function announce(text: string, how: keyof Said = "polite") {
  // A region is only read out when its text changes.
  const again = said[how] === text ? `${text}\u00a0` : text;
  said = { ...said, [how]: again };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSaid(): Said {
  return useSyncExternalStore(subscribe, () => said);
}
