/** A socket that comes back: with growing, jittered pauses, and from where it was. */
import { notePushedTime, noteServerTime } from "./clock";

/** The first pause before another try, in milliseconds; it doubles. */
export const PAUSE_MIN = 400;
/** The longest pause. */
export const PAUSE_MAX = 15_000;
/** How long nothing may be heard before the server is asked whether it is there. */
export const PING_EVERY = 15_000;
/** How long the answer may take before the socket counts as dead. */
export const PONG_WITHIN = 6_000;
/** How long a socket may take to open. */
export const OPEN_WITHIN = 10_000;
/** How long a socket has to last for the next pause to be short again. */
export const LASTS_FROM = 3_000;
/** The server closes with it where the token is no longer taken, or the client was a nuisance. */
export const REFUSED = 1008;

export type Connection = "connecting" | "live" | "reconnecting" | "offline";

export type Listener = {
  /** The address for the next try. */
  url: () => string;
  /** The token, which travels as a subprotocol so that it stands in no address. */
  token: () => string | null;
  message: (value: Record<string, unknown>) => void;
  /** `heardAt`: when the server was certainly there for the last time, in local time; `null` before it ever was. */
  state: (connection: Connection, heardAt: number | null) => void;
  /** The server did not want this socket, which may be due to the token. It is tried again all the same. */
  refused: () => void;
};

/** The pause before try number `tries`, of which half is chance. */
export function pause(tries: number, chance: number): number {
  const whole = Math.min(PAUSE_MAX, PAUSE_MIN * 2 ** Math.min(tries, 10));
  return whole / 2 + (whole / 2) * chance;
}

export class LiveSocket {
  #socket: WebSocket | null = null;
  #tries = 0;
  #openedAt: number | null = null;
  /** The next try. */
  #timer: number | undefined;
  /** The next question, or the end of the patience with the last one. */
  #watch: number | undefined;
  #askedAt: number | null = null;
  #heardAt: number | null = null;
  #isClosed = false;

  constructor(readonly listener: Listener) {
    addEventListener("online", this.#now);
    addEventListener("offline", this.#offline);
    document.addEventListener("visibilitychange", this.#visible);
    this.#open();
  }

  /** Sends a message; `false` where there is no open socket. */
  send(value: unknown): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(value));
    return true;
  }

  close() {
    this.#isClosed = true;
    removeEventListener("online", this.#now);
    removeEventListener("offline", this.#offline);
    document.removeEventListener("visibilitychange", this.#visible);
    clearTimeout(this.#timer);
    this.#drop();
  }

  #open() {
    clearTimeout(this.#timer);
    this.#drop();
    if (this.#heardAt === null && navigator.onLine) this.#tell("connecting");
    const token = this.listener.token();
    const url = this.listener.url();
    const socket = token ? new WebSocket(url, ["auction.v1", `token.${token}`]) : new WebSocket(url);
    this.#socket = socket;
    this.#watch = window.setTimeout(() => this.#dead(), OPEN_WITHIN);
    socket.onopen = () => {
      this.#openedAt = this.#heardAt = performance.now();
      this.#tell("live");
      this.#ask();
    };
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onclose = (event) => {
      this.#socket = null;
      if (this.#openedAt !== null) this.#heardAt = performance.now();
      // Why a handshake was refused is not told; that it was, may be due to the token.
      if (event.code === REFUSED || (token && this.#openedAt === null)) this.listener.refused();
      this.#again();
    };
  }

  #heard(data: unknown) {
    const now = performance.now();
    this.#heardAt = now;
    let value: unknown;
    try {
      value = JSON.parse(String(data));
    } catch {
      return;
    }
    if (typeof value !== "object" || value === null) return;
    const message = value as Record<string, unknown>;
    if (typeof message.pong === "number") {
      if (this.#askedAt !== null) noteServerTime(message.pong, this.#askedAt, now);
      this.#askedAt = null;
    } else if (typeof message.server_time === "number") notePushedTime(message.server_time, now);
    this.#rest();
    if (message.pong === undefined) this.listener.message(message);
  }

  /** Waits for something to be heard, and asks where nothing is. */
  #rest() {
    clearTimeout(this.#watch);
    this.#watch = window.setTimeout(() => this.#ask(), PING_EVERY);
  }

  /** Asks whether the server is there; without an answer the socket is given up. */
  #ask() {
    clearTimeout(this.#watch);
    this.#watch = window.setTimeout(() => this.#dead(), PONG_WITHIN);
    if (this.send({ action: "ping" })) this.#askedAt = performance.now();
  }

  #tell(connection: Connection) {
    this.listener.state(connection, this.#heardAt);
  }

  #dead() {
    this.#drop();
    this.#again();
  }

  #again() {
    if (this.#isClosed) return;
    clearTimeout(this.#watch);
    if (this.#openedAt !== null && performance.now() - this.#openedAt >= LASTS_FROM) this.#tries = 0;
    this.#openedAt = null;
    this.#tell(navigator.onLine ? "reconnecting" : "offline");
    clearTimeout(this.#timer);
    // A browser that says it is offline will say when it is not; but it may be wrong.
    const next = navigator.onLine ? pause(this.#tries, Math.random()) : PAUSE_MAX;
    this.#timer = window.setTimeout(() => this.#open(), next);
    this.#tries += 1;
  }

  /** Lets go of the socket without a word to the listener. */
  #drop() {
    clearTimeout(this.#watch);
    this.#askedAt = null;
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    // One that is closed while it opens is reported as an error.
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
  }

  /** There is reason to believe that it works now. */
  #now = () => {
    if (this.#isClosed) return;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#ask();
    else if (this.#socket?.readyState !== WebSocket.CONNECTING) this.#open();
  };

  #offline = () => {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#heardAt = performance.now();
    this.#dead();
  };

  #visible = () => {
    if (!document.hidden) this.#now();
  };
}
