// The form of a lot, from its draft to its announcement.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { anotherTab, closeBrowser, counted, open, Server, until } from "./harness.mjs";
import { picture } from "./pictures.mjs";

const HOSTILE = `<img src=x onerror="document.title='owned'">“&quot;<script>alert(1)</script>`;
/** A year in which all times of these tests lie in the future. */
const YEAR = new Date().getFullYear() + 1;

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

/** The last Sunday of a month, at a time: when clocks change in Madrid. */
function lastSunday(month, time) {
  const day = new Date(Date.UTC(YEAR, month, 0));
  day.setUTCDate(day.getUTCDate() - day.getUTCDay());
  return `${day.toISOString().slice(0, 10)}T${time}`;
}

const button = (page, name) => page.getByRole("button", { name, exact: true });
const summary = (page) => page.getByRole("alert").filter({ hasText: "attention" });
const own = (id, person = sally) => server.must("GET", `auctions/${id}/`, { token: person.token });
const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

/** The number of the lot whose form this is, once it has an address. */
async function numberOf(page) {
  await page.waitForURL(/\/sell\/\d+$/);
  return Number(/(\d+)$/.exec(page.url())[1]);
}

async function advanced(page) {
  await page.locator("summary").click();
}

test("40 a lot is drafted with two pictures, scheduled in its zone and published with its terms", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  await page.getByLabel("Title").fill("A Georgian writing box");
  await page.getByLabel("Description").fill("Rosewood, about 1820.\nThe key is missing.");
  await page.getByLabel("Starting price").fill("1,250");
  const files = [picture("front.png", [120, 60, 20]), picture("back.png", [20, 60, 120])];
  await page.locator('input[type="file"]').setInputFiles(files);
  const id = await numberOf(page);
  await page.getByRole("img", { name: "Picture 2 of A Georgian writing box" }).waitFor();
  const draft = await own(id);
  assert.equal(draft.status, "draft");
  assert.equal(draft.images.length, 2);
  assert.equal(draft.starting_price, "1250.00");
  assert.equal((await server.call("GET", `auctions/${id}/`)).status, 404, "nobody else sees a draft");

  await page.getByLabel("Time zone").selectOption("America/New_York");
  await page.getByLabel(/^Start GMT/).fill(`${YEAR}-07-01T18:30`);
  await page.getByLabel(/^End GMT/).fill(`${YEAR}-07-08T20:00`);
  await page.getByText(`In UTC: Jul 1, ${YEAR}, 10:30:00 PM UTC`).waitFor();
  await page.getByLabel("Reserve").fill("2000");
  await page.getByLabel("Who knows of the reserve").selectOption("hidden");
  await advanced(page);
  await page.getByLabel("How much more each bid has to be").selectOption("fixed");
  await page.getByLabel("Step").fill("50");
  await page.getByLabel("The first bid").selectOption("at_least");
  await page.getByLabel("How it closes").selectOption("reset");
  await page.getByLabel("Late means in the last").selectOption({ label: "3 minutes" });
  await page.getByLabel("Buy-now price").fill("9,999.50");
  await page.getByLabel("It can be bought at once").selectOption("always");
  await page.getByLabel("Who may pause it").selectOption("seller");
  await button(page, "Publish").click();

  await page.waitForURL(/\/sell$/);
  await page.getByRole("status").filter({ hasText: "“A Georgian writing box” is announced." }).waitFor();
  const scheduled = page.getByRole("region", { name: "Scheduled" });
  await scheduled.getByRole("heading", { name: "A Georgian writing box" }).waitFor();
  const lot = await own(id);
  assert.equal(lot.status, "scheduled");
  assert.equal(lot.start_date_time, `${YEAR}-07-01T22:30:00Z`);
  assert.equal(lot.end_date_time, `${YEAR}-07-09T00:00:00Z`);
  assert.equal(lot.description, "Rosewood, about 1820.\nThe key is missing.");
  assert.equal(lot.images.length, 2);
  const { increments, first_bid, reserve, reserve_visibility, closing, join_until, buy_now, early_close } = lot.terms;
  assert.deepEqual(
    { increments, first_bid, reserve, reserve_visibility, join_until, buy_now, early_close },
    {
      increments: { kind: "fixed", step: "50.00" },
      first_bid: "at_least",
      reserve: "2000.00",
      reserve_visibility: "hidden",
      join_until: "end",
      buy_now: { price: "9999.50", rule: "always" },
      early_close: "seller",
    },
  );
  assert.equal(closing.kind, "reset");
  assert.equal(closing.window_s, 180);
  const listed = await server.must("GET", "auctions/?search=Georgian");
  assert.deepEqual(
    listed.map((found) => found.id),
    [id],
  );
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 a lot without pictures is published at once and opens at once where that is chosen", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  await page.getByLabel("Title").fill("A plain stool");
  await page.getByLabel("Starting price").fill("20");
  await page.getByLabel("As soon as it is published").check();
  await button(page, "Publish").dblclick();
  await page.getByRole("status").filter({ hasText: "“A plain stool” is open for bids." }).waitFor();
  const listed = await server.must("GET", "auctions/?search=plain");
  assert.equal(listed.length, 1, "a double click publishes once");
  assert.equal(listed[0].status, "started");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 a lot that opens a moment after it was published says so by itself", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  await page.route("**/api/auctions/", (route) => {
    const body = route.request().postDataJSON();
    const later = new Date(Date.now() + 8_000).toISOString();
    return route.continue({ postData: JSON.stringify({ ...body, start_date_time: later }) });
  });
  await page.getByLabel("Title").fill("A milking stool");
  await page.getByLabel("Starting price").fill("20");
  await page.getByLabel("As soon as it is published").check();
  await button(page, "Publish").click();
  await page.getByRole("status").filter({ hasText: "“A milking stool” is announced." }).waitFor();
  await page.getByRole("status").filter({ hasText: "“A milking stool” is open for bids." }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 what is wrong stands at its field and in a summary that takes the focus and leads there", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  await advanced(page);
  await page.getByLabel("Buy-now price").fill("a lot");
  await advanced(page);
  await button(page, "Publish").click();
  await summary(page).waitFor();
  assert.equal(await isFocused(summary(page)), true);
  await summary(page).getByRole("heading", { name: "3 things need your attention" }).waitFor();

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const title = page.getByLabel("Title");
  assert.equal(await isFocused(title), true);
  assert.equal(await title.getAttribute("aria-invalid"), "true");
  const errors = await title.getAttribute("aria-describedby");
  assert.match(await page.locator(`#${errors.split(" ").at(-1)}`).textContent(), /This is needed\./);

  await advanced(page);
  assert.equal(await page.getByLabel("Buy-now price").isVisible(), false);
  await summary(page)
    .getByRole("link", { name: /Buy-now price/ })
    .click();
  assert.equal(await isFocused(page.getByLabel("Buy-now price")), true);

  await title.fill("A table");
  await summary(page)
    .getByRole("link", { name: /^Title/ })
    .waitFor({ state: "detached" });
  assert.equal(await title.getAttribute("aria-invalid"), null);
  assert.equal((await server.must("GET", "auctions/?scope=selling&search=table", { token: sally.token })).length, 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 what only the server finds wrong stands at its field too", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  await page.getByLabel("Title").fill("A steep one");
  await page.getByLabel("Starting price").fill("10");
  await advanced(page);
  await page.getByLabel("How much more each bid has to be").selectOption("percent");
  await page.getByLabel("Percent of the price").fill("999999");
  await button(page, "Save draft").click();
  await summary(page)
    .getByRole("link", { name: /^Percent of the price: / })
    .click();
  assert.equal(await isFocused(page.getByLabel("Percent of the price")), true);
  assert.equal(await page.getByLabel("Percent of the price").getAttribute("aria-invalid"), "true");
  await page.context().close();
});

