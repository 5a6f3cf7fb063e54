/**
 * The time of the server, by which auctions open and close.
 *
 * The browser's clock is never asked what time it is, only how much has passed; what the server says in answers, on
 * sockets and in frames gives the distance. Of the last samples the one with the shortest way counts, since the server
 * stamped it somewhere within that way.
 */

/** How many samples are kept. */
export const SAMPLES_MAX = 8;
/** How old a sample may get before a newer one is better whatever its way, in milliseconds. */
export const SAMPLE_AGE_MAX = 120_000;

export type Sample = {
  /** Server time less local time, in milliseconds. */
  offset: number;
  /** How long the question and its answer took. */
  way: number;
  /** When it was taken, in local time. */
  at: number;
};

/** A sample of a question that was sent and answered at local times. */
export function sampleOf(serverTime: number, sentAt: number, receivedAt: number): Sample {
  return { offset: serverTime - (sentAt + receivedAt) / 2, way: receivedAt - sentAt, at: receivedAt };
}

/**
 * The samples with one more. Those that contradict it, since one of the clocks was set or the machine slept, are
 * dropped: two samples of one distance differ by half of both ways at most.
 */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const agreeing = samples.filter(
    (known) =>
      sample.at - known.at <= SAMPLE_AGE_MAX &&
      Math.abs(known.offset - sample.offset) <= (known.way + sample.way) / 2 + 5,
  );
  return [...agreeing, sample].slice(-SAMPLES_MAX);
}

/** The sample with the shortest way, of two the newer one. */
function bestOf(samples: readonly Sample[]): Sample | undefined {
  let best: Sample | undefined;
  for (const sample of samples) if (!best || sample.way <= best.way) best = sample;
  return best;
}

/** The distance of the sample with the shortest way; `null` before there is one. */
export function offsetOf(samples: readonly Sample[]): number | null {
  return bestOf(samples)?.offset ?? null;
}

let samples: Sample[] = [];
let offset: number | null = null;
/** The least that the distance can be, since the server said something that early. */
let least = Number.NEGATIVE_INFINITY;
const listeners = new Set<() => void>();

/** Takes in what the server said to a question. */
export function noteServerTime(serverTime: number, sentAt: number, receivedAt: number) {
  const sample = sampleOf(serverTime, sentAt, receivedAt);
  samples = withSample(samples, sample);
  // Where an answer says that the distance is less, a clock was set since.
  if (sample.offset + sample.way / 2 + 5 < least) least = Number.NEGATIVE_INFINITY;
  believe(Math.max(offsetOf(samples) ?? least, least));
}

/**
 * Takes in a time that came without a question, as in a frame: it says how early it is at least, and nobody knows how
 * long it took to come. Where that is later than what is believed, the samples were wrong: the server is asked anew.
 */
export function notePushedTime(serverTime: number, receivedAt: number) {
  const known = serverTime - receivedAt;
  if (offset !== null && known <= offset + 5) return;
  const best = bestOf(samples);
  if (best && known > best.offset + best.way / 2 + 5) samples = [];
  least = known;
  believe(known);
}

function believe(next: number) {
  if (next === offset) return;
  offset = next;
  for (const listener of listeners) listener();
}

/** Forgets all samples, since time may have passed that was not counted. What they told counts until there is another. */
export function forgetSamples() {
  samples = [];
}

/** When the newest sample was taken, in local time. */
export function lastSampleAt(): number | null {
  return samples.at(-1)?.at ?? null;
}

/** By how much the server's time may be wrong, in milliseconds: half the way of the best sample. */
export function uncertainty(): number {
  return (bestOf(samples)?.way ?? Number.POSITIVE_INFINITY) / 2;
}

/** How far the two clocks of the browser may move apart in a second before its counting is doubted, in milliseconds. */
export const DRIFT_MAX = 500;

const doubters = new Set<() => void>();
let drift = Date.now() - performance.now();

/** Calls back when time may have passed that was not counted. */
export function onDoubt(listener: () => void) {
  doubters.add(listener);
}

/**
 * Compares the two clocks of the browser. While a machine sleeps, the one that counts may stand still, and the one
 * that is set does not.
 */
export function watchDrift() {
  const now = Date.now() - performance.now();
  const isDoubtful = Math.abs(now - drift) > DRIFT_MAX;
  drift = now;
  if (isDoubtful) for (const listener of doubters) listener();
}

/** The server's time now, in milliseconds since the epoch. Before anything is known, the browser's own. */
export function serverNow(): number {
  return offset === null ? Date.now() : performance.now() + offset;
}

/** Whether the server has said what time it is. */
export function isClockSet(): boolean {
  return offset !== null;
}

export function subscribeClock(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
