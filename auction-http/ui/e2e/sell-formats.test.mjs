// Choosing how a lot is sold: point 40.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, counted, open, Server, until } from "./harness.mjs";

const YEAR = new Date().getFullYear() + 1;

let server;
let sally;
before(async () => {
  server = await Server.start();
  sally = await server.seller();
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const own = (id) => server.must("GET", `auctions/${id}/`, { token: sally.token });
const radio = (page, name) => page.getByRole("radio", { name, exact: true });

async function form(options = {}) {
  const page = await open(server, "/sell/new", { as: sally, ...options });
  await page.getByLabel("Title").fill("A walnut desk");
  await page.locator("#lot-end").fill(`${YEAR}-06-01T20:00`);
  await page.locator("#lot-start").fill(`${YEAR}-05-01T20:00`);
  return page;
}

/** Keeps the lot as a draft; what the server knows of it then. */
async function saved(page) {
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.waitForURL(/\/sell\/\d+$/);
  return await own(Number(/(\d+)$/.exec(page.url())[1]));
}

test("40 a Dutch clock has a step, an interval and a floor, and nothing that does not go with it", async () => {
  const page = await form();
  await radio(page, "Dutch clock").check();
  await page.getByLabel("The clock starts at").fill("100");
  assert.equal(await page.getByLabel(/^Reserve/).count(), 0);
  await page.getByLabel("It falls by").fill("5");
  await page.getByLabel("It falls every").selectOption({ label: "30 seconds" });
  await page.getByLabel("It stops at").fill("160");
  await page.getByLabel(/^Units/).fill("3");
  await page.locator("summary").click();
  for (const label of [/^How it closes/, /^Buy-now price/, /^The first bid/, /^How much more/, /^Taking bids back/])
    assert.equal(await page.getByLabel(label).count(), 0, String(label));
  await page.getByRole("button", { name: "Save draft" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "attention" });
  await summary.getByText("It must not stop above the price at which it starts.", { exact: false }).waitFor();
  await page.getByLabel("It stops at").fill("60");
  const lot = await saved(page);
  assert.deepEqual(lot.terms.format, { kind: "dutch", step: "5.00", interval_s: 30, floor: "60.00", quantity: 3 });
  // It comes back as it was kept.
  await page.reload();
  assert.equal(await page.getByLabel("It stops at").inputValue(), "60.00");
  assert.ok(await radio(page, "Dutch clock").isChecked());
  assert.deepEqual(page.faults, []);
});

test("40 sealed bids, several units, reverse auctions and fixed prices have their own fields", async () => {
  const page = await form();
  await page.getByLabel("Starting price").fill("100");
  await radio(page, "Second price (Vickrey)").check();
  await page.getByLabel("Changing a bid").selectOption("replace");
  await page.getByLabel("What is told before the end").selectOption("shown");
  const lot = await saved(page);
  assert.deepEqual(lot.terms.format, { kind: "vickrey", revisions: "replace", count: "shown" });
  const again = async () => {
    // That it was saved may still stand there from the time before.
    const kept = page.waitForResponse((response) => response.request().method() === "PATCH" && response.ok());
    await page.getByRole("button", { name: "Save draft" }).click();
    await kept;
    return (await own(lot.id)).terms;
  };
  await radio(page, "Several units").check();
  await page.getByLabel(/^Units/).fill("5");
  await page.getByLabel("What winners pay").selectOption("pay_as_bid");
  assert.deepEqual((await again()).format, {
    kind: "multi_unit",
    quantity: 5,
    pricing: "pay_as_bid",
    min_fill: 1,
    count: "shown",
  });
  await radio(page, "Reverse").check();
  await page.getByLabel("The most that is paid").waitFor();
  await page.getByLabel(/^The most at which you buy/).fill("90");
  await page.getByLabel("What bidders see").selectOption("rank_only");
  const reverse = await again();
  assert.deepEqual(reverse.format, { kind: "reverse", visibility: "rank_only", improvement: "0.01" });
  assert.equal(reverse.reserve, "90.00");
  await radio(page, "Fixed price").check();
  await page.getByLabel("Price of one unit").waitFor();
  await page.getByLabel(/^Units/).fill("10");
  const fixed = await again();
  assert.deepEqual(fixed.format, { kind: "fixed_price", quantity: 10 });
  assert.equal(fixed.reserve, null);
  assert.deepEqual(page.faults, []);
});

test("40 an end can be that of a group", async () => {
  const page = await form();
  await page.getByLabel("Starting price").fill("100");
  await page.locator("summary").click();
  await page.getByLabel("How it closes").selectOption("reset");
  await page.getByLabel(/^Group/).fill("Spring sale");
  assert.equal((await saved(page)).terms.closing.group, "Spring sale");
});

test("40 an end can be drawn, and bids can be taken back where that goes with it", async () => {
  const page = await form();
  await page.getByLabel("Starting price").fill("100");
  await page.locator("summary").click();
  await page.getByLabel(/^Taking bids back/).selectOption("allowed");
  await page.getByLabel("All of one's bids until this long before the end").selectOption({ label: "1 day" });
  const lot = await saved(page);
  assert.deepEqual(lot.terms.retraction, { kind: "allowed", free_until_s: 86_400, grace_s: 3600 });
  await page.getByLabel("How it closes").selectOption("candle");
  await counted(page.getByLabel(/^Taking bids back/), 0);
  await page.getByLabel("The end is drawn from the last").selectOption({ label: "5 minutes" });
  await page.getByRole("button", { name: "Save draft" }).click();
  await until(async () => (await own(lot.id)).terms.closing.kind === "candle", "the candle");
  const { closing, retraction } = (await own(lot.id)).terms;
  assert.deepEqual([closing.period_s, closing.sample_s, retraction.kind], [300, 1, "forbidden"]);
  assert.match(closing.commitment, /^[0-9a-f]{64}$/);
  // No end is drawn in other formats.
  await radio(page, "Reverse").check();
  assert.equal(await page.getByLabel("How it closes").inputValue(), "");
  assert.equal(await page.getByRole("option", { name: /^Candle/ }).count(), 0);
  assert.deepEqual(page.faults, []);
});

test("40 what only the server knows to be wrong stands at the field of the format", async () => {
  const page = await form();
  await page.getByLabel("Starting price").fill("100");
  await radio(page, "Several units").check();
  await page.getByLabel(/^Units/).fill("5");
  await page.route("**/api/auctions/", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({
          status: 400,
          json: { code: "invalid", "terms.format.quantity": ["Must be from 1 to 3."] },
        })
      : route.continue(),
  );
  await page.getByRole("button", { name: "Save draft" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "attention" });
  await summary.getByText("Units: Must be from 1 to 3.").click();
  assert.ok(await page.getByLabel(/^Units/).evaluate((element) => element === document.activeElement));
  assert.equal(await page.getByLabel(/^Units/).getAttribute("aria-invalid"), "true");
});

test("40 an end is drawn from no more than the auction lasts", async () => {
  const page = await form();
  await page.getByLabel("Starting price").fill("100");
  await page.locator("summary").click();
  await page.getByLabel("How it closes").selectOption("candle");
  await page.getByLabel("The end is drawn from the last").selectOption({ label: "1 hour" });
  await page.locator("#lot-end").fill(`${YEAR}-05-01T20:30`);
  await page.getByRole("button", { name: "Save draft" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "attention" });
  await summary.getByText("This is longer than the auction lasts.", { exact: false }).waitFor();
  await page.locator("#lot-end").fill(`${YEAR}-05-01T21:30`);
  assert.equal((await saved(page)).terms.closing.period_s, 3600);
});

test("40 where bidders see their rank only, what is left to the house ends at its time", async () => {
  const page = await form();
  await radio(page, "Reverse").check();
  await page.getByLabel("The most that is paid").fill("100");
  await page.getByLabel("What bidders see").selectOption("rank_only");
  await page.locator("summary").click();
  await page.getByText("the house lets it end at its time").waitFor();
  assert.equal((await saved(page)).terms.closing.kind, "hard");
});

test("40 what the server says of the terms is told in the reader's language", async () => {
  const page = await form();
  await page.getByLabel("Starting price").fill("100");
  await page.route("**/api/auctions/", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({
          status: 400,
          json: { code: "invalid", "terms.increments": ["Leave no room for a bid above the starting price."] },
        })
      : route.continue(),
  );
  await page.getByRole("button", { name: "Save draft" }).click();
  const summary = page.getByRole("alert").filter({ hasText: "attention" });
  await summary.getByText(/With these steps there is no room for a bid above the starting price/).waitFor();
});

test("6 axe finds nothing in the form of any format, in both themes", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await form({ colorScheme });
    await page.locator("summary").click();
    for (const name of ["Dutch clock", "Several units", "Reverse", "Sealed bids", "Fixed price"]) {
      await radio(page, name).check();
      assert.deepEqual(await axe(page), [], name);
    }
    await page.context().close();
  }
});
