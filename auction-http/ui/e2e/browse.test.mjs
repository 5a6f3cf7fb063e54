// Points 1, 2 and 9: the first page and the list; 5 and 6 for both.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { card, cards, fits, furnish, gate, NARROW, said, shown, titles, WIDE, watched } from "./browse-things.mjs";
import { axe, closeBrowser, open, Server, until } from "./harness.mjs";

let server;
let demo;
let ann;
let lots;

before(async () => {
  [server, demo] = await Promise.all([Server.start(), Server.start({ args: ["--demo"] })]);
  ({ lots } = await furnish(server));
  ann = await server.person("Ann");
});

after(async () => {
  await closeBrowser();
  await server.stop();
  await demo.stop();
});

describe("the first page", () => {
  test("1 the first page shows auctions within two seconds, and asks nobody else for anything", async () => {
    // The first visit pays for the start of the browser.
    await (await watched(demo, "/")).context().close();
    const page = await watched(demo, "/", { viewport: WIDE });
    assert.ok(page.took < 2000, `${page.took} ms`);
    await page.waitForLoadState("networkidle");
    await shown(page.getByRole("heading", { level: 2, name: "Ending soon" }));
    await shown(page.getByText("Prices are live"));
    const pictures = page.locator("article img").first();
    await until(() => pictures.evaluate((picture) => picture.complete && picture.naturalWidth > 0), "a picture");
    assert.deepEqual(await page.evaluate(() => globalThis.forbidden), []);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("1 pictures come from the address by which one came", async () => {
    const other = Object.assign(Object.create(demo), { url: demo.url.replace("127.0.0.1", "localhost") });
    const page = await open(other, "/");
    const picture = page.locator("article img").first();
    await until(() => picture.evaluate((element) => element.complete && element.naturalWidth > 0), "a picture");
    assert.match(await picture.getAttribute("src"), /^http:\/\/localhost:/);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("1 a demonstration says whom one can be, to those who are nobody yet", async () => {
    const page = await open(demo, "/");
    const box = page.getByText("This is a demonstration.").locator("..");
    await shown(box.getByText(/Ann/));
    await box.getByRole("link").click();
    await page.waitForURL("**/login");
    const ann = { token: await demo.token("ann@demo.example", "paddle-number-seven") };
    const signedIn = await open(demo, "/", { as: ann });
    await shown(signedIn.getByRole("link", { name: "Sell a lot" }));
    assert.equal(await signedIn.getByText("This is a demonstration.").count(), 0);
    await page.context().close();
    await signedIn.context().close();
  });

  test("1 what ends soon, what opens soon and the categories lead into the list", async () => {
    const page = await open(server, "/");
    const opening = page.getByRole("region", { name: "Opening soon" });
    await shown(opening.getByText("Oak table"));
    const ending = page.getByRole("region", { name: "Ending soon" });
    assert.deepEqual(
      await ending.locator("h3").allTextContents(),
      lots.slice(0, 4).map(({ title }) => title),
    );
    await opening.getByRole("link", { name: "All that are scheduled" }).click();
    await page.waitForURL("**/auctions?status=scheduled");
    await shown(page.getByRole("heading", { name: "1 auction" }));
    await page.goBack();
    await page.getByRole("region", { name: "By category" }).getByRole("link", { name: "Furniture" }).click();
    await page.waitForURL("**/auctions?category=furniture");
    const category = page.getByRole("combobox", { name: "Category" });
    await until(async () => (await category.inputValue()) === "furniture", "the category");
    await shown(page.getByRole("heading", { name: "50 auctions" }));
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("2 an empty house says to each what comes next", async (t) => {
    const empty = await Server.start();
    t.after(() => empty.stop());
    const visitor = await open(empty, "/");
    await shown(visitor.getByRole("heading", { name: "The house is still empty" }));
    const main = visitor.locator("main");
    await shown(main.getByRole("link", { name: "Register", exact: true }));
    assert.deepEqual(await axe(visitor), []);
    await main.getByRole("link", { name: "Sign in" }).click();
    await visitor.waitForURL("**/login?next=/sell/new");
    assert.deepEqual(visitor.faults, []);
    const member = await open(empty, "/", { as: await empty.person("Ann") });
    await member.getByRole("link", { name: "Put up the first lot" }).click();
    await member.waitForURL("**/sell/new");
    await visitor.context().close();
    await member.context().close();
  });

  test("2 a house that shows nothing to strangers asks them to sign in", async (t) => {
    const closed = await Server.start({ env: { PUBLIC_BROWSING: "off" } });
    t.after(() => closed.stop());
    const seller = await closed.seller();
    const lot = await closed.auction(seller, { title: "A walnut desk" });
    for (const path of ["/", "/auctions?search=desk"]) {
      const page = await open(closed, path);
      await shown(page.getByRole("heading", { name: "Sign in to see the auctions" }));
      assert.equal(await cards(page).count(), 0);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
    const bidder = await closed.person("Bob");
    await closed.join(bidder, lot);
    const page = await open(closed, "/auctions?search=desk", { as: bidder });
    await shown(page.getByText("Prices are live"));
    await closed.bid(bidder, lot, { price: "110.00" });
    await shown(card(page, lot).getByText("$110.00"));
    await page.context().close();
  });
});

describe("the list", () => {
  test("9 search, filters, order and page stand in the address, and Back undoes them one by one", async () => {
    const page = await open(server, "/auctions", { viewport: WIDE });
    await shown(page.getByRole("heading", { name: "52 auctions" }));
    await page.getByRole("searchbox").fill("walnut");
    await page.getByRole("searchbox").press("Enter");
    await page.waitForURL("**/auctions?search=walnut");
    await shown(page.getByRole("heading", { name: "50 auctions" }));
    await page.getByLabel("Status").selectOption("Live");
    await page.getByLabel("Order").selectOption("Highest price");
    await page.getByLabel("From").fill("1,000");
    await page.getByLabel("From").press("Enter");
    await page.waitForURL("**/auctions?search=walnut&status=started&min_price=1000&ordering=-current_price");
    await shown(page.getByRole("heading", { name: "41 auctions" }));
    assert.equal((await titles(page))[0], "Walnut chair 50");
    await page.getByRole("link", { name: "Page 2" }).click();
    await page.waitForURL("**&page=2");
    await until(async () => (await titles(page))[0] === "Walnut chair 26", "the second page");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "found");
    await page.goBack();
    await until(async () => (await titles(page))[0] === "Walnut chair 50", "the first page");
    await page.goBack();
    await until(async () => (await page.getByLabel("From").inputValue()) === "", "no bound");
    await page.goBack();
    assert.equal(await page.getByLabel("Order").inputValue(), "end_date_time");
    await page.goBack();
    assert.equal(await page.getByLabel("Status").inputValue(), "open");
    await page.goBack();
    await until(async () => (await page.getByRole("searchbox").inputValue()) === "", "no search");
    await shown(page.getByRole("heading", { name: "52 auctions" }));
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("9 a shared address shows the same list, and its filters", async () => {
    const path = "/auctions?search=chair&max_price=500&ends=24h&ordering=-end_date_time";
    const page = await open(server, path, { viewport: WIDE });
    await shown(page.getByRole("heading", { name: "5 auctions" }));
    assert.deepEqual(
      await titles(page),
      lots
        .slice(0, 5)
        .reverse()
        .map(({ title }) => title),
    );
    assert.equal(await page.getByRole("searchbox").inputValue(), "chair");
    assert.equal(await page.getByLabel("To", { exact: true }).inputValue(), "500");
    assert.equal(await page.getByLabel("Ends").inputValue(), "24h");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.waitForURL("**/auctions?search=chair&ordering=-end_date_time");
    assert.equal(await page.getByLabel("To", { exact: true }).inputValue(), "");
    await page.context().close();
  });

  test("9 an amount that is none is said at its field and changes nothing", async () => {
    const page = await open(server, "/auctions", { viewport: WIDE });
    await shown(page.getByRole("heading", { name: "52 auctions" }));
    await page.getByLabel("From").fill("a lot");
    await page.getByLabel("From").press("Enter");
    const field = page.getByLabel("From");
    await until(() => field.getAttribute("aria-invalid"), "the field to be marked");
    const error = await field.getAttribute("aria-describedby");
    assert.match(await page.locator(`[id="${error}"]`).textContent(), /1250\.00/);
    assert.match(page.url(), /\/auctions$/);
    await page.context().close();
  });

  test("9 Back from an auction finds the list as it was, scrolled as it was", async () => {
    const page = await open(server, "/auctions?search=walnut&page=2", { viewport: WIDE });
    await shown(page.getByRole("heading", { name: "50 auctions" }));
    const lot = lots[40];
    await card(page, lot).scrollIntoViewIfNeeded();
    await page.waitForFunction(() => scrollY > 500);
    const before = await page.evaluate(() => scrollY);
    const order = await titles(page);
    await card(page, lot).getByRole("link").click();
    await page.waitForURL(`**/auction/${lot.id}`);
    await until(() => page.evaluate(() => scrollY === 0), "the top of the auction");
    // The list is not asked for before it is shown: it is there at once.
    const { held, release } = gate();
    await page.route("**/api/auctions/?**", async (route) => {
      await held;
      await route.continue();
    });
    await page.goBack();
    await shown(card(page, lot));
    await until(async () => Math.abs((await page.evaluate(() => scrollY)) - before) <= 2, `${before} px from the top`);
    assert.match(page.url(), /\?search=walnut&page=2$/);
    assert.equal(await page.getByRole("searchbox").inputValue(), "walnut");
    release();
    assert.deepEqual(await titles(page), order);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("9 what is typed is looked for without Enter, as one step", async () => {
    const page = await open(server, "/auctions", { viewport: WIDE });
    await shown(page.getByRole("heading", { name: "52 auctions" }));
    await page.getByRole("searchbox").pressSequentially("oak", { delay: 30 });
    await shown(page.getByRole("heading", { name: "1 auction" }));
    await page.getByRole("searchbox").pressSequentially(" table", { delay: 30 });
    await page.waitForURL("**/auctions?search=oak+table");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "search");
    await page.goBack();
    await page.waitForURL("**/auctions");
    await until(async () => (await page.getByRole("searchbox").inputValue()) === "", "no search");
    await page.context().close();
  });

  test("9 the filters fold up where there is little room", async () => {
    const page = await open(server, "/auctions", { viewport: NARROW });
    await shown(cards(page).first());
    assert.equal(await page.getByLabel("Status").isVisible(), false);
    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByLabel("Status").selectOption("Scheduled");
    await shown(page.getByRole("button", { name: "Filters (1 on)", expanded: true }));
    await shown(page.getByRole("heading", { name: "1 auction" }));
    await page.context().close();
  });

  test("9 nothing found, and a page that is none, say how to go on", async () => {
    const page = await open(server, "/auctions?search=unicorn");
    await shown(page.getByRole("heading", { name: "Nothing matches" }));
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Clear filters" }).last().click();
    await shown(page.getByRole("heading", { name: "52 auctions" }));
    await page.goto("/auctions?page=77");
    await page.getByRole("link", { name: "To the first page" }).click();
    await shown(page.getByRole("heading", { name: "52 auctions" }));
    await page.context().close();
  });
});

describe("for everybody", () => {
  test("5 both pages fit into 320 px, with long titles and amounts", async () => {
    for (const path of ["/", "/auctions?ordering=-current_price", "/auctions?search=unicorn"]) {
      const page = await open(server, path, { viewport: NARROW });
      await shown(page.locator("article, main h2").last());
      await page.waitForLoadState("networkidle");
      await fits(page);
      if (path.includes("ordering")) {
        await page.getByRole("button", { name: "Filters" }).click();
        await fits(page);
      }
      await page.context().close();
    }
  });

  test("6 axe finds nothing on both pages, light and dark", async () => {
    const list = "/auctions?search=walnut&status=started&page=2";
    for (const colorScheme of ["light", "dark"]) {
      for (const [path, as] of [["/"], [list], [list, ann]]) {
        const page = await open(server, path, { colorScheme, viewport: WIDE, ...(as && { as }) });
        await shown(cards(page).first());
        await page.waitForLoadState("networkidle");
        assert.deepEqual(await axe(page), [], `${path} ${colorScheme}`);
        const levels = await page
          .locator("h1, h2, h3, h4")
          .evaluateAll((all) => all.map((it) => Number(it.tagName[1])));
        assert.equal(levels.filter((level) => level === 1).length, 1);
        for (const [index, level] of levels.entries()) assert.ok(level <= (levels[index - 1] ?? 0) + 1, `${levels}`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
      }
    }
  });

  test("6 search, filters and cards are reached and used by keys alone", async () => {
    const page = await open(server, "/auctions", { viewport: WIDE });
    await shown(cards(page).first());
    const tabTo = (what, is) =>
      until(async () => {
        await page.keyboard.press("Tab");
        return page.evaluate(is);
      }, what);
    await tabTo("the search", () => document.activeElement.id === "search");
    await page.keyboard.type("walnut");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/auctions?search=walnut");
    await tabTo("the status", () => document.activeElement.matches("#filters select"));
    await page.keyboard.press("ArrowDown");
    await page.waitForURL("**/auctions?search=walnut&status=started");
    await until(async () => (await said(page).textContent()).startsWith("50 auctions"), "what was found");
    await tabTo("a card", () => document.activeElement.closest("article"));
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Walnut chair 01");
    const described = await page.evaluate(() =>
      document.activeElement
        .getAttribute("aria-describedby")
        .split(" ")
        .map((id) => document.getElementById(id).textContent)
        .join(" "),
    );
    assert.match(described, /\$[\d,.]+ Ends in/);
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/auction/${lots[0].id}`);
    await page.context().close();
  });
});
