/** Lets components follow the server's clock. */
import { useSyncExternalStore } from "react";
import { serverNow, subscribeClock, watchDrift } from "./clock";
import { keepTime } from "./sync";

/** How often the time is looked at, in milliseconds. */
const STEP = 100;

const listeners = new Set<() => void>();
let second = Math.floor(serverNow() / 1000);
let timer: number | undefined;

/** Looks at the time, while somebody follows it. */
function tick() {
  const now = Math.floor(serverNow() / 1000);
  if (now !== second) {
    second = now;
    watchDrift();
    keepTime();
  }
  // Who follows something coarser is not drawn anew for it.
  for (const listener of listeners) listener();
  plan();
}

/** Just after the next tenth of a second: what is left until some end changes at any of them. */
function plan() {
  clearTimeout(timer);
  if (listeners.size > 0) timer = window.setTimeout(tick, STEP + 1 - (serverNow() % STEP));
}

subscribeClock(tick);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  watchDrift();
  keepTime();
  tick();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) tick();
  return () => {
    listeners.delete(listener);
    plan();
  };
}

/** The server's time in whole seconds since the epoch; the component is drawn anew each second. */
export function useServerSecond(): number {
  return useSyncExternalStore(subscribe, () => second);
}

/** Whole seconds from now until then, rounded up: at 0 it is over. The component is drawn anew as they change. */
export function useSecondsUntil(iso: string): number {
  return useSyncExternalStore(subscribe, () => Math.ceil((Date.parse(iso) - serverNow()) / 1000));
}

/** What follows from the server's time; the component is drawn anew as it changes. It has to be a plain value. */
export function useAtServerTime<T extends string | number | null>(read: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => read(serverNow()));
}
