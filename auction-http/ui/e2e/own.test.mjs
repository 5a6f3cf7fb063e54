// The auctions that one has joined, one's bids, and what one has won.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, open, Server, until } from "./harness.mjs";

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

/** An auction that somebody leads. */
async function led(person, title, more = {}) {
  const auction = await server.auction(sally, { title, ...more });
  await server.join(person, auction);
  await server.bid(person, auction, { price: "100.00" });
  return auction;
}

async function outbid(rival, auction, price = "150.00") {
  await server.call("POST", `auctions/${auction.id}/join_auction/`, { token: rival.token });
  await server.bid(rival, auction, { price });
}

async function overflows(page) {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test("39 what one has joined is grouped, says how one stands and follows the bidding", async () => {
  const [ida, max] = [await server.person("Ida"), await server.person("Paul")];
  const leading = await led(ida, "Led");
  await outbid(max, await led(ida, "Lost the lead"));
  await led(ida, "Reserved", { terms: { reserve: "5000.00" } });
  const untouched = await server.auction(sally, { title: "Untouched" });
  await server.join(ida, untouched);
  const coming = await server.auction(sally, { title: "Coming", from: 3600, to: 7200 });
  await server.join(ida, coming);
  const called = await server.auction(sally, { title: "Called off", from: 3600, to: 7200 });
  await server.join(ida, called);
  await server.must("POST", `auctions/${called.id}/cancel/`, { token: sally.token });

  const page = await open(server, "/my-auctions", { as: ida });
  const row = (title) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
  const group = (name) => page.getByRole("region", { name });
  for (const [title, words] of [
    ["Led", "You lead"],
    ["Lost the lead", "Outbid"],
    ["Reserved", "You lead, reserve not met"],
    ["Untouched", "No bid yet"],
  ]) {
    await group("Open now").getByRole("heading", { name: title, exact: true }).waitFor();
    await row(title).getByText(words, { exact: true }).waitFor();
  }
  await group("Coming up").getByRole("heading", { name: "Coming", exact: true }).waitFor();
  await group("Over").getByRole("heading", { name: "Called off" }).waitFor();

  await outbid(max, leading, "175.00");
  await row("Led").getByText("$175.00").waitFor();
  await row("Led").getByText("Outbid", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Bid on Led" }).click();
  await page.waitForURL(`**/auction/${leading.id}/bidding`);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("39 one's bids are listed by how one stands, and the choice lives in the address", async () => {
  const [jana, max] = [await server.person("Jana"), await server.person("Rolf")];
  await led(jana, "Still mine");
  await outbid(max, await led(jana, "No longer mine"));
  const page = await open(server, "/my-auctions", { as: jana });
  await page.getByRole("link", { name: "Bids", exact: true }).click();
  await page.getByRole("link", { name: "Still mine" }).waitFor();
  await page.getByRole("link", { name: "No longer mine" }).waitFor();
  await page.getByLabel("How you stand").selectOption("outbid");
  await page.getByRole("link", { name: "Still mine" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "No longer mine" }).waitFor();
  assert.match(page.url(), /state=outbid/);
  await page.getByLabel("How you stand").selectOption("won");
  await page.getByRole("heading", { name: "No bid of yours stands like this" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "No longer mine" }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("39 what one has won stands with its price, its date and its number", async () => {
  const kim = await server.person("Kim");
  const page = await open(server, "/won-auctions", { as: kim });
  await page.getByRole("heading", { name: "You have not won anything yet" }).waitFor();
  const auction = await led(kim, "A short one", { to: 4 });
  const won = await until(async () => {
    const all = await server.must("GET", "auctions/won_auctions/", { token: kim.token });
    return all.find(({ id }) => id === auction.id);
  }, "the auction to end");
  await page.reload();
  const row = page.getByRole("listitem").filter({ hasText: "A short one" });
  await row.getByText("$100.00").waitFor();
  await row.getByText(won.transaction_id, { exact: true }).waitFor();
  assert.equal(await row.locator("time").getAttribute("datetime"), won.date_won);
  await page.goto("/my-auctions");
  await page.getByRole("listitem").filter({ hasText: "A short one" }).getByText("Won", { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("6 axe finds nothing on the lists of one's own, in both themes", async () => {
  const [lea, max] = [await server.person("Lea"), await server.person("Timo")];
  await outbid(max, await led(lea, "Outbid on"));
  await led(lea, "Leading in", { terms: { reserve: "5000.00" } });
  await led(lea, "Soon won", { to: 4 });
  await until(async () => (await server.must("GET", "auctions/won_auctions/", { token: lea.token })).length === 1);
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(server, "/my-auctions", { as: lea, colorScheme });
    for (const [path, settled] of [
      ["/my-auctions", "Outbid on"],
      ["/my-auctions?view=bids", "Outbid on"],
      ["/won-auctions", "Soon won"],
    ]) {
      await page.goto(path);
      await page.locator("main").getByText(settled).first().waitFor();
      assert.deepEqual(await axe(page), [], `${path} ${colorScheme}`);
    }
    await page.context().close();
  }
});

test("5 none of the lists of one's own scrolls sideways at 320 pixels", async () => {
  const [moe, max] = [await server.person("Moe"), await server.person("Uwe")];
  const title = "An Edwardian emerald pendant with an unreasonably long title Donaudampfschifffahrtsgesellschaft";
  await outbid(max, await led(moe, title), "1234567.00");
  const page = await open(server, "/my-auctions", { as: moe, viewport: { width: 320, height: 640 } });
  for (const path of ["/my-auctions", "/my-auctions?view=bids"]) {
    await page.goto(path);
    await page.locator("main").getByText(title).first().waitFor();
    assert.ok((await overflows(page)) <= 0, path);
  }
  await page.context().close();
});
