/** Follows the auctions whose cards are seen, over one socket. */
import { config, socketUrl } from "../api/config";
import { currentSession } from "../api/session";
import { type Connection, LiveSocket } from "./socket";
import { isStale, toFollow } from "./states";
import type { Auction, Frame } from "./wire";

/** For how long scrolling has to rest before others are followed, in milliseconds. */
export const REST = 120;
/** How often at most the lists are asked for anew. */
export const STALE_EVERY = 2_000;
/** Cards count as seen from half a screen away, so that they are up to date when they come into sight. */
const MARGIN = "50% 0%";

export class Feed {
  /** Called where lists have to be asked for anew. */
  onStale: () => void = () => undefined;
  #frames = new Map<number, Frame>();
  #rows = new Map<number, Auction>();
  #listeners = new Map<number, Set<() => void>>();
  #cards = new Map<Element, number>();
  #visible = new Set<Element>();
  #followed: readonly number[] = [];
  #observer: IntersectionObserver | null = null;
  #socket: LiveSocket | null = null;
  #connection: Connection = "connecting";
  #connectionListeners = new Set<() => void>();
  #rest: number | undefined;
  #stale: number | undefined;

  /** Follows until what it answers is called. */
  start(): () => void {
    this.#observer = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: MARGIN });
    for (const card of this.#cards.keys()) this.#observer.observe(card);
    return () => {
      clearTimeout(this.#rest);
      clearTimeout(this.#stale);
      this.#stale = undefined;
      this.#observer?.disconnect();
      this.#observer = null;
      this.#visible.clear();
      this.#drop();
    };
  }

  /** Follows an auction while its card is seen, until what it answers is called. */
  watch(id: number, card: Element): () => void {
    this.#cards.set(card, id);
    this.#observer?.observe(card);
    return () => {
      this.#cards.delete(card);
      this.#visible.delete(card);
      this.#observer?.unobserve(card);
    };
  }

  /** The row over which the frames of an auction are laid. */
  note(row: Auction) {
    this.#rows.set(row.id, row);
  }

  frame(id: number): Frame | undefined {
    return this.#frames.get(id);
  }

  subscribe(id: number, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  connection = (): Connection => this.#connection;

  subscribeConnection = (listener: () => void): (() => void) => {
    this.#connectionListeners.add(listener);
    return () => this.#connectionListeners.delete(listener);
  };

  #seen(entries: IntersectionObserverEntry[]) {
    for (const { target, isIntersecting } of entries) {
      // Those that were seen last stand at the end.
      this.#visible.delete(target);
      if (isIntersecting && this.#cards.has(target)) this.#visible.add(target);
    }
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#follow(), this.#socket ? REST : 0);
  }

  #follow() {
    const visible = [...this.#visible].flatMap((card) => this.#cards.get(card) ?? []);
    const next = toFollow(this.#followed, [...new Set(visible)], new Set(this.#cards.values()));
    if (next === this.#followed) return;
    this.#drop();
    this.#followed = next;
    this.#socket = new LiveSocket({
      url: () => socketUrl(`auctions/?ids=${[...next].sort((one, other) => one - other).join(",")}`),
      token: () => (config.public_browsing ? null : currentSession().token),
      message: (message) => this.#heard(message as unknown as Frame),
      state: (connection) => this.#connected(connection),
      refused: () => undefined,
    });
  }

  #heard(frame: Frame) {
    const id = frame.auction;
    if (typeof id !== "number" || typeof frame.version !== "number") return;
    const known = this.#frames.get(id);
    if (known && known.version > frame.version) return;
    this.#frames.set(id, frame);
    for (const listener of this.#listeners.get(id) ?? []) listener();
    const row = this.#rows.get(id);
    if (row && isStale(row, frame)) this.#stale ??= window.setTimeout(() => this.#told(), STALE_EVERY);
  }

  #told() {
    this.#stale = undefined;
    this.onStale();
  }

  #connected(connection: Connection) {
    if (connection === this.#connection) return;
    this.#connection = connection;
    for (const listener of this.#connectionListeners) listener();
  }

  #drop() {
    this.#socket?.close();
    this.#socket = null;
    this.#followed = [];
  }
}
