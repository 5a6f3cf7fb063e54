// What the browser tests share: the real server on a folder of its own, its mails, people, and browsers.
//
// AUCTION_SERVER names the binary (target/debug/auction-server where it is left out), CHROMIUM the browser, and
// UI_DIR a bundle that is served in place of the one in the binary.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const BINARY = process.env.AUCTION_SERVER ?? join(root, "target/debug/auction-server");
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** How long something may take before a test gives up, in milliseconds. */
export const PATIENCE = 20_000;

export const PASSWORD = "gavel-falls-twice";

/** Waits until `look` answers something that is true, and answers it. */
export async function until(look, what = "it", patience = PATIENCE) {
  const end = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits until so many elements match: what follows from an event comes with the next paint, or the one after it. */
export async function counted(locator, count) {
  let found = -1;
  await until(async () => {
    found = await locator.count();
    return found === count;
  }, `${count} of ${locator}`).catch((error) => {
    throw new Error(`${error.message}: there are ${found}`);
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A running server. */
export class Server {
  static async start({ args = [], env = {}, port, folder } = {}) {
    const server = new Server();
    server.folder = folder ?? mkdtempSync(join(tmpdir(), "auction-e2e-"));
    server.port = port ?? (await freePort());
    server.url = `http://127.0.0.1:${server.port}`;
    server.args = args;
    server.env = env;
    await server.run();
    return server;
  }

  /** Starts the process, also again after {@link kill}. */
  async run() {
    const ui = process.env.UI_DIR ? ["--ui-dir", process.env.UI_DIR] : [];
    const args = ["serve", "--data-dir", this.folder, "--listen", `127.0.0.1:${this.port}`, ...ui, ...this.args];
    const limits = { RATE_LIMIT_ANON: "off", RATE_LIMIT_USER: "off", RATE_LIMIT_SIGN_IN_ADDRESS: "100000" };
    const env = { PATH: process.env.PATH, LOG_FORMAT: "text", ...limits, ...this.env };
    this.process = spawn(BINARY, args, { env, cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    this.log = "";
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on("data", (data) => (this.log += data));
    await until(async () => {
      if (this.process.exitCode !== null) throw new Error(`the server ended:\n${this.log}`);
      const answer = await fetch(`${this.url}/api/health/ready/`).catch(() => null);
      return answer?.ok;
    }, "the server");
  }

  async kill(signal = "SIGKILL") {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill(signal);
    await ended;
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a subcommand beside the server, and answers what it printed. */
  async command(...args) {
    const child = spawn(BINARY, [...args, "--data-dir", this.folder], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error(`${args.join(" ")}: ${output}`);
    return output;
  }

  /** A call to the API; answers `{status, body}`. */
  async call(method, path, { token, body, headers = {} } = {}) {
    if (token) headers.Authorization = `Token ${token}`;
    if (body !== undefined && !(body instanceof FormData)) {
      headers["Content-Type"] = "application/json";
      body = JSON.stringify(body);
    }
    const answer = await fetch(`${this.url}/api/${path}`, { method, headers, body });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  /** The same, and it has to succeed: answers the body. */
  async must(method, path, options) {
    const { status, body } = await this.call(method, path, options);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** The mails to an address, the oldest first, as `{subject, text}`. */
  mails(address) {
    const folder = join(this.folder, "mail");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".eml"))
      .sort()
      .map((name) => readMail(readFileSync(join(folder, name), "utf8")))
      .filter((mail) => mail.to.includes(address));
  }

  /** The newest mail to an address in whose subject or text `pattern` is found: the match. */
  mailed(address, pattern) {
    return until(() => {
      for (const mail of this.mails(address).reverse()) {
        const match = pattern.exec(`${mail.subject}\n${mail.text}`);
        if (match) return match;
      }
      return null;
    }, `a mail to ${address} with ${pattern}`);
  }

  /** The code in the newest mail to an address. */
  async code(address) {
    return (await this.mailed(address, /\b(\d{6})\b/))[1];
  }

  /** Somebody with a proven address who is signed in: `{email, password, token}`. */
  async person(name, { password = PASSWORD } = {}) {
    const email = `${name.toLowerCase()}@people.example`;
    await this.must("POST", "register/", { body: { email, password, first_name: name, last_name: "Tester" } });
    await this.must("POST", "verify-otp/", { body: { email, otp: await this.code(email) } });
    return { name, email, password, token: await this.token(email, password) };
  }

  async token(email, password = PASSWORD) {
    return (await this.must("POST", "login/", { body: { email, password } })).token;
  }

  /** A seller. */
  async seller(name = "Sally") {
    const person = await this.person(name);
    await this.must("POST", "become-seller/", { token: person.token });
    return person;
  }

  /** An auction. `from` and `to` are seconds from now. */
  async auction(seller, { title = "A walnut desk", from = -1, to = 3600, terms = {}, ...rest } = {}) {
    const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
    const body = {
      title,
      description: "Old, and in good order.",
      starting_price: "100.00",
      start_date_time: at(from),
      end_date_time: at(to),
      terms: { join_until: "end", first_bid: "at_least", ...terms },
      ...rest,
    };
    return await this.must("POST", "auctions/", { token: seller.token, body });
  }

  async join(person, auction) {
    await this.must("POST", `auctions/${auction.id}/join_auction/`, { token: person.token });
  }

  /** A bid; `{price}` or `{max}`. */
  async bid(person, auction, bid) {
    return await this.must("POST", `auctions/${auction.id}/bids/`, { token: person.token, body: bid });
  }
}

/** Headers and the first plain text of a mail, decoded. */
function readMail(source) {
  const [head = "", ...rest] = source.split(/\r?\n\r?\n/);
  const unfolded = head.replace(/\r?\n[ \t]+/g, " ");
  const header = (name) => new RegExp(`^${name}: (.*)$`, "im").exec(unfolded)?.[1] ?? "";
  const body = rest.join("\n\n");
  const text = /content-transfer-encoding: quoted-printable/i.test(source) ? unquoted(body) : body;
  return { to: header("To"), subject: words(header("Subject")), text };
}

function unquoted(text) {
  const bytes = text
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function words(text) {
  return text.replace(/=\?utf-8\?([bq])\?([^?]*)\?=\s*/gi, (_, kind, word) =>
    kind.toLowerCase() === "b" ? Buffer.from(word, "base64").toString("utf8") : unquoted(word.replaceAll("_", " ")),
  );
}

let shared;

/** A browser for all tests of a file. */
export async function browser() {
  shared ??= await chromium.launch({ executablePath: BROWSER, args: FLAGS });
  return shared;
}

export async function closeBrowser() {
  await shared?.close();
  shared = undefined;
}

/**
 * A page in a profile of its own, with what went wrong on it in `page.faults`: errors of the console, exceptions,
 * refusals by the policy, and requests to other origins. What the server refuses is no fault of the page: an answer of
 * 4xx, or a socket whose token was ended a moment before (both are printed by the browser whatever the page does).
 *
 * With `clock` its time can be stopped: {@link stopClock}.
 */
export async function open(server, path = "/", { as, clock = false, ...options } = {}) {
  const context = await (await browser()).newContext({
    baseURL: server.url,
    locale: "en-US",
    timezoneId: "Europe/Madrid",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  if (clock) await context.clock.install();
  if (as) await signedIn(context, server, as);
  const page = await context.newPage();
  watch(page, server);
  await page.goto(path);
  return page;
}

/** How far a page's time jumps as it is stopped, in milliseconds: it cannot stop in the past, however slow the call. */
const JUMP = 5_000;

/**
 * Stops the time of a page that was opened with `clock`, and of the others of its profile. From here on it passes in
 * {@link passing} only, so that what is found out about pauses does not depend on how busy the machine is.
 */
export async function stopClock(page) {
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + JUMP);
}

/** Lets a page's time pass in steps until `look` answers something that is true. Answers how many milliseconds passed. */
export async function passing(page, look, { what, step = 10 } = {}) {
  let passed = 0;
  await until(async () => {
    if (await look()) return true;
    await page.clock.runFor(step);
    passed += step;
    return false;
  }, what);
  return passed;
}

/** Another page of the same profile. */
export async function anotherTab(page, server, path) {
  const tab = await page.context().newPage();
  watch(tab, server);
  await tab.goto(path);
  return tab;
}

async function signedIn(context, server, person) {
  await context.addInitScript(
    ([origin, token]) => {
      if (location.origin === origin && !sessionStorage.getItem("signed-in")) {
        sessionStorage.setItem("signed-in", "yes");
        localStorage.setItem("auction:token:/", token);
      }
    },
    [server.url, person.token],
  );
}

const REFUSALS = [
  /^Failed to load resource: the server responded with a status of 4\d\d/,
  /^WebSocket connection to .* failed: HTTP Authentication failed; no valid credentials available$/,
];

function watch(page, server) {
  page.faults = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !REFUSALS.some((refusal) => refusal.test(text))) {
      page.faults.push(`console: ${text}`);
    }
  });
  page.on("pageerror", (error) => page.faults.push(`exception: ${error.stack}`));
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== server.url && protocol !== "data:" && protocol !== "blob:")
      page.faults.push(`another origin: ${request.url()}`);
  });
}

/** What axe finds wrong on a page, in short. Colours that are on their way to others are waited for. */
export async function axe(page) {
  await page.evaluate(axeSource());
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation.effect.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .map(({ finished }) => finished),
    ),
  );
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(wrongWith).join(", ")}`);
}

const wrongWith = ({ target, any }) => [target.join(" "), ...any.map(({ message }) => message)].join(" ");

let source;
function axeSource() {
  source ??= readFileSync(fileURLToPath(new URL("../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");
  return source;
}
