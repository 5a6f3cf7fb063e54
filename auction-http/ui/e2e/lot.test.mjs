// Pictures, the history of bids, and the price over time, on the page of an auction.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, counted, open, Server, until } from "./harness.mjs";
import { withPictures } from "./lot-things.mjs";

let server;
let sally;
let ann;
let bob;
before(async () => {
  server = await Server.start({ env: { RATE_LIMIT_BIDS: "off" } });
  sally = await server.seller();
  [ann, bob] = [await server.person("Annabel"), await server.person("Roberto")];
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const auctionUrl = (auction) => `/auction/${auction.id}`;

/** An auction that Annabel and Roberto have joined. */
async function joined(options = {}) {
  const auction = await server.auction(sally, options);
  for (const person of [ann, bob]) await server.join(person, auction);
  return auction;
}

/** Bids of both by turns, each a dollar more, from `from` on. */
async function bidsByTurns(auction, count, from = 100) {
  for (let index = 0; index < count; index += 1) {
    await server.bid(index % 2 === 0 ? ann : bob, auction, { price: `${from + index}.00` });
  }
}

const history = (page) => page.getByRole("table", { name: /the newest first/ });
const bodyRows = (page) => history(page).locator("tbody tr");
const cells = async (row) =>
  (await row.locator("td, th").allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());

test("28 the history is a table with a caption and headings, the newest bid first", async () => {
  const auction = await joined();
  await bidsByTurns(auction, 3);
  const page = await open(server, auctionUrl(auction), { as: ann });
  await until(async () => (await bodyRows(page).count()) === 3, "three rows");
  assert.match(await history(page).locator("caption").textContent(), /^3 bids/);
  assert.ok(await history(page).locator("caption").isVisible());
  assert.deepEqual(await history(page).locator("thead th[scope=col]").allInnerTexts(), ["Time", "Bidder", "Amount"]);
  await counted(history(page).locator("tbody th[scope=row]"), 3);
  const amounts = await history(page).locator("tbody td:last-child").allInnerTexts();
  assert.deepEqual(amounts, ["$102.00", "$101.00", "$100.00"]);
  const time = bodyRows(page).first().locator("time");
  const stamp = await time.getAttribute("datetime");
  assert.ok(Math.abs(Date.parse(stamp) - Date.now()) < 60_000, stamp);
  const title = await time.getAttribute("title");
  assert.match(title, /\d:\d\d:\d\d (AM|PM)/);
  assert.match(title, /UTC/);
  assert.deepEqual(page.faults, []);
});

test("28 names are masked, and your own rows say so in a word", async () => {
  const auction = await joined();
  await bidsByTurns(auction, 2);
  const page = await open(server, auctionUrl(auction), { as: ann });
  await until(async () => (await bodyRows(page).count()) === 2, "two rows");
  const [others, own] = [await cells(bodyRows(page).nth(0)), await cells(bodyRows(page).nth(1))];
  assert.match(others[1], /^r\*\*\*o@people\.example$/);
  assert.match(own[1], /annabel@people\.example \(you\)/);
  const visitor = await open(server, auctionUrl(auction));
  await until(async () => (await bodyRows(visitor).count()) === 2, "two rows for a visitor");
  const text = await history(visitor).textContent();
  assert.doesNotMatch(text, /annabel|roberto|\(you\)/);
});

test("28 automatic bids are named and explained", async () => {
  const auction = await joined();
  await server.bid(ann, auction, { max: "500.00" });
  await server.bid(bob, auction, { price: "200.00" });
  const page = await open(server, auctionUrl(auction), { as: bob });
  await until(async () => (await bodyRows(page).count()) === 3, "three rows");
  assert.match((await cells(bodyRows(page).first()))[1], /^a\*\*\*l@people\.example automatic$/);
  await page.getByText("Automatic bids are placed by the house up to a maximum").waitFor();
  assert.match(await history(page).locator("caption").textContent(), /^2 bids/);
});

test("28 a bid of somebody else stands in the table at once", async () => {
  const auction = await joined();
  const page = await open(server, auctionUrl(auction), { as: ann });
  await page.getByText("No bids yet.").first().waitFor();
  await server.bid(bob, auction, { price: "123.00" });
  await history(page).getByText("$123.00").waitFor();
  await server.bid(ann, auction, { price: "150.00" });
  const own = bodyRows(page).filter({ hasText: "$150.00" });
  await own.getByText("(you)").waitFor();
  await counted(bodyRows(page), 2);
});

test("28 the history shows fifty rows, and goes on to the first bid", async () => {
  const auction = await joined();
  await bidsByTurns(auction, 530);
  const page = await open(server, auctionUrl(auction), { as: ann });
  await until(async () => (await bodyRows(page).count()) === 50, "fifty rows");
  const more = page.getByRole("button", { name: "Show more" });
  for (const rows of [150, 250, 350, 450, 530]) {
    await more.click();
    await until(async () => (await bodyRows(page).count()) === rows, `${rows} rows`);
  }
  await more.waitFor({ state: "detached" });
  assert.equal((await cells(bodyRows(page).last())).at(-1), "$100.00");
  assert.deepEqual(page.faults, []);
});

test("28 the chart tells the first and the last price, and names the table as its alternative", async () => {
  const auction = await joined();
  const page = await open(server, auctionUrl(auction), { as: ann });
  await page.getByText("The chart of the price appears with the second bid.").waitFor();
  await bidsByTurns(auction, 4);
  const chart = page.getByRole("img", { name: "Price over time: from $100.00 to $103.00, 4 bids" });
  await chart.waitFor();
  const described = await chart.getAttribute("aria-describedby");
  assert.match(await page.locator(`[id="${described}"]`).textContent(), /bid history/);
  await page.getByRole("link", { name: "Go to the table" }).click();
  const focused = await page.evaluate(() => document.activeElement?.querySelector("h2")?.textContent);
  assert.equal(focused, "Bid history");
  assert.ok(await history(page).isVisible());
});

test("28 the chart marks extensions and the reserve, and the row says to when the end moved", async () => {
  const auction = await joined({
    to: 90,
    terms: {
      reserve: "150.00",
      reserve_visibility: "public",
      closing: { kind: "reset", window_s: 600, trigger: "any_accepted" },
    },
  });
  await bidsByTurns(auction, 2);
  const page = await open(server, auctionUrl(auction), { as: ann });
  const chart = page.getByRole("img", { name: /^Price over time/ });
  await until(async () => /extended/.test((await chart.getAttribute("aria-label")) ?? ""), "the extensions");
  const label = await chart.getAttribute("aria-label");
  assert.match(label, /the reserve is \$150\.00/);
  assert.doesNotMatch(label, /reserve is met/);
  await page.getByText("Reserve $150.00", { exact: true }).first().waitFor();
  await page.getByText("End extended", { exact: true }).waitFor();
  await bodyRows(page)
    .first()
    .getByText(/End extended to \d/)
    .waitFor();
  await server.bid(ann, auction, { price: "160.00" });
  await page.getByRole("img", { name: /the reserve is met/ }).waitFor();
});

test("28 the chart has a round price at each line and a time at its foot, as wide as there is room", async () => {
  const auction = await joined();
  await bidsByTurns(auction, 30);
  for (const width of [320, 1280]) {
    const page = await open(server, auctionUrl(auction), { viewport: { width, height: 800 } });
    const chart = page.getByRole("img", { name: /^Price over time/ });
    await chart.waitFor();
    const texts = await chart.locator("text").allTextContents();
    assert.ok(texts.includes("$100") && texts.includes("$130"), texts.join());
    assert.ok(
      texts.some((text) => /^\d+:\d\d/.test(text)),
      texts.join(),
    );
    const box = await chart.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
    await page.context().close();
  }
});

test("28 a thousand bids leave the page quick while more come in", async () => {
  const auction = await joined();
  await bidsByTurns(auction, 1_000);
  const page = await open(server, auctionUrl(auction));
  await until(async () => (await bodyRows(page).count()) === 50, "fifty rows");
  await page.evaluate(() => {
    globalThis.tasks = [];
    globalThis.clicks = [];
    new PerformanceObserver((list) => {
      globalThis.tasks.push(...list.getEntries().map((entry) => entry.duration));
    }).observe({ type: "longtask" });
    new PerformanceObserver((list) => {
      const clicks = list.getEntries().filter((entry) => entry.name === "click");
      globalThis.clicks.push(...clicks.map((entry) => entry.duration));
    }).observe({ type: "event", durationThreshold: 16 });
  });
  let isDone = false;
  const streaming = bidsByTurns(auction, 200, 1_100).finally(() => (isDone = true));
  const more = page.getByRole("button", { name: "Show more" });
  for (const rows of [150, 250, 350, 450]) {
    await more.click();
    await until(async () => (await bodyRows(page).count()) >= rows, `${rows} rows`);
  }
  await streaming;
  assert.ok(isDone);
  await history(page).getByText("$1,299.00").waitFor();
  const { tasks, clicks } = await page.evaluate(() => ({ tasks: globalThis.tasks, clicks: globalThis.clicks }));
  const longest = Math.max(0, ...tasks);
  const typical = clicks.sort((one, other) => one - other)[Math.floor(clicks.length / 2)] ?? 0;
  assert.ok(longest <= 500, `a task took ${longest} ms`);
  assert.ok(typical <= 200, `a click was answered after ${typical} ms (of ${clicks.join()})`);
  // No row was drawn twice, none is missing between those that are shown.
  const amounts = (await history(page).locator("tbody td:last-child").allInnerTexts()).map((text) =>
    Number(text.replace(/[$,]/g, "")),
  );
  assert.deepEqual(
    amounts,
    amounts.map((_, index) => 1_299 - index),
  );
  assert.deepEqual(page.faults, []);
});

const pictures = (page) => page.getByRole("region", { name: "Pictures", exact: true });
const picture = (page, number) => page.getByRole("button", { name: `Picture ${number} of 3: A walnut desk` });

/** The number of the picture that lies in the middle. */
const seen = (page) =>
  pictures(page)
    .locator("ul")
    .first()
    .evaluate((track) => Math.round(track.scrollLeft / track.clientWidth) + 1);
const isSeen = (page, number) => until(async () => (await seen(page)) === number, `picture ${number}`);

async function pictured(count) {
  const auction = await server.auction(sally, { from: 3600, to: 7200 });
  return count > 0 ? await withPictures(server, sally, auction, count) : auction;
}

test("29 arrow keys, Home and End lead through the pictures, and each has its text", async () => {
  const auction = await pictured(3);
  const page = await open(server, auctionUrl(auction));
  await picture(page, 1).focus();
  for (const [key, number] of [
    ["ArrowRight", 2],
    ["ArrowRight", 3],
    ["ArrowRight", 3],
    ["ArrowLeft", 2],
    ["Home", 1],
    ["ArrowLeft", 1],
    ["End", 3],
  ]) {
    await page.keyboard.press(key);
    await isSeen(page, number);
    const focused = await page.evaluate(() => document.activeElement?.querySelector("img")?.alt);
    assert.equal(focused, `Picture ${number} of 3: A walnut desk`);
  }
  // One stop for the pictures on the way of the Tab key, not three.
  const stops = await pictures(page).locator("ul").first().locator("button:not([tabindex='-1'])").count();
  assert.equal(stops, 1);
  assert.deepEqual(page.faults, []);
});

test("29 small pictures and the arrows beside the large one show the others", async () => {
  const auction = await pictured(3);
  const page = await open(server, auctionUrl(auction));
  await page.getByRole("button", { name: "Show picture 3 of 3" }).click();
  await isSeen(page, 3);
  const current = page.getByRole("button", { name: "Show picture 3 of 3" });
  await until(async () => (await current.getAttribute("aria-current")) === "true", "the chosen small picture");
  await page.getByRole("button", { name: "Previous picture" }).click();
  await isSeen(page, 2);
  await until(async () => (await current.getAttribute("aria-current")) === null, "the small picture to be left");
  await page.getByRole("button", { name: "Next picture" }).click();
  await isSeen(page, 3);
  assert.equal(await page.getByRole("button", { name: "Next picture" }).getAttribute("aria-disabled"), "true");
});

test("29 a swipe shows the next picture, and the small ones follow", async () => {
  const auction = await pictured(3);
  const page = await open(server, auctionUrl(auction), {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const box = await picture(page, 1).boundingBox();
  const client = await page.context().newCDPSession(page);
  const y = box.y + box.height * 0.25;
  const touch = (type, ...x) =>
    client.send("Input.dispatchTouchEvent", { type, touchPoints: x.map((place) => ({ x: place, y })) });
  const from = box.x + box.width * 0.8;
  await touch("touchStart", from);
  for (let step = 1; step <= 10; step += 1) await touch("touchMove", from - (step * box.width * 0.7) / 10);
  await touch("touchEnd");
  await isSeen(page, 2);
  const second = page.getByRole("button", { name: "Show picture 2 of 3" });
  await until(async () => (await second.getAttribute("aria-current")) === "true", "the small picture");
});

test("29 a picture opens in a dialog with keys, zoom and Escape, and the focus comes back to what was seen", async () => {
  const auction = await pictured(3);
  const page = await open(server, auctionUrl(auction));
  await picture(page, 1).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Picture 1 of 3" });
  await dialog.waitFor();
  await page.keyboard.press("ArrowRight");
  const second = page.getByRole("dialog", { name: "Picture 2 of 3" });
  const image = second.getByRole("img", { name: "Picture 2 of 3: A walnut desk" });
  await until(() => image.evaluate((img) => img.complete && img.naturalWidth > 0), "the picture");
  const small = await image.boundingBox();
  await page.keyboard.press("+");
  await until(async () => (await image.boundingBox()).width > 1.9 * small.width, "the enlarged picture");
  // In an enlarged picture the arrows move what is seen of it.
  await page.keyboard.press("ArrowRight");
  await second.waitFor();
  await page.keyboard.press("-");
  await until(async () => (await image.boundingBox()).width === small.width, "the picture as it was");
  await page.getByRole("button", { name: "Zoom in" }).click();
  await until(async () => (await image.boundingBox()).width > 1.9 * small.width, "the enlarged picture");
  await page.keyboard.press("End");
  await page.getByRole("dialog", { name: "Picture 3 of 3" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await isSeen(page, 3);
  const focused = await page.evaluate(() => document.activeElement?.querySelector("img")?.alt);
  assert.equal(focused, "Picture 3 of 3: A walnut desk");
  assert.deepEqual(page.faults, []);
});

test("29 one picture needs no arrows, and no picture is said in words", async () => {
  const one = await open(server, auctionUrl(await pictured(1)));
  await one.getByRole("button", { name: "Picture of A walnut desk" }).waitFor();
  assert.equal(await one.getByRole("button", { name: /(Previous|Next|Show) picture/ }).count(), 0);
  await one.getByRole("button", { name: "Picture of A walnut desk" }).click();
  await one.getByRole("dialog").waitFor();
  assert.equal(await one.getByRole("dialog").getByRole("button", { name: "Next picture" }).count(), 0);
  const none = await open(server, auctionUrl(await pictured(0)));
  await none.getByRole("img", { name: "There is no picture of A walnut desk" }).waitFor();
});

test("29 pictures that arrive late move nothing", async () => {
  const auction = await pictured(3);
  const page = await open(server, "/auctions");
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/media/**", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(auctionUrl(auction), { waitUntil: "domcontentloaded" });
  await picture(page, 1).waitFor();
  const before = await page.evaluate(() => globalThis.shift);
  release();
  await until(
    () => page.locator(`img[alt^="Picture 1 of 3"]`).evaluate((img) => img.complete && img.naturalWidth > 0),
    "the picture",
  );
  const shift = await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(globalThis.shift)))),
  );
  assert.ok(shift - before < 0.01, `the pictures moved things by ${shift - before}`);
  assert.ok(shift < 0.1, `things moved by ${shift}`);
});

test("6 axe finds nothing about the pictures, the chart and the history, light and dark", async () => {
  const running = await joined({
    to: 90,
    terms: { reserve: "102.00", reserve_visibility: "public", closing: { kind: "reset", window_s: 600 } },
  });
  await server.bid(ann, running, { max: "120.00" });
  await bidsByTurns(running, 0);
  await server.bid(bob, running, { price: "110.00" });
  const withThree = await pictured(3);
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(server, auctionUrl(running), { as: ann, colorScheme });
    await page.getByRole("img", { name: /^Price over time/ }).waitFor();
    assert.deepEqual(await axe(page), []);
    const other = await open(server, auctionUrl(withThree), { colorScheme });
    await picture(other, 1).click();
    await other.getByRole("dialog").waitFor();
    assert.deepEqual(await axe(other), []);
  }
});

test("7 a Spanish reader finds the history and the pictures in Spanish", async () => {
  const auction = await joined();
  await bidsByTurns(auction, 2);
  const page = await open(server, auctionUrl(auction), { as: ann, locale: "es-ES" });
  const table = page.getByRole("table", { name: /de la más reciente a la más antigua/ });
  await table.waitFor();
  assert.deepEqual(await table.locator("thead th").allInnerTexts(), ["Hora", "Postor", "Importe"]);
  await table.getByText("(tú)").waitFor();
  assert.match(await table.locator("tbody td:last-child").first().textContent(), /^101,00\sUS\$$/);
});
