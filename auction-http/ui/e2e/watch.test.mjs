// Notices: the bell that stands on every page, and the list of all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { anotherTab, axe, closeBrowser, open, Server, until } from "./harness.mjs";

const HOSTILE = `<img src=x onerror="document.title='owned'">“&quot;<script>alert(1)</script>`;

let server;
let sally;

before(async () => {
  server = await Server.start({ env: { RATE_LIMIT_BIDS: "off" } });
  sally = await server.seller();
});

after(async () => {
  await closeBrowser();
  await server.stop();
});

const bell = (page) => page.locator('button[popovertarget="notices"]');
const panel = (page) => page.getByRole("dialog", { name: "Newest notifications" });

async function unreadOf(person) {
  return (await server.must("GET", "notifications/unread_count/", { token: person.token })).unread_count;
}

/** Waits until the bell says so many. */
async function rings(page, count) {
  const name = count === 0 ? "Notifications" : `Notifications, ${count} unread`;
  await page.getByRole("button", { name, exact: true }).waitFor();
}

/** An auction that somebody leads. */
async function led(person, title, more = {}) {
  const auction = await server.auction(sally, { title, ...more });
  await server.join(person, auction);
  await server.bid(person, auction, { price: "100.00" });
  return auction;
}

/** Whoever joins what has started is told that it has: one notice for each auction, a little later. */
async function told(person, count) {
  await until(async () => (await unreadOf(person)) >= count, `${count} notices`);
  return await unreadOf(person);
}

async function outbid(rival, auction, price = "150.00") {
  await server.call("POST", `auctions/${auction.id}/join_auction/`, { token: rival.token });
  await server.bid(rival, auction, { price });
}

