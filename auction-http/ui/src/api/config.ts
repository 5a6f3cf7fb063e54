/** What the server says about itself in the page: where it is mounted and what it allows. */

/** Somebody to try a demonstration as. */
export type DemoPerson = { name: string; email: string; password: string };

export type Config = {
  /** Under which path the site is mounted, with a slash at both ends. */
  base: string;
  /** Where the API is: a path of this origin, or an absolute address; `api/...` follows. */
  api: string;
  /** Where the sockets are: a path of this origin, or an absolute address; `ws/...` follows. */
  ws: string;
  currency: string;
  public_browsing: boolean;
  sellers: "open" | "approval" | "staff";
  email_verification: string;
  demo: DemoPerson[];
};

const DEFAULTS: Config = {
  base: "/",
  api: "/",
  ws: "/",
  currency: "USD",
  public_browsing: true,
  sellers: "open",
  email_verification: "required",
  demo: [],
};

function read(): Config {
  const text = document.querySelector('meta[name="auction:config"]')?.getAttribute("content");
  return text ? { ...DEFAULTS, ...(JSON.parse(text) as Partial<Config>) } : DEFAULTS;
}

export const config: Config = read();

/** Where calls go: openapi paths start with `/api`. */
export const apiBase = new URL(config.api, location.origin).href.replace(/\/$/, "");

/** The address of a socket, such as `auction/7/`. */
export function socketUrl(path: string): string {
  const url = new URL(config.ws, location.origin);
  url.protocol = url.protocol === "https:" || url.protocol === "wss:" ? "wss:" : "ws:";
  return `${url.href.replace(/\/$/, "")}/ws/${path}`;
}
