/** Whether quick bids are asked about before they are placed. Remembered by the browser. */
import { useSyncExternalStore } from "react";
import { config } from "../../../api/config";

const KEY = `auction:ask-first:${config.base}`;
const listeners = new Set<() => void>();
let asks = read();

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== "no";
  } catch {
    return true;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: boolean) {
  asks = next;
  for (const listener of listeners) listener();
}

export function setAsksFirst(next: boolean) {
  try {
    localStorage.setItem(KEY, next ? "yes" : "no");
  } catch {
    // It lasts as long as the page then.
  }
  change(next);
}

export function useAsksFirst(): boolean {
  return useSyncExternalStore(subscribe, () => asks);
}

addEventListener("storage", (event) => {
  if (event.key === KEY) change(read());
});
