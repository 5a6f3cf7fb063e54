// The connection of the auction's page: points 30 to 34.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  bidQuickly,
  bids,
  dialog,
  field,
  fixed,
  joined,
  live,
  panel,
  path,
  price,
  quick,
  reply,
  room,
  shows,
  standing,
} from "./bidding-things.mjs";
import { anotherTab, closeBrowser, open, passing, Server, stopClock, until } from "./harness.mjs";

let server;
let sally;
let ann;
let bob;
before(async () => {
  server = await Server.start();
  sally = await server.seller();
  [ann, bob] = [await server.person("Ann"), await server.person("Bob")];
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const both = (options) => joined(server, sally, [ann, bob], { terms: fixed("5.00"), ...options });
const connection = (page, name) => page.locator(`[data-connection="${name}"]`);

/** The amounts of the rows that a page shows, the newest first. No two bids here are of one amount. */
const amounts = (page) => page.locator("main table tbody tr > :last-child").allTextContents();

/** Waits until a page shows each bid of an auction once, and in order. */
async function showsAll(page, auction) {
  const expected = (await bids(server, auction)).map((row) => `$${row.price}`);
  let found;
  await until(async () => {
    found = await amounts(page);
    return JSON.stringify(found) === JSON.stringify(expected);
  }, "all rows").catch((error) => {
    throw new Error(`${error.message}: ${found} and not ${expected}`);
  });
}

/** Forgets faults that a connection that breaks brings with it. */
const others = (page) => page.faults.filter((fault) => !/WebSocket|ERR_|Failed to load/.test(fault));

for (const who of ["a bidder", "a visitor"]) {
  test(`30 and 31 a server that is killed and comes back: ${who} sees everything once`, async () => {
    const auction = await both();
    for (let index = 0; index < 3; index += 1)
      await server.bid(index % 2 ? bob : ann, auction, { price: `${100 + index * 5}.00` });
    const page = await room(server, auction, who === "a bidder" ? ann : undefined);
    await shows(connection(page, "live"), "Live");
    await showsAll(page, auction);
    await server.kill("SIGKILL");
    await connection(page, "reconnecting").waitFor();
    assert.match(await connection(page, "reconnecting").textContent(), /^Reconnecting…As of \d+:\d\d:\d\d/);
    await server.run();
    // What happens before the page is back is not missed.
    for (let index = 3; index < 9; index += 1)
      await server.bid(index % 2 ? bob : ann, auction, { price: `${100 + index * 5}.00` });
    await live(page);
    await showsAll(page, auction);
    await server.bid(bob, auction, { price: "300.00" });
    await shows(price(page), "$300.00");
    await showsAll(page, auction);
    assert.deepEqual(others(page), []);
  });
}

test("31 tries to come back are jittered, and grow apart", async () => {
  const auction = await both();
  const page = await open(server, "/nowhere", { as: ann });
  await page.addInitScript(() => {
    globalThis.tries = [];
    const Real = globalThis.WebSocket;
    globalThis.WebSocket = class extends Real {
      constructor(...args) {
        super(...args);
        // That of the bell has pauses of its own.
        if (this.url.includes("/ws/auction/")) globalThis.tries.push(performance.now());
      }
    };
  });
  await page.goto(path(auction));
  await live(page);
  const started = await page.evaluate(() => globalThis.tries.length);
  await server.kill("SIGKILL");
  await until(async () => (await page.evaluate(() => globalThis.tries.length)) >= started + 5, "five tries");
  const tries = await page.evaluate(() => globalThis.tries);
  await server.run();
  await live(page);
  const again = tries.slice(started);
  const pauses = again.slice(1).map((at, index) => at - again[index]);
  // The n-th pause lasts at least half of 400 ms times 2^n. That it is no longer than the whole is tested where no
  // machine is busy, in test/socket.test.ts.
  for (const [index, pause] of pauses.entries()) {
    const whole = 400 * 2 ** (index + 1);
    assert.ok(pause >= whole / 2 - 20, `pause ${index}: ${pauses}`);
  }
});

test("31 a bid whose answer is lost with the connection is placed once", async () => {
  const auction = await both();
  const page = await room(server, auction, ann);
  // The server gets the bid and the page gets no answer: it is killed before it can read on.
  server.process.kill("SIGSTOP");
  await bidQuickly(page, "$100.00");
  await reply(page, "pending").waitFor();
  await server.kill("SIGKILL");
  await server.run();
  await live(page);
  await standing(page, "leading").waitFor();
  await until(async () => (await bids(server, auction)).length === 1, "one bid");
  await reply(page, "leading").waitFor();
  await showsAll(page, auction);
  assert.deepEqual(others(page), []);
});

test("31 a socket that hangs without a word is given up", async () => {
  const auction = await both();
  const page = await open(server, "/nowhere", { as: ann });
  let isSilent = false;
  let opened = 0;
  await page.routeWebSocket(/\/ws\/auction\//, (socket) => {
    opened += 1;
    const upstream = socket.connectToServer();
    const isFirst = opened === 1;
    socket.onMessage((message) => {
      if (!(isFirst && isSilent)) upstream.send(message);
    });
    upstream.onMessage((message) => {
      if (!(isFirst && isSilent)) socket.send(message);
    });
  });
  await page.goto(path(auction));
  await live(page);
  isSilent = true;
  await server.bid(bob, auction, { price: "100.00" });
  // Who looks at a page asks at once.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await until(() => opened > 1, "another socket");
  await live(page);
  await shows(price(page), "$100.00");
  await showsAll(page, auction);
});

test("32 offline the page says from when it is, and why one cannot bid", async () => {
  const auction = await both();
  const page = await room(server, auction, ann);
  await field(page).fill("123");
  const before = Date.now();
  await page.context().setOffline(true);
  await connection(page, "offline").waitFor();
  const text = await connection(page, "offline").textContent();
  const told = /^OfflineAs of (\d+):(\d\d):(\d\d)\s?([AP]M)$/.exec(text);
  assert.ok(told, text);
  const expected = new Intl.DateTimeFormat("en-US", { timeStyle: "medium", timeZone: "Europe/Madrid" });
  const near = [-1_000, 0, 1_000, 2_000].map((ms) => expected.format(new Date(before + ms)).replaceAll("\u202f", " "));
  assert.ok(
    near.some((time) => text.replaceAll("\u202f", " ").endsWith(time)),
    `${text} ${near}`,
  );
  const button = quick(page, "$100.00");
  assert.equal(await button.getAttribute("aria-disabled"), "true");
  const why = await page.locator(`[id="${await button.getAttribute("aria-describedby")}"]`).textContent();
  assert.match(why, /You are offline\. You can bid again as soon as the connection is back\./);
  await button.click({ force: true });
  assert.equal(await dialog(page).count(), 0);
  await field(page).press("Enter");
  assert.equal(await dialog(page).count(), 0);
  await server.bid(bob, auction, { price: "100.00" });
  await page.context().setOffline(false);
  await live(page);
  await shows(price(page), "$100.00");
  assert.equal(await field(page).inputValue(), "123");
  assert.equal(await connection(page, "live").textContent(), "Live");
  assert.deepEqual(others(page), []);
});

test("33 a session that ends asks for the password, and what was typed stays", async () => {
  const auction = await both();
  const cleo = await server.person("Cleo");
  await server.join(cleo, auction);
  const page = await room(server, auction, cleo);
  await panel(page).getByRole("radio", { name: "Maximum bid" }).check();
  await field(page).fill("432");
  await server.must("POST", "logout/", { token: cleo.token });
  // The socket is closed by the server, without a bid.
  await dialog(page)
    .getByLabel(/password/i)
    .waitFor();
  await dialog(page)
    .getByLabel(/password/i)
    .fill(cleo.password);
  await dialog(page).getByRole("button", { name: "Sign in" }).click();
  await dialog(page).waitFor({ state: "detached" });
  await live(page);
  assert.equal(await field(page).inputValue(), "432");
  assert.ok(await panel(page).getByRole("radio", { name: "Maximum bid" }).isChecked());
  await field(page).press("Enter");
  await dialog(page).getByRole("button", { name: "Bid up to $432.00" }).click();
  await standing(page, "leading").waitFor();
  await panel(page).getByText("Your maximum: $432.00. Only you see it.").waitFor();
  assert.deepEqual(others(page), []);
});

test("33 a token that died before the page was opened asks for the password too", async () => {
  const auction = await both();
  const dora = await server.person("Dora");
  await server.join(dora, auction);
  await server.must("POST", "logout/", { token: dora.token });
  const page = await open(server, path(auction), { as: dora });
  await dialog(page)
    .getByLabel(/password/i)
    .waitFor();
  await page.getByRole("heading", { level: 1, name: auction.title }).waitFor();
});

test("34 two tabs agree within a second", async () => {
  const auction = await both();
  const page = await room(server, auction, ann, { clock: true });
  const tab = await anotherTab(page, server, path(auction));
  await live(tab);
  await stopClock(page);
  await bidQuickly(page, "$100.00");
  const agrees = async () =>
    (await standing(tab, "leading").isVisible()) && (await price(tab).textContent()) === "$100.00";
  const passed = await passing(tab, agrees, { what: "the other tab to follow" });
  assert.ok(passed < 1_000, `${passed} ms`);
  await page.clock.resume();
  await standing(page, "leading").waitFor();
  await showsAll(tab, auction);
  await server.bid(bob, auction, { price: "105.00" });
  for (const one of [page, tab]) await standing(one, "outbid").waitFor();
  for (const one of [page, tab]) await showsAll(one, auction);
  for (const one of [page, tab]) assert.deepEqual(one.faults, []);
});
