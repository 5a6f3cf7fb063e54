// What the tests of the auction's page share.
import assert from "node:assert/strict";
import { open, until } from "./harness.mjs";

export const path = (auction) => `/auction/${auction.id}`;

/** The page of an auction, once it is live. What it announces is gathered. */
export async function room(server, auction, as, options = {}) {
  const page = await open(server, path(auction), { as, ...options });
  await live(page);
  await listen(page);
  return page;
}

export async function live(page) {
  await page.locator('[data-connection="live"]').waitFor({ state: "attached" });
}

/** Gathers what the two regions of the layout announce. */
export async function listen(page) {
  await page.evaluate(() => {
    globalThis.said = [];
    for (const region of document.querySelectorAll("[aria-live]")) {
      new MutationObserver(() => globalThis.said.push({ text: region.textContent, at: performance.now() })).observe(
        region,
        { childList: true, characterData: true, subtree: true },
      );
    }
  });
}

export const said = (page) => page.evaluate(() => globalThis.said.map(({ text }) => text.replace(/\u00a0$/, "")));

/** Waits until something is announced. */
export function heard(page, pattern) {
  return until(async () => (await said(page)).find((text) => pattern.test(text)), `an announcement ${pattern}`);
}

export const panel = (page) => page.getByRole("complementary", { name: "Bidding" });
export const price = (page) => page.getByTestId("price");
export const countdown = (page) => page.getByTestId("countdown");
export const standing = (page, name) => page.locator(`[data-standing="${name}"]`);
export const reply = (page, result) => page.locator(`[data-reply="${result}"]`);
export const obstacle = (page, name) => page.locator(`[data-obstacle="${name}"]`);
export const quick = (page, amount) => panel(page).getByRole("button", { name: `Bid ${amount}`, exact: true });
export const dialog = (page) => page.getByRole("dialog");
export const field = (page) => panel(page).getByRole("textbox");

/** Waits until an element has this text. */
export function shows(locator, text) {
  return until(async () => {
    const found = await locator
      .first()
      .textContent({ timeout: 1_000 })
      .catch(() => null);
    return typeof text === "string" ? found === text : found !== null && text.test(found);
  }, `${locator} to show ${text}`);
}

/** From now on quick bids are placed without being asked about. */
export async function dontAsk(page) {
  await panel(page).getByRole("checkbox", { name: "Ask before quick bids" }).uncheck();
}

/** Bids by a quick button, and confirms. */
export async function bidQuickly(page, amount) {
  await quick(page, amount).click();
  await dialog(page)
    .getByRole("button", { name: `Bid ${amount}` })
    .click();
}

/** Bids an amount of one's own, and confirms. */
export async function bidOwn(page, text, kind = "Straight bid") {
  await panel(page).getByRole("radio", { name: kind }).check();
  await field(page).fill(text);
  await panel(page).getByRole("button", { name: "Review your bid" }).click();
  await dialog(page).getByRole("button", { name: /^Bid / }).click();
}

/** The bids of an auction as the server knows them, the newest first. */
export const bids = (server, auction, token) => server.must("GET", `auctions/${auction.id}/bids/`, { token });

/** An auction that these people have joined. */
export async function joined(server, seller, people, options) {
  const auction = await server.auction(seller, options);
  for (const person of people) await server.join(person, auction);
  return auction;
}

/** How many seconds a countdown says are left. */
export function secondsIn(text) {
  const units = { d: 86_400, h: 3_600, m: 60, s: 1 };
  const parts = [...text.matchAll(/(\d+)\s*([dhms])/g)];
  assert.ok(parts.length > 0, `no time in ${text}`);
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * units[unit], 0);
}

/** Waits until a countdown is right to a second. */
export function isRight(page, end) {
  return until(async () => {
    const text = await countdown(page).textContent();
    const left = (Date.parse(end) - Date.now()) / 1000;
    return Math.abs(secondsIn(text) - left) <= 1;
  }, "a countdown that is right");
}

export const fixed = (step) => ({ increments: { kind: "fixed", step } });
