// What the tests of the list and of its cards share.
import assert from "node:assert/strict";
import { open } from "./harness.mjs";

export const WIDE = { width: 1280, height: 900 };
export const NARROW = { width: 320, height: 640 };
export const LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis".repeat(3);

export const cards = (page) => page.locator("article");
export const card = (page, lot) => page.locator(`article[data-auction="${lot.id}"]`);
export const said = (page) => page.locator('[aria-live="polite"]');
export const shown = (locator) => locator.waitFor();
export const gone = (locator) => locator.waitFor({ state: "detached" });

/** The titles on the page, in their order. */
export const titles = (page) => cards(page).locator("h3").allTextContents();

/** A house with fifty chairs, of which each ends later and starts dearer than the one before, and two lots besides. */
export async function furnish(server) {
  const seller = await server.seller();
  const boss = await server.person("Boss");
  await server.command("user", "role", boss.email, "admin");
  const body = { name: "Furniture", description: "Tables, chairs and what is put into them." };
  const category = await server.must("POST", "categories/", { token: boss.token, body });
  const lots = [];
  for (let number = 1; number <= 50; number += 1) {
    const title = `Walnut chair ${String(number).padStart(2, "0")}`;
    const starting_price = `${100 * number}.00`;
    lots.push(await server.auction(seller, { title, to: 3600 * number, starting_price, category: category.id }));
  }
  await server.auction(seller, { title: "Oak table", from: 7200, to: 3600 * 60 });
  await server.auction(seller, { title: LONG, to: 3600 * 70, starting_price: "123456789.00" });
  return { seller, boss, lots };
}

/** Opens a page that counts how far its parts were moved without anybody's doing, and what the policy forbade. */
export async function watched(on, path, options) {
  const page = await open(on, "about:blank", options);
  await page.addInitScript(() => {
    globalThis.moved = 0;
    globalThis.forbidden = [];
    addEventListener("securitypolicyviolation", (event) => globalThis.forbidden.push(event.violatedDirective));
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) if (!shift.hadRecentInput) globalThis.moved += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const begin = performance.now();
  await page.goto(path);
  await shown(cards(page).first());
  page.took = performance.now() - begin;
  return page;
}

/** Nothing has to be scrolled sideways. */
export async function fits(page) {
  const [wide, room] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok(wide <= room, `${wide} px in ${room} px at ${page.url()}`);
}

/** Lets go of what waits for it when it is told to. */
export function gate() {
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  return { held, release };
}
