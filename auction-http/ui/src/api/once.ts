/** What is to happen once, however often it is asked for: asked again with the same key where no answer comes. */
import { ApiProblem, isProblem } from "./problem";

/** How long an answer may take before it is asked for again, in milliseconds. */
export const ANSWER_WITHIN = 6_000;
/** How old a click may get and still be handed in again: later, nobody would expect it to count any more. */
export const AGAIN_WITHIN = 15_000;
/** How long to wait before something is asked again, in milliseconds. */
export const AGAIN_AFTER = 2_000;

/** The code of what was handed in, and of which it is not known whether it came in. */
export const UNSETTLED = "unsettled";

export function isUnsettled(error: unknown): boolean {
  return isProblem(error) && error.code === UNSETTLED;
}

type Call<Out> = (signal: AbortSignal) => Promise<Out>;

/**
 * Asks until the server says what became of it, as long as the click is fresh; `at` is when that was, by `Date.now()`,
 * which goes on while the device sleeps. `isUnclear`: it may have come in already.
 *
 * Throws the refusal, or an {@link ApiProblem} with the code {@link UNSETTLED}.
 */
export async function untilSettled<Out>(call: Call<Out>, at: number, isUnclear = false): Promise<Out> {
  let mayBeDone = isUnclear;
  while (Math.abs(Date.now() - at) <= AGAIN_WITHIN) {
    try {
      return await call(AbortSignal.timeout(ANSWER_WITHIN));
    } catch (error) {
      if (!isProblem(error) || !error.isPassing) throw error;
      // It was not even looked at, which tells nothing of an earlier try.
      if (error.status === 429 && !mayBeDone) throw error;
      mayBeDone = true;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
  }
  throw new ApiProblem(0, UNSETTLED, {}, {});
}

/** Keeps the key of something until it is known what became of it: the same wish is then the same request. */
export class Keys {
  private open: { wish: string; key: string } | null = null;

  /** Hands in a wish under its key. */
  async handIn<Out>(wish: unknown, call: (key: string, signal: AbortSignal) => Promise<Out>): Promise<Out> {
    const key = this.keyOf(JSON.stringify(wish));
    try {
      const out = await untilSettled((signal) => call(key, signal), Date.now());
      this.open = null;
      return out;
    } catch (error) {
      if (!isUnsettled(error)) this.open = null;
      throw error;
    }
  }

  private keyOf(wish: string): string {
    if (this.open?.wish !== wish) this.open = { wish, key: crypto.randomUUID() };
    return this.open.key;
  }
}
