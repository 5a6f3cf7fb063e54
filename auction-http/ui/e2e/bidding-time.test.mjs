// Time on the page of an auction: points 13 to 17.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  countdown,
  fixed,
  heard,
  isRight,
  joined,
  listen,
  live,
  obstacle,
  panel,
  path,
  quick,
  room,
  said,
  secondsIn,
  shows,
  standing,
} from "./bidding-things.mjs";
import { closeBrowser, open, Server, until } from "./harness.mjs";

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

/** Opens a page of which a script changes the clocks before anything else runs. */
async function withClocks(auction, as, script) {
  const page = await open(server, "/nowhere", { as });
  await page.addInitScript(script);
  await page.goto(path(auction));
  await live(page);
  await listen(page);
  return page;
}

for (const [name, minutes] of [
  ["ten minutes fast", 10],
  ["ten minutes slow", -10],
]) {
  test(`13 the countdown is right to a second with a browser clock that is ${name}`, async () => {
    const auction = await joined(server, sally, [ann], { to: 50 });
    const shift = `{
      const Real = Date;
      globalThis.Date = class extends Real {
        constructor(...args) { args.length ? super(...args) : super(Real.now() + ${minutes * 60_000}); }
        static now() { return Real.now() + ${minutes * 60_000}; }
      };
    }`;
    const page = await withClocks(auction, ann, shift);
    const wrong = await page.evaluate(() => Date.now());
    assert.ok(Math.abs(wrong - Date.now() - minutes * 60_000) < 5_000);
    await isRight(page, auction.end_date_time);
    const first = secondsIn(await countdown(page).textContent());
    await until(async () => secondsIn(await countdown(page).textContent()) <= first - 2, "two seconds to pass");
    const left = (Date.parse(auction.end_date_time) - Date.now()) / 1000;
    assert.ok(Math.abs(secondsIn(await countdown(page).textContent()) - left) <= 1.1);
    assert.deepEqual(page.faults, []);
  });
}

test("13 the countdown is right again after the tab was frozen", async () => {
  const auction = await joined(server, sally, [ann], { to: 55 });
  const page = await room(server, auction, ann);
  const cdp = await page.context().newCDPSession(page);
  await isRight(page, auction.end_date_time);
  const before = secondsIn(await countdown(page).textContent());
  await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await cdp.send("Page.setWebLifecycleState", { state: "active" });
  await isRight(page, auction.end_date_time);
  assert.ok(secondsIn(await countdown(page).textContent()) <= before - 3);
});

for (const who of ["a bidder", "a visitor"]) {
  test(`13 the countdown of ${who} is right again after the machine slept`, async () => {
    const auction = await joined(server, sally, [ann], { to: 58 });
    // The clock that counts stands still while a machine sleeps, and the one that is set does not.
    const page = await withClocks(
      auction,
      who === "a bidder" ? ann : undefined,
      `{
        const count = performance.now.bind(performance);
        globalThis.slept = 0;
        performance.now = () => count() - globalThis.slept;
      }`,
    );
    await isRight(page, auction.end_date_time);
    await page.evaluate(() => {
      globalThis.slept = 20_000;
    });
    await until(
      async () => secondsIn(await countdown(page).textContent()) > 60,
      "a countdown that is wrong",
      3_000,
    ).catch(() => undefined);
    await isRight(page, auction.end_date_time);
  });
}

test("13 an extension moves the countdown, and is shown and announced", async () => {
  const terms = { ...fixed("5.00"), closing: { kind: "reset", window_s: 40 } };
  const auction = await joined(server, sally, [ann, bob], { to: 30, terms });
  const page = await room(server, auction, ann);
  await isRight(page, auction.end_date_time);
  const { ends_at } = await server.bid(bob, auction, { price: "100.00" });
  assert.ok(Date.parse(ends_at) > Date.parse(auction.end_date_time));
  await panel(page)
    .getByText(/^Extended to \d+:\d\d:\d\d/)
    .waitFor();
  await heard(page, /^Extended to \d+:\d\d:\d\d/);
  await isRight(page, ends_at);
  assert.deepEqual(page.faults, []);
});

test("14 days are counted first, and seconds alone under a minute", async () => {
  const long = await server.auction(sally, { to: 2 * 86_400 + 4 * 3_600 + 30 });
  const page = await room(server, long);
  await shows(countdown(page), "Ends in 2d 4h");
  const short = await server.auction(sally, { to: 61 });
  await page.goto(path(short));
  await shows(countdown(page), /^Ends in 1m \d+s$/);
  await shows(countdown(page), /^Ends in 5\ds$/);
  assert.deepEqual(page.faults, []);
});

