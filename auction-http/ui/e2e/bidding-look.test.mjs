// The page of an auction for everybody: keys, contrast, small screens.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  dialog,
  dontAsk,
  field,
  fixed,
  joined,
  live,
  panel,
  path,
  quick,
  reply,
  room,
  shows,
  standing,
} from "./bidding-things.mjs";
import { axe, closeBrowser, open, Server, until } from "./harness.mjs";

let server;
let sally;
let ann;
let bob;
before(async () => {
  server = await Server.start({ env: { RATE_LIMIT_BIDS: "off" } });
  sally = await server.seller();
  [ann, bob] = [await server.person("Ann"), await server.person("Bob")];
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const TERMS = {
  ...fixed("5.00"),
  closing: { kind: "reset", window_s: 60 },
  buy_now: { price: "900.00", rule: "always" },
};
const both = (options) => joined(server, sally, [ann, bob], { terms: TERMS, ...options });
const expander = (page) => panel(page).locator("button[aria-expanded]");
const PHONE = { viewport: { width: 390, height: 844 } };
/** What 1280 x 1024 leaves at 400 %. */
const ZOOMED = { viewport: { width: 320, height: 256 } };

for (const colorScheme of ["light", "dark"]) {
  test(`6 axe finds nothing, signed in and out, with the confirmation open, in ${colorScheme}`, async () => {
    const auction = await both();
    await server.bid(bob, auction, { max: "300.00" });
    const visitor = await room(server, auction, undefined, { colorScheme });
    assert.deepEqual(await axe(visitor), []);
    const page = await room(server, auction, ann, { colorScheme });
    assert.deepEqual(await axe(page), []);
    await quick(page, "$105.00").click();
    await dialog(page).waitFor();
    assert.deepEqual(await axe(page), []);
    await dialog(page).getByRole("button", { name: "Bid $105.00" }).click();
    await reply(page, "outbid_at_once").waitFor();
    await standing(page, "outbid").waitFor();
    await field(page).fill("x");
    await field(page).press("Enter");
    assert.deepEqual(await axe(page), []);
    await panel(page).getByRole("radio", { name: "Maximum bid" }).check();
    await field(page).fill("500");
    await field(page).press("Enter");
    await dialog(page).getByRole("button", { name: "Bid up to $500.00" }).click();
    await standing(page, "leading").waitFor();
    assert.deepEqual(await axe(page), []);
    const phone = await room(server, auction, bob, { colorScheme, ...PHONE });
    assert.deepEqual(await axe(phone), []);
    await expander(phone).click();
    assert.deepEqual(await axe(phone), []);
  });
}

test("6 one bids by keys alone", async () => {
  const auction = await both();
  const page = await room(server, auction, ann);
  const tabTo = async (locator) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await locator.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail("not reached by the Tab key");
  };
  await tabTo(quick(page, "$100.00"));
  await page.keyboard.press("Enter");
  const confirm = dialog(page).getByRole("button", { name: "Bid $100.00" });
  await confirm.waitFor();
  await tabTo(confirm);
  await page.keyboard.press("Space");
  await standing(page, "leading").waitFor();
  await until(
    () => page.evaluate(() => document.activeElement?.closest("fieldset") !== null),
    "the focus where it was",
  );
  await tabTo(panel(page).getByRole("radio", { name: "Straight bid" }));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type("250");
  await page.keyboard.press("Enter");
  await dialog(page).getByRole("button", { name: "Bid up to $250.00" }).focus();
  await page.keyboard.press("Enter");
  await panel(page).getByText("Your maximum: $250.00. Only you see it.").waitFor();
});

test("3 the page has one heading of the first level, and headings in order", async () => {
  const auction = await both();
  const page = await room(server, auction, ann);
  const levels = await page
    .locator("h1, h2, h3, h4")
    .evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1])));
  assert.equal(levels.filter((level) => level === 1).length, 1);
  assert.equal(levels[0], 1);
  for (let index = 1; index < levels.length; index += 1) assert.ok(levels[index] <= levels[index - 1] + 1, `${levels}`);
});

