/** Where somebody goes who has signed in. */

const HOME = "/";
const HERE = "http://site.invalid";
/** Pages that have nothing to say to somebody who is signed in. */
const BEFORE = ["/login", "/register", "/verify-otp", "/forgot-password", "/reset-password"];

/**
 * The page that was asked for, where it is one of this site; home otherwise.
 *
 * Anybody can put anything into a link to the sign-in page, so the browser's own reading decides: what it takes for
 * another origin (`//evil`, `/\evil`, a tab between the slashes) is not followed.
 */
export function safeNext(asked: string | null): string {
  if (!asked?.startsWith("/")) return HOME;
  let url: URL;
  try {
    url = new URL(asked, HERE);
  } catch {
    return HOME;
  }
  if (url.origin !== HERE || url.pathname.startsWith("//")) return HOME;
  return BEFORE.includes(url.pathname.replace(/\/$/, "")) ? HOME : url.pathname + url.search + url.hash;
}

/** The path of a page with what it has to know, and where one goes afterwards. */
export function withNext(path: string, next: string, also: Record<string, string> = {}): string {
  const search = new URLSearchParams(also);
  if (next !== HOME) search.set("next", next);
  return search.size > 0 ? `${path}?${search}` : path;
}
