// Sealed bids, for one lot and for several units: points 6, 18, 21, 23, 24, 25 and 28.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dialog, field, obstacle, panel, price, reply, room, shows, standing } from "./bidding-things.mjs";
import { close, held, textOf } from "./formats-things.mjs";
import { axe, closeBrowser, open, Server, until } from "./harness.mjs";

let server;
let sally;
let ann;
let bob;
let cid;
before(async () => {
  server = await Server.start();
  sally = await server.seller();
  [ann, bob, cid] = [await server.person("Ann"), await server.person("Bob"), await server.person("Cid")];
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const sealed = (format, options) => held(server, sally, [ann, bob, cid], format, options);
const review = (page) => panel(page).getByRole("button", { name: "Review your bid" });
const history = (page) => page.locator("#bid-history");

async function bid(page, text, act) {
  await field(page).last().fill(text);
  await review(page).click();
  await dialog(page).getByRole("button", { name: act }).click();
}

test("25 a sealed bid is shown to its bidder only, and nothing tells others of it", async () => {
  const auction = await sealed({ kind: "sealed_first_price" });
  const page = await room(server, auction, ann);
  const other = await room(server, auction, bob);
  await shows(page.getByTestId("how"), /Bids are sealed until the end\. The highest one wins, and the winner pays/);
  await panel(page).getByText("$100.00 at least. Nobody sees it before the end.").waitFor();
  await field(page).fill("99");
  await review(page).click();
  await panel(page).getByText("The least that you can bid is $100.00.").waitFor();
  await field(page).fill("120");
  await review(page).click();
  await dialog(page).getByText("You can bid once: this bid cannot be replaced.").waitFor();
  await dialog(page).getByRole("button", { name: "Bid $120.00" }).click();
  await shows(reply(page, "received"), /Your bid of \$120\.00 came in\./);
  assert.match(await textOf(panel(page)), /Your bid is in\..*Your bid: \$120\.00\. Only you see it\./);
  await page.getByTestId("no-more-bids").waitFor();
  assert.equal(await review(page).count(), 0, "there is no second bid");
  await history(page)
    .getByText(/Bids are sealed until the end/)
    .waitFor();
  assert.equal(await page.getByRole("heading", { name: "Price over time" }).count(), 0);
  // What is known survives a visit later.
  await page.reload();
  await panel(page).getByText("Your bid: $120.00. Only you see it.").waitFor();
  const seen = await textOf(other.locator("main"));
  assert.ok(!seen.includes("120"), seen);
  assert.ok(!/\d bids?/.test(await textOf(panel(other))), "not even how many");
  await server.bid(bob, auction, { price: "150.00" });
  await close(server, sally, auction);
  await shows(standing(page, "lost"), "The lot went to somebody else for $150.00.");
  await shows(standing(other, "won"), "You won this lot for $150.00.");
  await shows(price(page), "$150.00");
  assert.deepEqual([...page.faults, ...other.faults], []);
});

test("25 a reserve is only said to be there until the end, whatever is bid", async () => {
  const terms = { reserve: "130.00", reserve_visibility: "met_flag" };
  const auction = await held(server, sally, [ann, bob], { kind: "vickrey" }, { terms });
  await server.bid(ann, auction, { price: "150.00" });
  const page = await room(server, auction, ann);
  await panel(page).getByText("There is a reserve").waitFor();
  await page.getByText("There is a reserve: below it the lot is not sold").waitFor();
  assert.ok(!(await textOf(page.locator("main"))).includes("Reserve not met"));
  await close(server, sally, auction);
  await panel(page).getByText("Reserve met").waitFor();
  assert.deepEqual(page.faults, []);
});

test("23 a bid that can be replaced is, also by a lower one", async () => {
  const auction = await sealed({ kind: "vickrey", revisions: "replace", count: "shown" });
  const page = await room(server, auction, ann);
  await bid(page, "200", "Bid $200.00");
  await panel(page).getByText("Your bid: $200.00. Only you see it.").waitFor();
  await shows(page.getByTestId("bid-count"), "1 bid");
  await panel(page).getByRole("heading", { name: "Replace your bid" }).waitFor();
  await field(page).fill("180");
  await review(page).click();
  await dialog(page).getByText("It takes the place of your bid of $200.00, also if it is lower.").waitFor();
  await dialog(page).getByText("If it wins you pay the second highest bid, which may be less.").waitFor();
  await dialog(page).getByRole("button", { name: "Bid $180.00" }).click();
  await panel(page).getByText("Your bid: $180.00. Only you see it.").waitFor();
  await server.bid(bob, auction, { price: "130.00" });
  await close(server, sally, auction);
  await shows(standing(page, "won"), "You won this lot for $130.00.");
  assert.deepEqual(page.faults, []);
});

test("24 of several units everybody is told what they won", async () => {
  const auction = await sealed({ kind: "multi_unit", quantity: 5 }, { starting_price: "10.00" });
  const page = await room(server, auction, ann);
  await shows(page.getByTestId("how"), /the highest win until nothing is left\. All winners pay the lowest price that/);
  await panel(page).getByLabel("How many").fill("2");
  await field(page).last().fill("20");
  await review(page).click();
  assert.match(await textOf(dialog(page)), /Units 2 Your bid for one \$20\.00 Your bid \$40\.00/);
  await dialog(page).getByRole("button", { name: "Bid $20.00 each for 2 units" }).click();
  await shows(reply(page, "received"), /Your bid of \$20\.00 each for 2 units came in\./);
  await panel(page).getByText("2 units at $20.00 each").waitFor();
  await server.bid(bob, auction, { price: "21.00", quantity: 4 });
  await server.bid(cid, auction, { price: "11.00", quantity: 1 });
  const loser = await room(server, auction, cid);
  const visitor = await room(server, auction);
  await close(server, sally, auction);
  await shows(standing(page, "won_units"), "You won 1 unit for $20.00 in all.");
  await shows(standing(loser, "lost_units"), "None of your bids won.");
  await shows(standing(visitor, "sold_units"), "Sold: 5 units.");
  await shows(price(visitor), "5 units");
  const rows = visitor.locator('section[aria-labelledby="awards"] tbody tr');
  await until(async () => (await rows.count()) === 2, "two winners");
  assert.match(await textOf(rows.nth(0)), /4 \$20\.00$/);
  assert.match(await textOf(rows.nth(1)), /1 \$20\.00$/);
  await page.goto("/won-auctions");
  const row = page.getByRole("listitem").filter({ hasText: "Several units" });
  await row.waitFor();
  assert.match(await textOf(row), /Units 1 Price of one 1 × \$20\.00 In all \$20\.00/);
  assert.deepEqual([...page.faults, ...loser.faults, ...visitor.faults], []);
});

test("24 one's own pages tell of sealed bids without a word on others", async () => {
  const auction = await sealed({ kind: "sealed_first_price" }, { title: "A sealed vase" });
  await server.bid(ann, auction, { price: "120.00" });
  const page = await open(server, "/my-auctions", { as: ann });
  const row = page.getByRole("listitem").filter({ hasText: "A sealed vase" });
  await row.getByText("Bid is in").waitFor();
  assert.match(await textOf(row), /Sealed bids .*Bids Bids are sealed/);
  await page.goto("/my-auctions?view=bids&state=sealed");
  const own = page.getByRole("listitem").filter({ hasText: "A sealed vase" });
  await own.waitFor();
  assert.match(await textOf(own), /Bid is in Your bid \$120\.00/);
  assert.deepEqual(page.faults, []);
});

test("26 who is not in the room is told how to get there, and an ended one has its result", async () => {
  const auction = await held(server, sally, [ann], { kind: "vickrey" });
  const page = await room(server, auction, bob);
  await obstacle(page, "not_joined").getByRole("button", { name: "Join the auction" }).click();
  await review(page).waitFor();
  await close(server, sally, auction);
  await shows(standing(page, "unsold"), "Not sold: there were no bids.");
  await history(page)
    .getByText(/Bids were sealed/)
    .waitFor();
});

test("6 axe finds nothing where one bids sealed, in both themes, with the dialog open and after the end", async () => {
  const multi = await sealed({ kind: "multi_unit", quantity: 5 }, { starting_price: "10.00" });
  await server.bid(bob, multi, { price: "21.00", quantity: 4 });
  const single = await sealed({ kind: "vickrey", revisions: "replace" });
  const pages = [];
  for (const colorScheme of ["light", "dark"]) {
    for (const auction of [multi, single]) {
      const page = await room(server, auction, ann, { colorScheme });
      await field(page).last().fill("150");
      assert.deepEqual(await axe(page), []);
      await review(page).click();
      await dialog(page).waitFor();
      assert.deepEqual(await axe(page), []);
      await page.keyboard.press("Escape");
      pages.push(page);
    }
  }
  for (const auction of [multi, single]) await close(server, sally, auction);
  for (const page of pages) {
    await obstacle(page, "ended").waitFor();
    assert.deepEqual(await axe(page), []);
  }
});
