/** Keeps the server's time right: asked for now and then, and at once where some of it may not have been counted. */
import { answered, api } from "../api/client";
import { forgetSamples, lastSampleAt, onDoubt, uncertainty } from "./clock";

/** How old the newest sample may get while somebody looks, in milliseconds. */
export const ASK_EVERY = 60_000;
/** By how much the time may be wrong before it is asked for again soon, in milliseconds. */
export const UNCERTAIN_FROM = 150;
/** How long the next try waits: each time longer, since a slow way may stay slow. */
const AGAIN_AFTER = 2_000;

let asked = Number.NEGATIVE_INFINITY;
/** How often in a row it was asked without getting certain. */
let tries = 0;

/** Asks the server what time it is: whether it answered. */
export async function askTime(): Promise<boolean> {
  asked = performance.now();
  try {
    // Its answer is noted where all answers are.
    await answered(api.GET("/api/time/"));
    return true;
  } catch {
    return false;
  }
}

/** Looked at each second while a clock is shown. */
export function keepTime() {
  const now = performance.now();
  const known = lastSampleAt();
  const isFresh = known !== null && now - known < ASK_EVERY && uncertainty() <= UNCERTAIN_FROM;
  if (isFresh) tries = 0;
  if (isFresh || document.hidden || now - asked < Math.min(AGAIN_AFTER * 2 ** tries, ASK_EVERY)) return;
  tries += 1;
  void askTime();
}

onDoubt(() => {
  // What was measured before the machine slept tells nothing of now.
  forgetSamples();
  tries = 0;
  void askTime();
});
