/** Says things that come quickly after one another together, so that nobody is talked over. */

/** How long it is silent after it has said something, in milliseconds. */
export const SILENCE = 3_000;

export class Gatherer<T> {
  #waiting: T[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `say` gets what came since it was called last, in order. */
  constructor(readonly say: (things: T[]) => void) {}

  add(thing: T) {
    this.#waiting.push(thing);
    if (this.#timer === undefined) this.#flush();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #flush() {
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const things = this.#waiting;
    this.#waiting = [];
    this.#timer = setTimeout(() => this.#flush(), SILENCE);
    this.say(things);
  }
}
