/** What this tab knows about a registration that waits for its code. */
import { serverNow } from "../../live/clock";

/** How long a code works; until then the server mails no other one. In seconds. */
export const CODE_LIFE = 180;

const KEY = "auction:code-mailed";

let waiting: { email: string; password: string } | null = null;

/** Keeps the password until the code is entered, in memory only: it goes with the tab. */
export function keepPassword(email: string, password: string) {
  waiting = { email, password };
}

/** The password of this registration, once. */
export function takePassword(email: string): string | null {
  const password = waiting?.email === email ? waiting.password : null;
  waiting = null;
  return password;
}

/** A code was mailed just now. `life`: how long no other one will be, in seconds. */
export function noteMailed(email: string, life = CODE_LIFE) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ email, until: Math.ceil(serverNow() / 1000) + life }));
  } catch {
    // Then one may ask too early, and is told so.
  }
}

/** From when on another code can be asked for, in seconds since the epoch; 0 where nothing is known. */
export function nextMailAt(email: string): number {
  try {
    const noted = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as { email: string; until: number } | null;
    return noted?.email === email ? noted.until : 0;
  } catch {
    return 0;
  }
}
