// Notices: the bell that stands on every page, and the list of all.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { anotherTab, axe, closeBrowser, open, passing, Server, stopClock, until } from "./harness.mjs";

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

/** The bell that says so many. */
function ringing(page, count) {
  const name = count === 0 ? "Notifications" : `Notifications, ${count} unread`;
  return page.getByRole("button", { name, exact: true });
}

/** Waits until the bell says so many. */
const rings = (page, count) => ringing(page, count).waitFor();

/** An auction that somebody leads. */
async function led(person, title, more = {}) {
  const auction = await server.auction(sally, { title, ...more });
  await server.join(person, auction);
  await server.bid(person, auction, { price: "100.00" });
  return auction;
}

/**
 * Two people. The first is not told that auctions begin: whether somebody who joins what has just begun is told so
 * hangs on who is faster, and here each notice is counted.
 */
async function people(name, rival) {
  const [one, other] = [await server.person(name), await server.person(rival)];
  const body = { started: { in_app: false, mail: false } };
  await server.must("PUT", "notification-preferences/", { token: one.token, body });
  return [one, other];
}

/** Waits until somebody has so many notices. */
const told = (person, count) => until(async () => (await unreadOf(person)) === count, `${count} notices`);

async function outbid(rival, auction, price = "150.00") {
  await server.call("POST", `auctions/${auction.id}/join_auction/`, { token: rival.token });
  await server.bid(rival, auction, { price });
}

async function overflows(page) {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test("39 a notice rings the bell as it comes, and is said politely", async () => {
  const [ada, max] = await people("Ada", "Max");
  const auction = await led(ada, "A walnut desk");
  const page = await open(server, "/won-auctions", { as: ada });
  await rings(page, 0);
  await outbid(max, auction);
  await rings(page, 1);
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
  const [ben, mia] = await people("Ben", "Mia");
  const auction = await led(ben, "A brass lamp");
  await outbid(mia, auction);
  await told(ben, 1);
  const page = await open(server, "/won-auctions", { as: ben });
  await rings(page, 1);
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
  await told(ben, 0);
  await rings(page, 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("39 two tabs agree on what is read within a second", async () => {
  const [cleo, max] = await people("Cleo", "Otto");
  const auction = await led(cleo, "A silver spoon");
  await outbid(max, auction);
  await told(cleo, 1);
  const one = await open(server, "/notifications", { as: cleo, clock: true });
  const other = await anotherTab(one, server, "/won-auctions");
  await rings(one, 1);
  await rings(other, 1);
  await stopClock(one);
  await one.locator("main").getByRole("button", { name: "Mark all as read" }).click();
  const isRead = () => ringing(other, 0).isVisible();
  const passed = await passing(other, isRead, { what: "the other tab to follow" });
  assert.ok(passed < 1_000, `the other tab follows within a second: ${passed} ms`);
  await one.clock.resume();
  await rings(one, 0);
  await one.getByText("Everything is read.").waitFor();
  assert.equal(await one.locator("main").getByText("Unread", { exact: true }).count(), 0);
  assert.deepEqual([...one.faults, ...other.faults], []);
  await one.context().close();
});

test("39 many notices at once are said at most every three seconds", async () => {
  const [dora, max] = await people("Dora", "Hugo");
  const lots = [];
  for (const title of ["One", "Two", "Three", "Four"]) lots.push(await led(dora, title));
  const page = await open(server, "/won-auctions", { as: dora, clock: true });
  await rings(page, 0);
  await stopClock(page);
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
  await told(dora, lots.length);
  let heard = [];
  const areTold = async () => {
    heard = await page.evaluate(() => globalThis.heard);
    return heard.some(([, text]) => /new notifications/.test(text));
  };
  await passing(page, areTold, { what: "the others to be said together", step: 50 });
  assert.ok(heard.length >= 2);
  for (let index = 1; index < heard.length; index += 1) {
    const pause = heard[index][0] - heard[index - 1][0];
    assert.ok(pause >= 3_000, `${pause} ms between ${JSON.stringify(heard)}`);
  }
  await page.context().close();
});

test("39 the list of notices says what is unread, marks one as read and keeps the focus in its row", async () => {
  const [eva, max] = await people("Eva", "Nils");
  const empty = await open(server, "/notifications", { as: eva });
  await empty.getByRole("heading", { name: "No notifications yet" }).waitFor();
  await empty.getByRole("link", { name: "See all auctions" }).waitFor();
  const auction = await led(eva, "A clock");
  await outbid(max, auction);
  const row = empty.getByRole("listitem").filter({ hasText: "You have been outbid" });
  await row.getByText("Unread", { exact: true }).waitFor();
  await told(eva, 1);
  await row.getByRole("button", { name: /Mark as read/ }).click();
  await row.getByText("Unread", { exact: true }).waitFor({ state: "detached" });
  await told(eva, 0);
  assert.equal(await row.getByRole("link").evaluate((link) => link === document.activeElement), true);
  assert.deepEqual(empty.faults, []);
  await empty.context().close();
});

test("39 nothing is said to be read before it is known", async () => {
  const [fay, max] = await people("Fay", "Olaf");
  await outbid(max, await led(fay, "A ladle"));
  await told(fay, 1);
  const page = await open(server, "about:blank", { as: fay });
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.routeWebSocket(/\/ws\/notifications\//, async (socket) => {
    await held;
    socket.connectToServer();
  });
  await page.goto("/notifications");
  await page.locator("main").getByText("Unread", { exact: true }).waitFor();
  const main = page.locator("main");
  assert.doesNotMatch(await main.textContent(), /Everything is read|1 unread/);
  const before = await main.getByRole("listitem").boundingBox();
  letGo();
  await main.getByText("1 unread", { exact: true }).waitFor();
  assert.deepEqual(await main.getByRole("listitem").boundingBox(), before, "nothing moves");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("39 a long list of notices is shown step by step", async () => {
  const [finn, max] = await people("Finn", "Vera");
  for (let number = 1; number <= 26; number += 1) await outbid(max, await led(finn, `Lot ${number}`));
  await told(finn, 26);
  const page = await open(server, "/notifications", { as: finn });
  const rows = page.locator("main").getByRole("listitem");
  await until(async () => (await rows.count()) === 25, "the first 25 rows");
  await page.getByRole("button", { name: "Show more" }).click();
  await until(async () => (await rows.count()) === 26, "all rows");
  assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  await page.context().close();
});

test("39 a hostile title in notices and lists is nothing but text (security 33)", async () => {
  const [gil, max] = await people("Gil", "Lars");
  const auction = await led(gil, HOSTILE);
  await outbid(max, auction);
  await told(gil, 1);
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
  const [lea, max] = await people("Lea", "Timo");
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
  const [moe, max] = await people("Moe", "Uwe");
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