test("14 after the last second the auction is closing until the server says that it is over", async () => {
  const auction = await joined(server, sally, [ann], { to: 12 });
  await server.bid(ann, auction, { price: "100.00" });
  const page = await room(server, auction, ann);
  // A server that stands still cannot say anything.
  server.process.kill("SIGSTOP");
  try {
    await shows(countdown(page), "Closing…");
    assert.equal(await standing(page, "won").count(), 0);
  } finally {
    server.process.kill("SIGCONT");
  }
  await standing(page, "won").waitFor();
  await shows(countdown(page), "Ended");
});

test("15 the countdown is no live region, and what matters is announced", async () => {
  const auction = await joined(server, sally, [ann], { to: 1_200 });
  const page = await withClocks(
    auction,
    ann,
    `{
      const Real = Date;
      const count = performance.now.bind(performance);
      globalThis.ahead = 0;
      performance.now = () => count() + globalThis.ahead;
      globalThis.Date = class extends Real {
        constructor(...args) { args.length ? super(...args) : super(Real.now() + globalThis.ahead); }
        static now() { return Real.now() + globalThis.ahead; }
      };
      const send = WebSocket.prototype.send;
      WebSocket.prototype.send = function (data) {
        if (globalThis.ahead === 0) send.call(this, data);
      };
    }`,
  );
  const isLiveRegion = await countdown(page).evaluate((element) =>
    Boolean(element.closest("[aria-live], [role=status], [role=alert], [role=timer], output")),
  );
  assert.equal(isLiveRegion, false);
  await isRight(page, auction.end_date_time);
  // The leaps would be noticed, and undone: nobody is asked for the time, here or over the socket.
  await page.route("**/api/time/", (route) => route.abort());
  const leapTo = (left) =>
    page.evaluate(
      ([end, seconds]) => {
        globalThis.ahead += end - Date.now() - seconds * 1000;
      },
      [Date.parse(auction.end_date_time), left],
    );
  await leapTo(602);
  await heard(page, /^10 minutes left\.$/);
  await leapTo(62);
  await heard(page, /^1 minute left\.$/);
  const counted = (await said(page)).filter((text) => /left/.test(text));
  assert.deepEqual(counted, ["10 minutes left.", "1 minute left."]);
});

test("15 ten seconds and the end are announced", async () => {
  const auction = await joined(server, sally, [ann], { to: 13 });
  await server.bid(ann, auction, { price: "100.00" });
  const page = await room(server, auction);
  await heard(page, /^10 seconds left\.$/);
  await heard(page, /^The auction has ended\. Sold for \$100\.00\.$/);
  const texts = await said(page);
  assert.equal(texts.filter((text) => /seconds left/.test(text)).length, 1);
  assert.deepEqual(page.faults, []);
});

test("16 the exact end stands there with its zone, and in UTC where one points at it", async () => {
  const auction = await server.auction(sally, { to: 86_400 });
  const page = await room(server, auction, undefined, { timezoneId: "America/New_York" });
  const time = panel(page).locator("time");
  assert.equal(Date.parse(await time.getAttribute("datetime")), Date.parse(auction.end_date_time));
  const expected = (timeZone) =>
    new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", second: "2-digit", timeZone }).format(
      new Date(auction.end_date_time),
    );
  const [text, title] = [await time.textContent(), await time.getAttribute("title")];
  const plain = (value) => value.replaceAll("\u202f", " ");
  assert.ok(plain(text).includes(plain(expected("America/New_York"))), text);
  assert.match(text, /E[SD]T$/);
  assert.ok(plain(title).includes(plain(expected("UTC"))), title);
  assert.match(title, /UTC$/);
});

test("17 a scheduled auction opens without a reload", async () => {
  const auction = await joined(server, sally, [ann], { from: 12, to: 600 });
  const page = await room(server, auction, ann);
  const visitor = await room(server, auction);
  for (const one of [page, visitor]) {
    await one.evaluate(() => {
      globalThis.stayed = true;
    });
    await shows(countdown(one), /^Starts in \d+s$/);
  }
  await obstacle(page, "scheduled").waitFor();
  await quick(page, "$100.00").waitFor();
  await heard(page, /open for bids/);
  for (const one of [page, visitor]) {
    await shows(countdown(one), /^Ends in /);
    assert.equal(await one.evaluate(() => globalThis.stayed), true);
    assert.deepEqual(one.faults, []);
  }
});
