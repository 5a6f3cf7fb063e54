/** The token of who is signed in, shared by all tabs of the site. */
import { useSyncExternalStore } from "react";
import { config } from "./config";

const KEY = `auction:token:${config.base}`;

/** `expired`: the server no longer takes the token; what was typed stays until the password is entered again. */
export type Session = { token: string | null; expired: boolean };

const listeners = new Set<() => void>();
let session: Session = { token: stored(), expired: false };

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function change(next: Session) {
  session = next;
  for (const listener of listeners) listener();
}

export function currentSession(): Session {
  return session;
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function signIn(token: string) {
  try {
    localStorage.setItem(KEY, token);
  } catch {
    // Without storage the session lasts as long as the page.
  }
  change({ token, expired: false });
}

export function forgetSession() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
  change({ token: null, expired: false });
}

/** The server refused the token with which something was asked. */
export function expireSession(token: string | null) {
  if (token !== null && token === session.token && !session.expired) change({ token, expired: true });
}

export function useSession(): Session {
  return useSyncExternalStore(subscribeSession, currentSession);
}

addEventListener("storage", (event) => {
  if (event.key !== KEY && event.key !== null) return;
  change({ token: stored(), expired: false });
});
