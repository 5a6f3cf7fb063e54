// What holds on every page: headings and titles, themes, small screens, keyboards, languages, and what is fetched first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, open, Server, until } from "./harness.mjs";
import { routesOf, visit, world } from "./routes.mjs";

const DARK = "rgb(20, 19, 15)";
const LIGHT = "rgb(250, 247, 241)";

let server;
let made;
let routes;
before(async () => {
  server = await Server.start();
  made = await world(server);
  routes = routesOf(made);
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

/** Looks at every route in a page as a visitor and in one as the seller. */
async function everywhere({ lang, ...options }, look) {
  for (const isMember of [false, true]) {
    const page = await open(server, "/no/such/page", { ...(isMember && { as: made.seller }), ...options });
    for (const { path } of routes.filter((route) => route.isMember === isMember)) {
      const response = await visit(page, lang ? `${path}${path.includes("?") ? "&" : "?"}lang=${lang}` : path);
      await look(page, `${path}${isMember ? " (signed in)" : ""}`, response);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
}

test("3 every route has one h1 and a title of its own, and can be loaded anew", async () => {
  const titles = new Map();
  await everywhere({}, async (page, route, response) => {
    assert.equal(response.status(), route.startsWith("/no/such") ? 404 : 200, route);
    const headings = await page.locator("h1").allTextContents();
    assert.equal(headings.length, 1, `${route}: ${headings.join(" | ")}`);
    assert.equal(new URL(page.url()).pathname, new URL(route.split(" ")[0], server.url).pathname, route);
    const title = await page.title();
    assert.match(title, /^.+ · Auction house$/, route);
    const name = route.replace(" (signed in)", "");
    assert.ok(titles.get(title) === undefined || titles.get(title) === name, `${route} and ${titles.get(title)}`);
    titles.set(title, name);
    // A page may have taken something secret out of its address: it is asked for as it was.
    await visit(page, route.split(" ")[0]);
    assert.deepEqual(await page.locator("h1").allTextContents(), headings, route);
  });
});

test("3 the skip link is the first stop, and moves the focus to the content", async () => {
  await everywhere({}, async (page, route) => {
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    // Where a page has put the focus into a field, the way begins there: it is taken from the top.
    await page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
    });
    await page.keyboard.press("Tab");
    const link = page.getByRole("link", { name: "Skip to the content" });
    assert.ok(await link.evaluate((element) => element === document.activeElement), route);
    const box = await link.boundingBox();
    assert.ok(box.width > 50 && box.height >= 24, `${route}: the skip link cannot be seen`);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "main", route);
  });
});

test("3 an unknown address is a real 404 that says so, and unknown files and calls are no pages", async () => {
  const page = await open(server, "/");
  const response = await page.goto("/no/such/page");
  assert.equal(response.status(), 404);
  await page.getByRole("heading", { level: 1, name: "Page not found" }).waitFor();
  await page.getByRole("link", { name: "See all auctions" }).click();
  await page.waitForURL("**/auctions");
  const accept = { headers: { Accept: "text/html" } };
  for (const path of ["/assets/nothing-12345678.js", "/api/nothing/", "/ws/nothing/"]) {
    const answer = await fetch(server.url + path, accept);
    assert.equal(answer.status, 404, path);
    assert.doesNotMatch(await answer.text(), /id="root"/, path);
  }
  assert.deepEqual(page.faults, []);
});

test("3 who follows a link hears where they are, and Back leaves the focus alone", async () => {
  const page = await open(server, "/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Auctions" }).click();
  await page.waitForURL("**/auctions");
  await until(() => page.evaluate(() => document.activeElement?.tagName === "H1"), "the focus on the heading");
  await page.goBack();
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.deepEqual(page.faults, []);
});