async function overflows(page) {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test("39 a notice rings the bell as it comes, and is said politely", async () => {
  const [ada, max] = [await server.person("Ada"), await server.person("Max")];
  const auction = await led(ada, "A walnut desk");
  const had = await told(ada, 1);
  const page = await open(server, "/won-auctions", { as: ada });
  await rings(page, had);
  await outbid(max, auction);
  await rings(page, had + 1);
  await until(
    async () => /Somebody else leads “A walnut desk” at \$150\.00\./.test(await said(page)),
    "the notice to be said",
  );
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

async function said(page) {
  return await page.locator('[aria-live="polite"]').last().textContent();
}

test("39 the newest notices open, close and are followed by keyboard, and what is followed is read", async () => {
  const [ben, mia] = [await server.person("Ben"), await server.person("Mia")];
  const auction = await led(ben, "A brass lamp");
  await outbid(mia, auction);
  const had = await told(ben, 2);
  const page = await open(server, "/won-auctions", { as: ben });
  await rings(page, had);
  await bell(page).focus();
  await page.keyboard.press("Enter");
  const notice = panel(page).getByRole("link", { name: /You have been outbid/ });
  await notice.waitFor();
  assert.match(await notice.textContent(), /Unread/);
  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "hidden" });
  assert.equal(await bell(page).evaluate((button) => button === document.activeElement), true);

  await page.keyboard.press("Enter");
  await notice.waitFor();
  await until(async () => {
    await page.keyboard.press("Tab");
    return await notice.evaluate((link) => link === document.activeElement);
  }, "the focus to come to the notice");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/auction/${auction.id}/bidding`);
  await panel(page).waitFor({ state: "hidden" });
  await until(async () => (await unreadOf(ben)) === had - 1, "the notice to be read");
  await rings(page, had - 1);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("39 two tabs agree on what is read within a second", async () => {
  const [cleo, max] = [await server.person("Cleo"), await server.person("Otto")];
  const auction = await led(cleo, "A silver spoon");
  await outbid(max, auction);
  const had = await told(cleo, 2);
  const one = await open(server, "/notifications", { as: cleo });
  const other = await anotherTab(one, server, "/won-auctions");
  await rings(one, had);
  await rings(other, had);
  await one.locator("main").getByRole("button", { name: "Mark all as read" }).click();
  await until(async () => (await unreadOf(cleo)) === 0, "all to be read");
  const since = performance.now();
  await rings(other, 0);
  assert.ok(performance.now() - since < 1000, "the other tab follows within a second");
  await rings(one, 0);
  await one.getByText("Everything is read.").waitFor();
  assert.equal(await one.locator("main").getByText("Unread", { exact: true }).count(), 0);
  assert.deepEqual([...one.faults, ...other.faults], []);
  await one.context().close();
});

test("39 many notices at once are said at most every three seconds", async () => {
  const [dora, max] = [await server.person("Dora"), await server.person("Hugo")];
  const lots = [];
  for (const title of ["One", "Two", "Three", "Four"]) lots.push(await led(dora, title));
  const had = await told(dora, lots.length);
  const page = await open(server, "/won-auctions", { as: dora });
  await rings(page, had);
  await page.evaluate(() => {
    const regions = [...document.querySelectorAll('[aria-live="polite"]')];
    globalThis.heard = [];
    for (const region of regions) {
      new MutationObserver(() => globalThis.heard.push([performance.now(), region.textContent])).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    }
  });
  for (const lot of lots) await outbid(max, lot);
  await rings(page, had + lots.length);
  const heard = await until(async () => {
    const all = await page.evaluate(() => globalThis.heard);
    return all.some(([, text]) => /new notifications/.test(text)) ? all : null;
  }, "the others to be said together");
  assert.ok(heard.length >= 2);
  for (let index = 1; index < heard.length; index += 1) {
    const pause = heard[index][0] - heard[index - 1][0];
    assert.ok(pause >= 2900, `${pause} ms between ${JSON.stringify(heard)}`);
  }
  await page.context().close();
});

test("39 the list of notices says what is unread, marks one as read and keeps the focus in its row", async () => {
  const [eva, max] = [await server.person("Eva"), await server.person("Nils")];
  const empty = await open(server, "/notifications", { as: eva });
  await empty.getByRole("heading", { name: "No notifications yet" }).waitFor();
  await empty.getByRole("link", { name: "See all auctions" }).waitFor();
  const auction = await led(eva, "A clock");
  await outbid(max, auction);
  const row = empty.getByRole("listitem").filter({ hasText: "You have been outbid" });
  await row.getByText("Unread", { exact: true }).waitFor();
  const had = await told(eva, 2);
  await row.getByRole("button", { name: /Mark as read/ }).click();
  await row.getByText("Unread", { exact: true }).waitFor({ state: "detached" });
  assert.equal(await unreadOf(eva), had - 1);
  assert.equal(await row.getByRole("link").evaluate((link) => link === document.activeElement), true);
  assert.deepEqual(empty.faults, []);
  await empty.context().close();
});

test("39 a long list of notices is shown step by step", async () => {
  const [finn, max] = [await server.person("Finn"), await server.person("Vera")];
  for (let number = 1; number <= 14; number += 1) await outbid(max, await led(finn, `Lot ${number}`));
  await told(finn, 28);
  const page = await open(server, "/notifications", { as: finn });
  const rows = page.locator("main").getByRole("listitem");
  await until(async () => (await rows.count()) === 25, "the first 25 rows");
  await page.getByRole("button", { name: "Show more" }).click();
  await until(async () => (await rows.count()) >= 28, "all rows");
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  await page.context().close();
});

test("39 a hostile title in notices and lists is nothing but text (security 33)", async () => {
  const [gil, max] = [await server.person("Gil"), await server.person("Lars")];
  const auction = await led(gil, HOSTILE);
  await outbid(max, auction);
  await told(gil, 2);
  const page = await open(server, "/won-auctions", { as: gil });
  for (const path of ["/notifications", "/my-auctions", "/my-auctions?view=bids"]) {
    await page.goto(path);
    await page.locator("main").getByText(HOSTILE, { exact: false }).first().waitFor();
    await bell(page).click();
    await panel(page).getByText(HOSTILE, { exact: false }).first().waitFor();
    assert.equal(await page.locator('img[src="x"], main script').count(), 0);
    assert.doesNotMatch(await page.title(), /owned/);
  }
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("6 axe finds nothing on the page of notices, in both themes and with the bell open", async () => {
  const [lea, max] = [await server.person("Lea"), await server.person("Timo")];
  await outbid(max, await led(lea, "Outbid on"));
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(server, "/notifications", { as: lea, colorScheme });
    await page.locator("main").getByText("Outbid on").first().waitFor();
    await bell(page).click();
    await panel(page)
      .getByRole("link", { name: /You have been outbid/ })
      .waitFor();
    assert.deepEqual(await axe(page), [], colorScheme);
    await page.context().close();
  }
});

test("5 neither notices nor the bell scroll sideways at 320 pixels", async () => {
  const [moe, max] = [await server.person("Moe"), await server.person("Uwe")];
  const title = "An Edwardian emerald pendant with an unreasonably long title Donaudampfschifffahrtsgesellschaft";
  await outbid(max, await led(moe, title), "1234567.00");
  const page = await open(server, "/notifications", { as: moe, viewport: { width: 320, height: 640 } });
  await page.locator("main").getByText(title).first().waitFor();
  assert.ok((await overflows(page)) <= 0);
  await bell(page).click();
  await panel(page).getByText(title).first().waitFor();
  const box = await panel(page).boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
  assert.ok(await panel(page).evaluate((element) => element.scrollWidth <= element.clientWidth));
  await page.context().close();
});
