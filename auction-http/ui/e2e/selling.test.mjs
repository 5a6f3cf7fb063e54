// One's own auctions and what a seller may do with them; and all pages of sellers as axe and a narrow screen see them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, open, Server, until } from "./harness.mjs";
import { picture } from "./pictures.mjs";

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

const button = (page, name) => page.getByRole("button", { name, exact: true });
const summary = (page) => page.getByRole("alert").filter({ hasText: "attention" });
const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

async function advanced(page) {
  await page.locator("summary").click();
}

test("40 what a seller does is confirmed first, with what follows from it", async () => {
  const tess = await server.seller("Tess");
  const lots = {
    draft: await server.auction(tess, { title: "To publish", draft: true, from: 3600, to: 7200 }),
    junk: await server.auction(tess, { title: "To delete", draft: true, from: 3600, to: 7200 }),
    coming: await server.auction(tess, { title: "To call off", from: 3600, to: 7200 }),
    open: await server.auction(tess, { title: "To govern", terms: { early_close: "seller" } }),
    house: await server.auction(tess, { title: "Not mine to govern" }),
  };
  const page = await open(server, "/sell", { as: tess });
  const row = (title) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
  const confirm = async (title, action, heading, answer = action) => {
    await row(title)
      .getByRole("button", { name: `${action}: ${title}` })
      .click();
    const dialog = page.getByRole("dialog", { name: heading });
    await dialog.getByRole("button", { name: answer, exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  };
  const status = async (lot) => (await server.call("GET", `auctions/${lot.id}/`, { token: tess.token })).body.status;

  await confirm("To call off", "Call off", "Call this auction off?", "Keep it as it is");
  assert.equal(await status(lots.coming), "scheduled");
  await confirm("To call off", "Call off", "Call this auction off?");
  await page.getByRole("region", { name: "Called off" }).getByRole("heading", { name: "To call off" }).waitFor();
  assert.equal(await status(lots.coming), "cancelled");
  await until(() => isFocused(page.getByRole("link", { name: "To call off" })), "the focus to stay with the lot");

  await confirm("To publish", "Publish", "Publish this lot?");
  await page.getByRole("region", { name: "Scheduled" }).getByRole("heading", { name: "To publish" }).waitFor();
  assert.equal(await status(lots.draft), "scheduled");

  await confirm("To delete", "Delete", "Delete this draft?");
  await row("To delete").waitFor({ state: "detached" });
  assert.equal((await server.call("GET", `auctions/${lots.junk.id}/`, { token: tess.token })).status, 404);

  await confirm("To govern", "Pause", "Pause this auction?");
  await row("To govern").getByText("Paused", { exact: true }).first().waitFor();
  assert.equal(await status(lots.open), "paused");
  await confirm("To govern", "Resume", "Resume this auction?");
  await row("To govern").getByText("Live", { exact: true }).waitFor();
  await confirm("To govern", "End now", "End this auction now?");
  await page.getByRole("region", { name: "Over" }).getByRole("heading", { name: "To govern" }).waitFor();
  assert.equal(await status(lots.open), "ended");

  const buttons = await row("Not mine to govern").getByRole("button").count();
  assert.equal(buttons, 0);
  await row("Not mine to govern").getByText("Only the house can pause or end it.").waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 the list of one's own auctions follows the bidding and shows a hostile title as text", async () => {
  const [uma, rita] = [await server.seller("Uma"), await server.person("Rita")];
  const lot = await server.auction(uma, { title: HOSTILE });
  const page = await open(server, "/sell", { as: uma });
  await page.getByRole("heading", { name: HOSTILE }).waitFor();
  await server.join(rita, lot);
  await server.bid(rita, lot, { price: "321.00" });
  await page.getByText("$321.00").waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.doesNotMatch(await page.title(), /owned/);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 somebody becomes a seller, and whoever sells nothing yet is told what comes next", async () => {
  const willa = await server.person("Willa");
  const page = await open(server, "/sell", { as: willa });
  await button(page, "Start selling").click();
  await page.getByRole("heading", { name: "Nothing for sale yet" }).waitFor();
  await page.getByRole("link", { name: "Sell something" }).first().click();
  await page.getByLabel("Title").waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 where the house agrees to sellers, one asks and waits", async () => {
  const house = await Server.start({ env: { SELLERS: "approval" } });
  try {
    const xena = await house.person("Xena");
    const page = await open(house, "/sell/new", { as: xena });
    await button(page, "Ask to sell").click();
    await page.locator("main").getByText("Your request is being reviewed.").waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  } finally {
    await house.stop();
  }
});

test("6 axe finds nothing on the pages of sellers, in both themes and with dialogs open", async () => {
  const yara = await server.seller("Yara");
  await server.auction(yara, { title: "Open", terms: { early_close: "seller" } });
  const draft = await server.auction(yara, { title: "Draft", draft: true, from: 3600, to: 7200 });
  const upload = new FormData();
  const { buffer, mimeType } = picture("one.png", [9, 90, 9]);
  upload.append("image", new Blob([buffer], { type: mimeType }), "one.png");
  await server.must("POST", `auctions/${draft.id}/images/`, { token: yara.token, body: upload });
  const zoe = await server.person("Zoe");
  for (const colorScheme of ["light", "dark"]) {
    const clean = async (page, what) => assert.deepEqual(await axe(page), [], `${what}, ${colorScheme}`);
    const page = await open(server, "/sell", { as: yara, colorScheme });
    await page.getByRole("heading", { name: "Draft", exact: true }).waitFor();
    await clean(page, "own auctions");
    await button(page, "End now: Open").click();
    await page.getByRole("dialog", { name: "End this auction now?" }).waitFor();
    await clean(page, "a confirmation");
    await page.goto(`/sell/${draft.id}`);
    await page.getByRole("img", { name: "Picture 1 of Draft" }).waitFor();
    await advanced(page);
    await page.getByLabel("Title").fill("");
    await page.getByLabel("How it closes").selectOption("add");
    await page.getByLabel("How much more each bid has to be").selectOption("percent");
    await page.getByLabel("Buy-now price").fill("1");
    await button(page, "Publish").click();
    await summary(page).waitFor();
    await clean(page, "the form with what is wrong");
    await button(page, "Preview").click();
    await page.getByRole("dialog", { name: "As bidders will see it" }).waitFor();
    await clean(page, "the preview");
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "My auctions" }).click();
    await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
    await clean(page, "the question before leaving");
    await page.context().close();
    const other = await open(server, "/sell", { as: zoe, colorScheme });
    await button(other, "Start selling").waitFor();
    await clean(other, "becoming a seller");
    await other.context().close();
  }
});

test("5 nothing of the pages of sellers scrolls sideways at 320 pixels", async () => {
  const title = "An Edwardian emerald pendant with an unreasonably long title Donaudampfschifffahrtsgesellschaft";
  const lot = await server.auction(sally, { title, draft: true, from: 3600, to: 7200, starting_price: "1234567.00" });
  const page = await open(server, "/sell", { as: sally, viewport: { width: 320, height: 640 } });
  const fits = async (what) => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${what}: ${over}`);
  };
  await page.getByRole("heading", { name: title }).waitFor();
  await fits("own auctions");
  await page.goto(`/sell/${lot.id}`);
  await advanced(page);
  await page.getByLabel("How it closes").selectOption("add");
  await page.getByLabel("Buy-now price").fill("1");
  await fits("the form");
  await button(page, "Publish").click();
  await summary(page).waitFor();
  await fits("the form with what is wrong");
  await button(page, "Preview").click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  assert.ok(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth));
  await page.context().close();
});