for (const [name, options] of [
  ["320 px", { viewport: { width: 320, height: 640 } }],
  ["400 %", ZOOMED],
]) {
  test(`5 at ${name} nothing has to be scrolled sideways, and the bar hides no focus`, async () => {
    const auction = await both({
      title: `A ${"very".repeat(20)} long word, and a title that goes on and on and on about what it is`,
      starting_price: "99999999.99",
      terms: { ...TERMS, increments: { kind: "percent", basis_points: 500, floor: "1.00" }, buy_now: null },
    });
    const page = await room(server, auction, ann, options);
    const isNarrow = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    assert.ok(await isNarrow());
    const bar = await panel(page).boundingBox();
    const { height } = options.viewport;
    assert.ok(bar.y + bar.height <= height + 1 && bar.y + bar.height > height - 2, "it is at the bottom");
    assert.ok(bar.height <= height / 2, `${bar.height} of ${height}`);
    await everyFocusIsSeen(page);
    await expander(page).click();
    assert.ok(await isNarrow());
    const open = await panel(page).boundingBox();
    assert.ok(open.y >= 0 && open.y + open.height <= height + 1);
    await everyFocusIsSeen(page);
  });
}

/** Goes through the page by the Tab key: whatever has the focus is seen. */
async function everyFocusIsSeen(page) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  const seen = new Set();
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const box = element.getBoundingClientRect();
      // Points of it that are in the window: one of them is not covered.
      const points = [0.5, 0.1, 0.9].flatMap((x) =>
        [0.5, 0.1, 0.9].map((y) => [box.x + box.width * x, box.y + box.height * y]),
      );
      const isSeen = points.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top !== null && (element.contains(top) || top.closest("label")?.control === element);
      });
      element.dataset.place ??= String(Math.random());
      return { isSeen, place: element.dataset.place, what: element.outerHTML.slice(0, 120) };
    });
    if (!found) continue;
    if (seen.has(found.place)) break;
    seen.add(found.place);
    assert.ok(found.isSeen, `covered: ${found.what}`);
  }
  assert.ok(seen.size > 5, `${seen.size} places`);
}

test("5 on a phone the box is a bar at the bottom that opens, and in which one bids", async () => {
  const auction = await both();
  const page = await room(server, auction, ann, PHONE);
  assert.equal(await quick(page, "$100.00").count(), 0);
  assert.equal(await expander(page).getAttribute("aria-expanded"), "false");
  await page.mouse.wheel(0, 2_000);
  await expander(page).click();
  await dontAsk(page);
  await quick(page, "$100.00").click();
  await standing(page, "leading").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await expander(page).getAttribute("aria-expanded"), "false");
  // Who is outbid sees it, and answers, without opening anything.
  await server.bid(bob, auction, { price: "105.00" });
  await shows(standing(page, "outbid"), "You have been outbid.");
  await panel(page).getByRole("button", { name: "Bid $110.00 now" }).click();
  await standing(page, "leading").waitFor();
  assert.deepEqual(page.faults, []);
});

test("7 every text of the page stands in a catalogue", async () => {
  const auction = await both({ title: "§", description: "§" });
  await server.bid(bob, auction, { max: "300.00" });
  const page = await open(server, `${path(auction)}?lang=en-XA`, { as: ann });
  await live(page);
  const plain = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent.trim();
      const isShown = node.parentElement.checkVisibility();
      if (isShown && /[A-Za-z]{2}/.test(text) && !text.startsWith("[")) found.push(text);
    }
    return found;
  });
  // What people, currencies and times are called is no text of ours.
  const ours = plain.filter((text) => !/@|^USD$|GMT|^[\d:]+\s[AP]M$|\d[hms]$/.test(text));
  assert.deepEqual(ours, []);
});

test("with a thousand bids the page stays quick, and nothing shifts while the price moves", async () => {
  const auction = await both({ terms: { ...TERMS, increments: { kind: "smallest_unit" }, buy_now: null } });
  const bid = (index) => server.bid(index % 2 ? ann : bob, auction, { price: `${100 + index}.00` });
  for (let index = 0; index < 1_000; index += 1) await bid(index);
  const page = await room(server, auction, ann);
  await shows(page.getByTestId("bid-count"), "1,000 bids");
  await page.evaluate(() => {
    globalThis.shift = 0;
    globalThis.busy = 0;
    globalThis.since = performance.now();
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift" });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.busy += entry.duration;
    }).observe({ type: "longtask" });
  });
  const bidding = (async () => {
    for (let index = 1_000; index < 1_100; index += 1) await bid(index);
  })();
  await field(page).pressSequentially("1234.50", { delay: 40 });
  await bidding;
  await shows(page.getByTestId("price"), "$1,199.00");
  assert.equal(await field(page).inputValue(), "1234.50");
  const { shift, part } = await page.evaluate(() => ({
    shift: globalThis.shift,
    part: globalThis.busy / (performance.now() - globalThis.since),
  }));
  assert.ok(shift < 0.1, `shifted by ${shift}`);
  assert.ok(part < 0.5, `busy for ${part} of the time`);
  assert.deepEqual(page.faults, []);
});
