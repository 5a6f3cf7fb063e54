// The Dutch clock and the fixed price: points 6, 13, 15, 18, 19, 21, 22 and 27.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dialog, heard, obstacle, panel, price, room, said, shows, standing } from "./bidding-things.mjs";
import { buy, close, held, one, textOf } from "./formats-things.mjs";
import { axe, closeBrowser, open, Server, until } from "./harness.mjs";

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

const clock = (more = {}, options = {}) =>
  held(server, sally, [ann, bob], { kind: "dutch", step: "5.00", interval_s: 3600, floor: "60.00", ...more }, options);
const button = (page, name) => panel(page).getByRole("button", { name, exact: true });
const asksNot = (page) => panel(page).getByRole("checkbox", { name: "Ask before I buy" }).uncheck();
const units = (page) => page.getByTestId("units-left");

test("13 the price on the page falls in step with the server's, and its button with it", async () => {
  const auction = await clock({ interval_s: 4, floor: "85.00" });
  const page = await room(server, auction, ann);
  await page.getByTestId("fall").waitFor();
  const seen = new Set();
  await until(async () => {
    const [shown, known] = [await price(page).textContent(), await one(server, auction)];
    seen.add(shown);
    if (shown === "$85.00") return true;
    const next = Date.parse(known.next_price_at) - known.server_time;
    // Not in the moment in which it falls.
    if (next > 1_000 && next < 3_000) assert.equal(await price(page).textContent(), `$${known.current_price}`);
    return false;
  }, "the floor");
  assert.ok(seen.size >= 3, [...seen].join());
  await button(page, "Take it for $85.00").waitFor();
  await panel(page).getByText("The price does not fall any further.").waitFor();
  assert.deepEqual(page.faults, []);
});

test("13 the clock says when it falls and to what; a pause stops it", async () => {
  const auction = await clock({ interval_s: 120 });
  const page = await room(server, auction, ann);
  await shows(page.getByTestId("fall"), /^Falls to \$95\.00 in 1m \d+s$/);
  await server.must("POST", `auctions/${auction.id}/pause/`, { token: sally.token });
  await panel(page).getByText("The clock is stopped.").waitFor();
  await obstacle(page, "paused").waitFor();
  await shows(price(page), "$100.00");
  assert.match(await textOf(panel(page)), /Price now \$100\.00/);
  await server.must("POST", `auctions/${auction.id}/resume/`, { token: sally.token });
  await heard(page, /^The auction goes on\.$/);
  await shows(page.getByTestId("fall"), /^Falls to \$95\.00 in 1m \d+s$/);
  assert.deepEqual(page.faults, []);
});

test("21 taking the price is asked about first, and one click is enough where that is wished", async () => {
  const [asked, once] = [await clock(), await clock({ quantity: 2 })];
  const page = await room(server, asked, ann);
  await button(page, "Take it for $100.00").click();
  assert.match(await textOf(dialog(page)), /Price \$100\.00 .* Total at most \$100\.00/);
  await page.keyboard.press("Escape");
  assert.equal((await one(server, asked)).units_left, 1, "nothing was bought");
  await button(page, "Take it for $100.00").click();
  await dialog(page).getByRole("button", { name: "Take it for $100.00" }).click();
  await page.getByText("You bought it for $100.00.").waitFor();
  await standing(page, "bought").waitFor();
  await page.context().close();

  const quick = await room(server, once, bob);
  await asksNot(quick);
  await button(quick, "Take it for $100.00").dblclick();
  await quick.getByText("You bought it for $100.00.").waitFor();
  await shows(units(quick), "1 of 2 left");
  assert.deepEqual(quick.faults, []);
});

test("19 a click takes the price that was shown, and pays the lower one where it has fallen", async () => {
  const auction = await clock({ interval_s: 3 });
  const page = await room(server, auction, ann);
  await asksNot(page);
  const box = await panel(page)
    .getByRole("button", { name: /^Take it for/ })
    .boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const before = await price(page).textContent();
  await page.mouse.down();
  await until(async () => (await price(page).textContent()) !== before, "the next price");
  const paid = await price(page).textContent();
  await page.mouse.up();
  await page.getByText(`You paid ${paid}: the price had fallen.`).waitFor();
  assert.deepEqual(page.faults, []);
});

test("19 who sees a price that is too low is told the price now", async () => {
  const auction = await clock();
  const page = await room(server, auction, ann);
  await asksNot(page);
  // A clock that runs ahead.
  await page.route("**/buy/", (route) => route.continue({ postData: JSON.stringify({ price: "95.00" }) }));
  await button(page, "Take it for $100.00").click();
  await page.getByText("You did not buy. The price now is $100.00.").waitFor();
  assert.equal((await one(server, auction)).units_left, 1);
});

test("22 several units are taken at once, and what is left is live", async () => {
  const auction = await clock({ quantity: 5 });
  const page = await room(server, auction, ann);
  await shows(units(page), "5 of 5 left");
  await button(page, "One more").click();
  await button(page, "Take 2 units for $200.00").click();
  assert.match(await textOf(dialog(page)), /Units 2 Price of one \$100\.00 Price \$200\.00/);
  await dialog(page).getByRole("button", { name: "Take 2 units for $200.00" }).click();
  await page.getByText("You bought 2 units for $200.00, $100.00 each.").waitFor();
  await shows(standing(page, "units"), "You have bought 2 units for $200.00 in all.");
  await shows(units(page), "3 of 5 left");
  await buy(server, bob, auction, { price: "100.00", quantity: 2 });
  await shows(units(page), "1 of 5 left");
  await heard(page, /^1 left\.$/);
  // With one left there is nothing to count.
  await button(page, "Take it for $100.00").waitFor();
  const rows = page.locator("#bid-history tbody tr");
  await until(async () => (await rows.count()) === 2, "the purchases");
  assert.match(await rows.nth(1).innerText(), /\(you\)\s*bought 2 units/);
  await close(server, sally, auction);
  await shows(standing(page, "units"), "You have bought 2 units for $200.00 in all.");
  assert.deepEqual(page.faults, []);
});