test("40 a time that clocks skip is refused, and of one that comes twice it is asked which", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  await page.getByLabel("Title").fill("A night clock");
  await page.getByLabel("Starting price").fill("10");
  const end = page.locator("#lot-end");
  await end.fill(lastSunday(3, "02:30"));
  await page.getByText("There is no such time: clocks go from 02:00 to 03:00 in that night.").waitFor();
  await button(page, "Save draft").click();
  await summary(page)
    .getByRole("link", { name: /^End: There is no such time/ })
    .waitFor();

  await end.fill(lastSunday(10, "02:30"));
  await page.getByLabel(/this time comes twice/).selectOption({ label: "The second time (GMT+1)" });
  await page.getByLabel("As soon as it is published").check();
  await button(page, "Save draft").click();
  const id = await numberOf(page);
  assert.equal((await own(id)).end_date_time, `${lastSunday(10, "01:30")}:00Z`);
  await page.reload();
  assert.equal(await page.getByLabel(/this time comes twice/).inputValue(), "second");
  await page.context().close();
});

test("40 the preview shows the lot as it stands in the form", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  await page.getByLabel("Title").fill(HOSTILE);
  await page.getByLabel("Starting price").fill("1234.5");
  await page.getByLabel("Description").fill("First line.\nSecond line.");
  await button(page, "Preview").click();
  const dialog = page.getByRole("dialog", { name: "As bidders will see it" });
  await counted(dialog.getByText(HOSTILE, { exact: true }), 2);
  await counted(dialog.getByText("$1,234.50", { exact: true }), 2);
  await dialog.getByText("Second line.").waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await isFocused(button(page, "Preview")), true);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 pictures that do not do explain themselves, and one can be taken away", async () => {
  const page = await open(server, "/sell/new", { as: sally });
  const chooser = page.locator('input[type="file"]');
  await chooser.setInputFiles([picture("early.png", [1, 2, 3])]);
  await summary(page).waitFor();
  await page.getByText("Pictures are kept with a draft.").waitFor();

  await page.getByLabel("Title").fill("A pair of prints");
  await page.getByLabel("Starting price").fill("30");
  await chooser.setInputFiles([
    picture("one.png", [200, 0, 0]),
    { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") },
    { name: "broken.png", mimeType: "image/png", buffer: Buffer.from("no picture either") },
    { name: "huge.png", mimeType: "image/png", buffer: Buffer.alloc(10 * 1024 * 1024 + 1) },
    picture("two.png", [0, 0, 200]),
  ]);
  await page.getByRole("img", { name: "Picture 2 of A pair of prints" }).waitFor();
  await page.getByText("notes.txt: not a picture that can be shown.").waitFor();
  await page.getByText("huge.png: larger than 10 MB.").waitFor();
  await page.getByText(/^broken\.png: /).waitFor();
  const id = await numberOf(page);
  const [first, second] = (await own(id)).images;

  await page.getByRole("button", { name: "Remove picture 1" }).click();
  await page.getByRole("img", { name: "Picture 2 of" }).waitFor({ state: "detached" });
  assert.deepEqual((await own(id)).images, [second]);
  assert.notEqual(first, second);
  await until(() => isFocused(page.getByRole("button", { name: "Remove picture 1" })), "the focus to stay");
  await page.getByRole("listitem").filter({ hasText: "Cover" }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 whoever leaves with unsaved changes is asked first", async () => {
  const page = await open(server, "/sell", { as: sally });
  await page.getByRole("link", { name: "Sell something" }).first().click();
  await page.getByLabel("Title").fill("Half a thought");
  await page.getByRole("link", { name: "My auctions" }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.waitFor();
  await button(page, "Stay here").click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("Title").inputValue(), "Half a thought");
  await page.getByRole("link", { name: "My auctions" }).click();
  await button(page, "Leave without saving").click();
  await page.waitForURL("**/my-auctions");

  await page.goto("/sell/new");
  await page.getByLabel("Title").fill("A whole thought");
  await page.getByLabel("Starting price").fill("10");
  const asked = [];
  page.on("dialog", (found) => {
    asked.push(found.type());
    void found.dismiss();
  });
  await page.evaluate(() => location.reload());
  await until(() => asked.length > 0, "the browser to ask");
  assert.deepEqual(asked, ["beforeunload"]);

  await button(page, "Save draft").click();
  await numberOf(page);
  await page.getByText("The draft is saved.").first().waitFor();
  assert.equal(await isFocused(button(page, "Save draft")), true, "the form stays as it is");
  await page.getByRole("link", { name: "My auctions" }).click();
  await page.waitForURL("**/my-auctions");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("40 an announced lot is changed by its seller, and one that has started says why it is not", async () => {
  const lot = await server.auction(sally, { title: "A chest", from: 3600, to: 7200 });
  const page = await open(server, `/sell/${lot.id}`, { as: sally });
  await page.getByLabel("Title").fill("A carved chest");
  assert.equal(await page.getByLabel("Currency").isDisabled(), true);
  await button(page, "Save changes").click();
  await page.getByText("The changes are saved.").first().waitFor();
  const changed = await own(lot.id);
  assert.equal(changed.title, "A carved chest");
  assert.equal(changed.start_date_time, lot.start_date_time, "what was not touched stays to the microsecond");
  assert.equal(changed.end_date_time, lot.end_date_time);
  assert.deepEqual(changed.terms, lot.terms);

  const soon = await server.auction(sally, { title: "A quick one", from: 8, to: 3600 });
  await page.goto(`/sell/${soon.id}`);
  await page.getByLabel("Title").fill("Too late");
  await until(async () => (await own(soon.id)).status === "started", "the start");
  await button(page, "Save changes").click();
  await summary(page).getByText("The auction has started meanwhile: it can no longer be changed.").waitFor();
  await page.goto("/sell");
  await page.goto(`/sell/${soon.id}`);
  await page.getByText("This lot can no longer be changed").waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("33 a session that ends over a form keeps what was typed", async () => {
  const vic = await server.seller("Vic");
  const lot = await server.auction(vic, { title: "A mirror", draft: true, from: 3600, to: 7200 });
  for (const path of ["/sell/new", `/sell/${lot.id}`]) {
    const token = await server.token(vic.email);
    const page = await open(server, path, { as: { ...vic, token } });
    await page.getByLabel("Title").fill("A gilt mirror");
    await page.getByLabel("Starting price").fill("123");
    await server.must("POST", "logout/", { token });
    // The socket of notices may have noticed already: then the dialog lies over the button.
    await button(page, "Save draft").dispatchEvent("click");
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    // As the form in the dialog does, and any other tab.
    const tab = await anotherTab(page, server, "/auctions");
    const fresh = await server.token(vic.email);
    await tab.evaluate((value) => localStorage.setItem("auction:token:/", value), fresh);
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("Title").inputValue(), "A gilt mirror");
    await button(page, "Save draft").click();
    const id = await numberOf(page);
    await until(async () => (await own(id, { token: fresh })).starting_price === "123.00", "the draft to be kept");
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test("6 a lot is described, checked and saved by keyboard alone, and nothing hides the focus", async () => {
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 390, height: 700 },
  ]) {
    const page = await open(server, "/sell/new", { as: sally, viewport });
    await page.getByLabel("Title").waitFor();
    const visited = new Set();
    const tabTo = async (locator) => {
      for (let steps = 0; steps < 60; steps += 1) {
        await page.keyboard.press("Tab");
        const { hidden, name } = await page.evaluate(focusedElement);
        assert.equal(hidden, null, `${name} has the focus and lies under ${hidden}`);
        visited.add(name);
        if (await isFocused(locator)) return;
      }
      throw new Error("the keyboard does not come there");
    };
    await tabTo(page.getByLabel("Title"));
    await page.keyboard.type("Typed blind");
    await tabTo(page.getByLabel("Starting price"));
    await page.keyboard.type("75.50");
    await tabTo(page.getByLabel("At a set time"));
    await page.keyboard.press("ArrowUp");
    await tabTo(page.locator("summary"));
    await page.keyboard.press("Enter");
    await tabTo(page.getByLabel("How it closes"));
    await page.keyboard.type("Soft close: a late bid adds");
    await tabTo(button(page, "Preview"));
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Typed blind").first().waitFor();
    await page.keyboard.press("Escape");
    await tabTo(button(page, "Save draft"));
    await page.keyboard.press("Enter");
    const lot = await own(await numberOf(page));
    assert.equal(lot.title, "Typed blind");
    assert.equal(lot.starting_price, "75.50");
    assert.equal(lot.terms.closing.kind, "add");
    assert.ok(visited.size > 10);
    await page.context().close();
  }
});

/** In the page: what has the focus, and what lies over it, if anything does. */
function focusedElement() {
  const element = document.activeElement;
  const name = element.id || element.textContent.slice(0, 40);
  const boxes = [...element.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  if (element === document.body || boxes.length === 0) return { hidden: null, name };
  const [box] = boxes;
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  const isSeen = top && (element.contains(top) || top.contains(element) || top.closest("label")?.contains(element));
  return { hidden: isSeen ? null : (top?.outerHTML.slice(0, 80) ?? "nothing"), name };
}