const paper = (page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

/** Loads a page on which no script of the bundle runs: what is seen is what is drawn first. */
async function firstPaint(page) {
  await page.route("**/assets/*.js", (route) => route.abort());
  await page.reload({ waitUntil: "domcontentloaded" });
  const colour = await paper(page);
  assert.equal(await page.locator("#root").innerHTML(), "");
  await page.unroute("**/assets/*.js");
  return colour;
}

test("4 the theme is the system's, and follows it", async () => {
  const page = await open(server, "/", { colorScheme: "dark" });
  assert.equal(await page.getByLabel("Theme").inputValue(), "system");
  assert.equal(await paper(page), DARK);
  await page.emulateMedia({ colorScheme: "light" });
  assert.equal(await paper(page), LIGHT);
});

test("4 a chosen theme is remembered and there before the first script, so that nothing flashes", async () => {
  for (const [system, theme, colour] of [
    ["light", "dark", DARK],
    ["dark", "light", LIGHT],
  ]) {
    const page = await open(server, "/", { colorScheme: system });
    await page.getByLabel("Theme").selectOption(theme);
    await until(async () => (await paper(page)) === colour, `the ${theme} theme`);
    assert.equal(await firstPaint(page), colour);
    const canvas = await page.locator("meta[name=color-scheme]").getAttribute("content");
    assert.equal(canvas, theme, "the canvas before there are styles");
    await page.reload();
    assert.equal(await page.getByLabel("Theme").inputValue(), theme);
    // Back to the system's.
    await page.getByLabel("Theme").selectOption("system");
    await page.reload();
    assert.equal(await page.getByLabel("Theme").inputValue(), "system");
    assert.equal(await paper(page), system === "dark" ? DARK : LIGHT);
    await page.context().close();
  }
});

test("5 no page scrolls sideways at 320 pixels, nor at 400 % zoom, in any language", async () => {
  const wide = [];
  for (const lang of ["en", "es", "en-XA"]) {
    for (const viewport of [
      { width: 320, height: 640 },
      { width: 320, height: 256 },
    ]) {
      if (lang !== "en" && viewport.height === 256) continue;
      await everywhere({ viewport, lang }, async (page, route) => {
        const [needed, there] = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        if (needed > there) wide.push(`${route} in ${lang} at ${viewport.height}: ${needed} > ${there}`);
      });
    }
  }
  assert.deepEqual(wide, []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`6 axe finds nothing on any route in the ${colorScheme} theme`, async () => {
    const found = [];
    await everywhere({ colorScheme }, async (page, route) => {
      for (const violation of await axe(page)) found.push(`${route}: ${violation}`);
    });
    assert.deepEqual(found, []);
  });
}

test("6 the account's menu opens, leads on and closes by keys", async () => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1280, height: 800 },
  ]) {
    const page = await open(server, "/auctions", { as: made.seller, viewport });
    const button = page.getByRole("button", { name: /Your account$/ });
    const menu = page.locator("#account-menu");
    await button.focus();
    await page.keyboard.press("Enter");
    await menu.waitFor();
    const [from, to] = [await button.boundingBox(), await menu.boundingBox()];
    assert.ok(to.y >= from.y + from.height && to.y < from.y + from.height + 20, "it is below its button");
    assert.ok(to.x >= 0 && Math.abs(to.x + to.width - from.x - from.width) < 2, "it ends where its button ends");
    assert.deepEqual(await axe(page), []);
    await page.keyboard.press("Tab");
    assert.ok(await page.getByRole("link", { name: "Profile" }).evaluate((link) => link === document.activeElement));
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    assert.ok(await button.evaluate((element) => element === document.activeElement));
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/profile");
    await menu.waitFor({ state: "hidden" });
    await until(() => page.evaluate(() => document.activeElement?.tagName === "H1"), "the focus on the heading");
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test("6 one can sign out by keys", async () => {
  const person = await server.person("Zyxdora");
  const page = await open(server, "/auctions", { as: person });
  await page.getByRole("button", { name: /Your account$/ }).press("Enter");
  await page.getByRole("button", { name: "Sign out" }).press("Enter");
  await page.getByRole("link", { name: "Sign in" }).first().waitFor();
  const status = async () => (await server.call("GET", "me/", { token: person.token })).status;
  await until(async () => (await status()) === 401, "the end of the session");
});

test("6 the dialog that asks for the password anew holds the focus, and Escape signs out", async () => {
  const person = await server.person("Zyxeva");
  const page = await open(server, "/auctions", { as: person });
  await page.getByRole("button", { name: /Your account$/ }).waitFor();
  await page.waitForLoadState("networkidle");
  await server.must("POST", "logout/", { token: person.token });
  // The socket of notices may have noticed already: then the dialog lies over the link, and Enter goes to the dialog.
  await page.getByRole("link", { name: "My auctions" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  const password = dialog.getByLabel(/^Password/);
  await password.waitFor();
  assert.deepEqual(await axe(page), []);
  for (let stop = 0; stop < 12; stop += 1) {
    await page.keyboard.press("Tab");
    const isInside = await dialog.evaluate(
      (element) => element.contains(document.activeElement) || document.activeElement === document.body,
    );
    assert.ok(isInside, await page.evaluate(() => document.activeElement?.outerHTML));
  }
  await password.focus();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Sign in" }).first().waitFor();
  assert.deepEqual(page.faults, []);
});

test("6 whatever has the focus shows it, and is not hidden below the header", async () => {
  for (const { path, isMember } of routes) {
    const page = await open(server, path, {
      ...(isMember && { as: made.seller }),
      viewport: { width: 1024, height: 640 },
    });
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
    const seen = new Set();
    for (let stop = 0; stop < 80; stop += 1) {
      await page.keyboard.press("Tab");
      const found = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        globalThis.stops ??= [];
        if (globalThis.stops.includes(element)) return null;
        globalThis.stops.push(element);
        const box = element.getBoundingClientRect();
        // What fills a card shows its focus around the card.
        const shown = [element, element.parentElement, element.closest("li, article, label")].filter(Boolean);
        const styles = [...shown.map((part) => getComputedStyle(part)), getComputedStyle(element, "::after")];
        const header = document.querySelector("header")?.getBoundingClientRect();
        const isInHeader = element.closest("header") !== null || element.matches("a[href='#main']");
        return {
          what: element.outerHTML.slice(0, 160),
          hasOutline: styles.some(
            (style) => style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
          ),
          isHidden:
            !isInHeader && header && getComputedStyle(document.querySelector("header")).position === "sticky"
              ? box.bottom <= header.bottom
              : false,
        };
      });
      if (!found) break;
      seen.add(found.what);
      assert.ok(found.hasOutline, `${path}: no outline on ${found.what}`);
      assert.ok(!found.isHidden, `${path}: below the header: ${found.what}`);
    }
    assert.ok(seen.size >= 5, `${path}: only ${[...seen].join("\n")}`);
    await page.context().close();
  }
});

/** Visible words that stand in no catalogue: in the pseudo language, whatever is left in plain letters. */
function plainWords(known) {
  const escaped = known.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const data = new RegExp(
    [
      ...escaped,
      // What people of these tests are called, and what they sell.
      "Zyx[\\w -]*\\.?",
      // The program by which somebody signed in, as it calls itself.
      "\\bnode\\b",
      // People's addresses, whole and masked; currencies; zones; halves of days.
      "[\\w.*-]+@[\\w.-]+",
      "\\b(USD|EUR|GBP|UTC|GMT|CET|AM|PM)\\b",
    ].join("|"),
    "g",
  );
  const found = [];
  const note = (text, where) => {
    const rest = text.replace(data, "");
    if (/[A-Za-z]{2,}/.test(rest)) found.push(`${where}: ${text.trim().slice(0, 80)}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    // Times are written by Intl; languages are called as they call themselves; source texts are for machines.
    if (!parent || parent.closest("time, option[lang], script, noscript, style, [data-typed]")) continue;
    if (!parent.checkVisibility()) continue;
    note(node.textContent ?? "", parent.tagName.toLowerCase());
  }
  for (const name of ["aria-label", "placeholder", "title", "alt", "aria-description", "aria-roledescription"]) {
    for (const element of document.querySelectorAll(`[${name}]:not(time)`)) {
      note(element.getAttribute(name) ?? "", `${element.tagName.toLowerCase()} ${name}`);
    }
  }
  note(document.title, "title");
  return found;
}

test("7 every text of every route stands in a catalogue", async () => {
  const categories = (await server.must("GET", "categories/")).map((category) => category.name);
  const bare = [];
  await everywhere({ lang: "en-XA" }, async (page, route) => {
    assert.equal(await page.evaluate(() => document.documentElement.lang), "en", route);
    const plain = await page.evaluate(plainWords, categories);
    bare.push(...plain.map((text) => `${route} ${text}`));
  });
  assert.deepEqual(bare, []);
});

test("7 a Spanish reader gets Spanish alone", async () => {
  const english = [];
  const page = await open(server, "/no/such/page", { locale: "es-MX" });
  page.on("response", async (response) => {
    if (!/\.js$/.test(new URL(response.url()).pathname)) return;
    const text = await response.text().catch(() => "");
    if (text.includes("Skip to the content")) english.push(response.url());
  });
  await visit(page, "/");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
  assert.equal(await page.getByRole("link", { name: "Skip to the content" }).count(), 0);
  assert.deepEqual(english, []);
  // The choice is remembered, and changes the page without loading it anew.
  await page.locator("footer select").last().selectOption("en");
  await page.getByRole("link", { name: "Skip to the content" }).waitFor({ state: "attached" });
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
  await page.reload();
  await page.getByRole("link", { name: "Skip to the content" }).waitFor({ state: "attached" });
  assert.deepEqual(page.faults, []);
});

test("8 the first route needs at most 130 kB of compressed JavaScript", async () => {
  const sizes = new Map();
  const page = await open(server, "/no/such/page");
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.setCacheDisabled", { cacheDisabled: true });
  const names = new Map();
  client.on("Network.responseReceived", ({ requestId, response }) => {
    if (/javascript/.test(response.mimeType)) {
      names.set(requestId, { url: response.url, headers: response.headers });
    }
  });
  client.on("Network.loadingFinished", ({ requestId }) => {
    const name = names.get(requestId);
    if (name) sizes.set(new URL(name.url).pathname, name.headers);
  });
  await visit(page, "/");
  let total = 0;
  const list = [];
  for (const [path, headers] of sizes) {
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const length = Number(lower["content-length"]);
    assert.ok(length > 0, `${path} does not say its length`);
    if (length > 1000) assert.match(lower["content-encoding"] ?? "", /br|gzip/, `${path} is not compressed`);
    total += length;
    list.push(`${path} ${length}`);
  }
  assert.ok(list.length >= 2, list.join());
  assert.ok(total <= 130_000, `${total} bytes: ${list.join(", ")}`);
});

test("a page without scripts shows title, price, end and state", async () => {
  for (const viewport of [
    { width: 1280, height: 800 },
    { width: 320, height: 640 },
  ]) {
    const page = await open(server, "/", { javaScriptEnabled: false, viewport });
    const entry = page.locator(".plain-list > li").filter({ hasText: "Zyx walnut desk" });
    await entry.waitFor();
    const text = await entry.textContent();
    assert.match(text, /145\.00/);
    assert.match(text, /\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    assert.ok(await entry.locator(".plain-state").isVisible());
    await entry.getByRole("link", { name: "Zyx walnut desk" }).click();
    await page.waitForURL(`**/auction/${made.auction.id}`);
    await page.getByRole("heading", { level: 1, name: "Zyx walnut desk" }).waitFor();
    const facts = await page.locator(".plain-facts").textContent();
    assert.match(facts, /145\.00/);
    assert.match(facts, /UTC/);
    assert.ok(await page.locator(".plain-state").isVisible());
    const [needed, there] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    assert.ok(needed <= there, `${needed} > ${there}`);
    const colour = await page.locator(".plain-facts").evaluate((element) => getComputedStyle(element).backgroundColor);
    assert.equal(colour, "rgb(255, 255, 255)", "it has its look");
    await page.context().close();
  }
});
