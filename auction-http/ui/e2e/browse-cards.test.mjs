// Points 10 to 12: the cards of auctions, while one waits for them and while they are live.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { card, cards, furnish, gate, gone, LONG, said, shown, titles, WIDE, watched } from "./browse-things.mjs";
import { axe, closeBrowser, counted, open, Server, until } from "./harness.mjs";

/** A picture of one green point. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let server;
let seller;
let boss;
let ann;
let bob;
let lots;

before(async () => {
  server = await Server.start();
  ({ seller, boss, lots } = await furnish(server));
  ann = await server.person("Ann");
  bob = await server.person("Bob");
});

after(async () => {
  await closeBrowser();
  await server.stop();
});

describe("cards", () => {
  test("10 a card has its picture, title, price, bids, time and status, and is one link", async () => {
    const lot = await server.auction(seller, { title: "Brass lamp", terms: { reserve: "500.00" }, to: 9000 });
    const form = new FormData();
    form.append("image", new Blob([PNG], { type: "image/png" }), "lamp.png");
    await server.must("POST", `auctions/${lot.id}/images/`, { token: boss.token, body: form });
    const page = await open(server, "/auctions?search=lamp", { viewport: WIDE });
    const lamp = card(page, lot);
    await until(() => lamp.locator("img").evaluate((it) => it.complete && it.naturalWidth > 0), "the picture");
    await shown(lamp.getByRole("heading", { level: 3, name: "Brass lamp" }));
    const text = await seen(lamp);
    assert.match(text, /Live\s/);
    assert.match(text, /Starting price\s+\$100\.00\s+0 bids\s+Reserve not met\s+Ends in 2h (29|30)m/);
    await counted(lamp.getByText("Live").locator("svg"), 1);
    // Somebody bids more than the reserve.
    await server.join(ann, lot);
    await server.bid(ann, lot, { price: "600.00" });
    await shown(lamp.getByText("Current bid"));
    assert.match(await seen(lamp), /\$600\.00\s+1 bid\s+Reserve met/);
    // All of it leads to the auction.
    await counted(lamp.getByRole("link"), 1);
    const { x, y, width, height } = await lamp.boundingBox();
    await page.mouse.click(x + width / 2, y + height - 12);
    await page.waitForURL(`**/auction/${lot.id}`);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  });

  test("10 members see what they have joined, where they lead, and what is theirs", async () => {
    const lot = await server.auction(seller, { title: "Silver spoon", to: 9000 });
    await server.join(ann, lot);
    await server.join(bob, lot);
    await server.bid(ann, lot, { max: "200.00" });
    const page = await open(server, "/auctions?search=spoon", { as: ann });
    await shown(card(page, lot).getByText("You lead"));
    // Her maximum answers, and she still leads.
    await server.bid(bob, lot, { price: "150.00" });
    await shown(card(page, lot).getByText("$150.01"));
    await shown(card(page, lot).getByText("You lead"));
    await server.bid(bob, lot, { price: "300.00" });
    await shown(card(page, lot).getByText("Joined"));
    assert.equal(await card(page, lot).getByText("You lead").count(), 0);
    const own = await open(server, "/auctions?search=spoon", { as: seller });
    await shown(card(own, lot).getByText("Your lot"));
    await page.context().close();
    await own.context().close();
  });

  test("13 the time on cards, and what ends when, go by the server's clock", async () => {
    const lot = await server.auction(seller, { title: "Tin soldier", to: 300 });
    for (const minutes of [-70, 10]) {
      const page = await open(server, "about:blank", { viewport: WIDE });
      await page.clock.install({ time: Date.now() + minutes * 60_000 });
      await page.goto("/auctions?search=soldier&ends=1h");
      await shown(card(page, lot).getByText(/^Ends in 4m \d+s$/));
      await page.goto("/");
      await shown(card(page, lot).getByText(/^Ends in 4m \d+s$/));
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  });

  test("10 what has ended says for how much it was sold", async () => {
    const lot = await server.auction(seller, { title: "Copper kettle", to: 3600 });
    await server.join(ann, lot);
    await server.bid(ann, lot, { price: "130.00" });
    await server.must("POST", `auctions/${lot.id}/close/`, { token: boss.token });
    const page = await open(server, "/auctions?search=kettle&status=ended");
    await shown(card(page, lot).getByText("Sold for"));
    assert.match(await seen(card(page, lot)), /Ended\s[\s\S]*Sold for\s+\$130\.00\s+1 bid/);
    await page.context().close();
  });
});

describe("waiting and failing", () => {
  test("11 skeletons come after 200 ms and not before, and nothing moves when the cards are there", async () => {
    for (const path of ["/auctions", "/"]) {
      const page = await open(server, "about:blank", { viewport: WIDE });
      const { held, release } = gate();
      let asked = false;
      await page.route(/\/api\/(auctions|time)\//, async (route) => {
        asked = true;
        await held;
        await route.continue();
      });
      await page.clock.install();
      await page.clock.pauseAt(Date.now() + 60_000);
      await page.goto(path);
      await until(() => asked, "a question");
      const skeleton = page.locator("[data-skeleton]");
      const footer = await page.getByRole("contentinfo").boundingBox();
      assert.ok(footer.y >= WIDE.height, `the footer is ${footer.y} px from the top`);
      await page.clock.runFor(190);
      assert.equal(await skeleton.count(), 0);
      await page.clock.runFor(20);
      await shown(skeleton);
      await page.clock.resume();
      assert.deepEqual(await axe(page), []);
      release();
      await shown(cards(page).first());
      assert.equal(await skeleton.count(), 0);
      await page.context().close();
    }
  });

  test("11 the parts of a page hold still while it is loaded and used", async () => {
    for (const path of ["/", "/auctions"]) {
      for (const viewport of [WIDE, { width: 390, height: 844 }]) {
        const page = await watched(server, path, { viewport });
        await page.waitForLoadState("networkidle");
        await shown(page.getByText("Prices are live"));
        const moved = await page.evaluate(() => globalThis.moved);
        assert.ok(moved < 0.1, `${moved} at ${path} in ${viewport.width} px`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
      }
    }
  });

  test("11 the slow answer to a filter moves nothing either, and the cards before stay meanwhile", async () => {
    const page = await watched(server, "/auctions", { viewport: WIDE });
    const { held, release } = gate();
    await page.route("**/api/auctions/?**", async (route) => {
      await held;
      await route.continue();
    });
    await page.getByLabel("Order").selectOption("Highest price");
    await shown(page.locator("section[aria-busy=true]"));
    await counted(cards(page), 24);
    release();
    await until(async () => (await titles(page))[0] === LONG, "the other order");
    assert.ok((await page.evaluate(() => globalThis.moved)) < 0.1);
    await page.context().close();
  });

  test("11 how many were found is announced", async () => {
    const page = await open(server, "/auctions", { viewport: WIDE });
    await until(
      async () => (await said(page).textContent()).trim() === "52 auctions, page 1 of 3".replace("52", await total()),
      "the count",
    );
    await page.getByRole("searchbox").fill("oak");
    await page.getByRole("searchbox").press("Enter");
    await until(async () => (await said(page).textContent()).trim() === "1 auction", "the count of what was found");
    await page.getByRole("searchbox").fill("unicorn");
    await page.getByRole("searchbox").press("Enter");
    await until(async () => (await said(page).textContent()).trim() === "No auctions", "that nothing was found");
    await page.context().close();
  });

  test("11 a failure is said, and Retry mends it", async () => {
    for (const path of ["/", "/auctions"]) {
      const page = await open(server, "about:blank", { viewport: WIDE });
      let fails = true;
      await page.route("**/api/auctions/**", (route) =>
        fails
          ? route.fulfill({ status: 503, contentType: "application/json", body: '{"detail":"Busy.","code":"busy"}' })
          : route.continue(),
      );
      await page.goto(path);
      const alert = page.getByRole("alert");
      await shown(alert.getByText(/This could not be loaded\./));
      assert.deepEqual(await axe(page), []);
      fails = false;
      await alert.getByRole("button", { name: "Retry" }).click();
      await shown(cards(page).first());
      assert.equal(await alert.count(), 0);
      await page.context().close();
    }
  });
});

describe("live", () => {
  test("12 a bid changes the card before one's eyes, and moves nothing", async () => {
    const lot = await server.auction(seller, { title: "Ebony flute", to: 9000 });
    await server.join(ann, lot);
    for (const path of ["/auctions?search=flute", "/auctions?ordering=-bid_count&search=e"]) {
      const page = await watched(server, path, { viewport: WIDE });
      const flute = card(page, lot);
      await shown(page.getByText("Prices are live"));
      await flute.hover();
      await page.evaluate(() => {
        globalThis.sameDocument = true;
      });
      const before = await flute.boundingBox();
      const order = await titles(page);
      const { current_price, bid_count } = await server.must("GET", `auctions/${lot.id}/`);
      const price = (Number(current_price) + 1150).toFixed(2);
      await server.bid(ann, lot, { price });
      const text = Number(price).toLocaleString("en-US", { style: "currency", currency: "USD" });
      await shown(flute.getByText(text));
      await shown(flute.getByText(bid_count === 0 ? "1 bid" : `${bid_count + 1} bids`));
      assert.deepEqual(await flute.boundingBox(), before);
      assert.deepEqual(await titles(page), order);
      assert.equal(await page.evaluate(() => globalThis.sameDocument), true);
      assert.ok((await page.evaluate(() => globalThis.moved)) < 0.1);
      assert.deepEqual(page.faults, []);
      await page.context().close();
    }
  });

  test("12 a lot that ends stays where it is until one asks for the list anew", async () => {
    const first = await server.auction(seller, { title: "Ivory comb", to: 12 });
    const second = await server.auction(seller, { title: "Ivory fan", to: 3100 });
    const page = await open(server, "/auctions?search=ivory", { viewport: WIDE });
    await shown(page.getByText("Prices are live"));
    const before = await card(page, second).boundingBox();
    await shown(card(page, first).getByText("Ended", { exact: true }).first());
    await shown(page.getByText("The list has changed."));
    assert.deepEqual(await titles(page), ["Ivory comb", "Ivory fan"]);
    assert.deepEqual(await card(page, second).boundingBox(), before);
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Update the list" }).click();
    await gone(card(page, first));
    await shown(page.getByRole("heading", { name: "1 auction" }));
    assert.equal(await page.evaluate(() => document.activeElement?.id), "found");
    await page.context().close();
  });

  test("12 a lot that opens says so by itself", async () => {
    const lot = await server.auction(seller, { title: "Jade bowl", from: 10, to: 9000 });
    const page = await open(server, "/auctions?search=jade", { viewport: WIDE });
    await shown(card(page, lot).getByText("Scheduled", { exact: true }));
    await shown(card(page, lot).getByText("Live", { exact: true }));
    await shown(card(page, lot).getByText(/^Ends in/));
    await page.context().close();
  });

  test("12 only what is seen is followed, and what comes into sight is live too", async () => {
    const page = await open(server, "about:blank", { viewport: WIDE });
    const followed = [];
    page.on("websocket", (socket) =>
      followed.push(new URL(socket.url()).searchParams.get("ids").split(",").map(Number)),
    );
    await page.goto("/auctions?search=walnut");
    await shown(page.getByText("Prices are live"));
    const [top, bottom] = [lots[0], lots[23]];
    await until(() => followed.at(-1)?.includes(top.id), "the first card to be followed");
    assert.ok(!followed.at(-1).includes(bottom.id), "what is far below is not followed");
    await card(page, bottom).scrollIntoViewIfNeeded();
    await until(() => followed.at(-1).includes(bottom.id), "the last card to be followed");
    await server.join(ann, bottom);
    await server.bid(ann, bottom, { price: "5000.00" });
    await shown(card(page, bottom).getByText("$5,000.00"));
    // Scrolling back opens nothing anew.
    const sockets = followed.length;
    await page.evaluate(() => scrollTo(0, 0));
    await server.join(bob, top);
    await server.bid(bob, top, { price: "333.00" });
    await shown(card(page, top).getByText("$333.00"));
    assert.equal(followed.length, sockets);
    assert.ok(followed.every((ids) => ids.length <= 50));
    await page.context().close();
  });

  test("12 a broken connection is said, and what was missed is there after it", async () => {
    const lot = await server.auction(seller, { title: "Onyx ring", to: 9000 });
    await server.join(ann, lot);
    const page = await open(server, "/auctions?search=onyx", { viewport: WIDE });
    await shown(page.getByText("Prices are live"));
    await page.context().setOffline(true);
    await shown(page.getByText("Offline: prices may have changed"));
    await server.bid(ann, lot, { price: "444.00" });
    await page.context().setOffline(false);
    await shown(card(page, lot).getByText("$444.00"));
    await shown(page.getByText("Prices are live"));
    await page.context().close();
  });
});

const seen = (locator) => locator.innerText();

/** How many auctions are open or coming. */
async function total() {
  const query = `ends_after=${new Date().toISOString()}&page_size=1`;
  return String((await server.must("GET", `auctions/?${query}`)).count);
}