test("18 units at a fixed price: the button carries the sum, and a number that is none says so", async () => {
  const auction = await held(server, sally, [ann, bob], { kind: "fixed_price", quantity: 10 });
  const page = await room(server, auction, ann);
  const field = panel(page).getByLabel("How many");
  await field.fill("3");
  await button(page, "Buy 3 units for $300.00").waitFor();
  await field.fill("11");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const error = await field.getAttribute("aria-describedby");
  assert.equal(await page.locator(`[id="${error}"]`).textContent(), "Enter a whole number from 1 to 10.");
  await field.press("ArrowUp");
  await field.fill("3");
  await button(page, "Buy 3 units for $300.00").click();
  await dialog(page).getByRole("button", { name: "Buy 3 units for $300.00" }).click();
  await page.getByText("You bought 3 units for $300.00, $100.00 each.").waitFor();
  await shows(units(page), "7 of 10 left");
  // Somebody else was quicker.
  await page.route("**/buy/", (route) =>
    route.continue({ postData: JSON.stringify({ price: "100.00", quantity: 8 }) }),
  );
  await field.fill("4");
  await button(page, "Buy 4 units for $400.00").click();
  await dialog(page).getByRole("button", { name: "Buy 4 units for $400.00" }).click();
  await page.getByText("You did not buy. Only 7 units left.").waitFor();
  assert.deepEqual(page.faults, []);
});

test("21 a purchase whose answer is lost is asked for again, and made once", async () => {
  const auction = await held(server, sally, [ann], { kind: "fixed_price", quantity: 10 });
  const page = await room(server, auction, ann);
  await asksNot(page);
  let tries = 0;
  await page.route("**/buy/", async (route) => {
    tries += 1;
    if (tries > 1) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await panel(page).getByLabel("How many").fill("2");
  await button(page, "Buy 2 units for $200.00").click();
  await page.getByText("You bought 2 units for $200.00, $100.00 each.").waitFor();
  assert.equal(tries, 2);
  assert.equal((await one(server, auction)).units_left, 8);
});

test("21 a purchase of which nothing is heard is not said to have failed, and the next click does not buy again", async () => {
  const auction = await held(server, sally, [ann], { kind: "fixed_price", quantity: 10 });
  const page = await room(server, auction, ann);
  await asksNot(page);
  await page.route("**/buy/", async (route) => {
    await route.fetch();
    await route.fulfill({ status: 502, body: "" });
  });
  await panel(page).getByLabel("How many").fill("2");
  await button(page, "Buy 2 units for $200.00").click();
  await page.getByText(/^We do not know whether you bought\./).waitFor({ timeout: 40_000 });
  await page.unroute("**/buy/");
  await shows(units(page), "8 of 10 left");
  await button(page, "Buy 2 units for $200.00").click();
  await page.getByText("You bought 2 units for $200.00, $100.00 each.").waitFor();
  assert.equal((await one(server, auction)).units_left, 8);
});

test("27 a falling price is not read out at each step", async () => {
  const auction = await clock({ interval_s: 1, floor: "10.00" });
  const page = await room(server, auction, ann);
  await shows(price(page), /^\$[78]/);
  assert.deepEqual(
    (await said(page)).filter((text) => /price/i.test(text)),
    [],
  );
});

test("10 cards and lists show the price that falls, and what is won has its units and its sum", async () => {
  const auction = await clock({ interval_s: 2, quantity: 3 }, { title: "A falling vase" });
  const page = await open(server, "/auctions?format=dutch", { as: ann });
  const card = page.locator(`[data-auction="${auction.id}"]`);
  await card.getByText("Dutch clock").waitFor();
  await card.getByText("3 left").waitFor();
  const first = await textOf(card);
  assert.match(first, /Price now/);
  const amount = /\$\d+\.\d\d/.exec(first)[0];
  await until(async () => !(await textOf(card)).includes(amount), "another price");
  await buy(server, ann, auction, { price: "100.00", quantity: 2 });
  await close(server, sally, auction);
  await page.goto("/won-auctions");
  const row = page.getByRole("listitem").filter({ hasText: "A falling vase" });
  await row.waitFor();
  assert.match(await textOf(row), /Units 2 Price of one 2 × \$(\d+\.\d\d) In all \$\d+\.\d\d/);
  await page.goto("/my-auctions?view=bids");
  const own = page.getByRole("listitem").filter({ hasText: "A falling vase" });
  assert.match(await textOf(own), /Bought Bought for 2 × \$/);
  assert.deepEqual(page.faults, []);
});

test("6 axe finds nothing where one buys, in both themes, with the dialog open", async () => {
  const auction = await clock({ quantity: 5 });
  const fixed = await held(server, sally, [ann], { kind: "fixed_price", quantity: 10 });
  for (const colorScheme of ["light", "dark"]) {
    for (const lot of [auction, fixed]) {
      const page = await room(server, lot, ann, { colorScheme });
      await panel(page).getByLabel("How many").waitFor();
      assert.deepEqual(await axe(page), []);
      await panel(page)
        .getByRole("button", { name: /^(Take|Buy) it for/ })
        .click();
      await dialog(page).waitFor();
      assert.deepEqual(await axe(page), []);
      await page.context().close();
    }
  }
});
