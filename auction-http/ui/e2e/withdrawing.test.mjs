// Ends that are drawn, lots that close together, and bids that are taken back or struck: points 6, 13, 16, 24 and 28.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { dialog, field, fixed, panel, price, room, shows, standing } from "./bidding-things.mjs";
import { boss, close, held, one, textOf } from "./formats-things.mjs";
import { axe, closeBrowser, counted, open, Server, until } from "./harness.mjs";

let server;
let sally;
let ann;
let bob;
let hera;
before(async () => {
  server = await Server.start();
  sally = await server.seller();
  [ann, bob] = [await server.person("Ann"), await server.person("Bob")];
  hera = await boss(server);
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const english = (terms, options = {}) =>
  held(
    server,
    sally,
    [ann, bob],
    { kind: "english" },
    { terms: { first_bid: "at_least", ...fixed("5.00"), ...terms }, ...options },
  );
const candle = (options) => english({ closing: { kind: "candle", period_s: 600, sample_s: 60 } }, options);
const back = (page, name = "Take back my bid") => panel(page).getByRole("button", { name, exact: true });
const retraction = (free_until_s, grace_s = 3600) => ({ retraction: { kind: "allowed", free_until_s, grace_s } });
const struck = (page) => page.locator("#bid-history tbody tr[data-withdrawn]");

test("16 an end that is drawn says so, and anybody can check the draw when it is over", async () => {
  const auction = await candle();
  const page = await room(server, auction, ann);
  await panel(page)
    .getByText(/The end is drawn from the last 10 minutes: bids after it will not count/)
    .waitFor();
  const { commitment } = (await one(server, auction)).terms.closing;
  await shows(page.getByTestId("commitment"), commitment);
  assert.ok(!(await textOf(page.locator("main"))).includes("Secret number"));
  await server.bid(bob, auction, { price: "100.00" });
  await close(server, sally, auction);
  await page.getByTestId("seed").waitFor();
  await page.getByRole("button", { name: "Check it" }).click();
  await page.locator('[data-verdict="matches"]').waitFor();
  // Who comes later can check it as well.
  await page.reload();
  await page.getByRole("button", { name: "Check it" }).click();
  await page.locator('[data-verdict="matches"]').waitFor();
  assert.deepEqual(page.faults, []);
});

test("16 a draw that is not what was committed to is told", async () => {
  const auction = await candle();
  await close(server, sally, auction);
  const page = await room(server, auction);
  await page.getByTestId("seed").waitFor();
  await page.route(`**/api/auctions/${auction.id}/events/*`, async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(/"seed":"./, '"seed":"x'.replace("x", "0"));
    await route.fulfill({ response: answer, body: text.replace(/"seed":"0[0-9a-f]{8}/, '"seed":"0aaaaaaaa') });
  });
  await page.reload();
  await page.getByRole("button", { name: "Check it" }).click();
  await page.locator('[data-verdict="other_commitment"]').waitFor();
});

test("16 where the auction is cancelled no end is drawn, and nothing is waited for", async () => {
  const auction = await candle();
  const page = await room(server, auction, ann);
  await page.getByTestId("commitment").waitFor();
  await server.must("POST", `auctions/${auction.id}/cancel/`, { token: sally.token });
  await page.getByText("The auction was cancelled: no end is drawn.").waitFor();
  await counted(page.getByText(/Do not wait for the last second/), 0);
  await counted(page.getByText(/shown as soon as the auction is over/), 0);
  assert.deepEqual(page.faults, []);
});

test("16 lots that close together say so", async () => {
  const auction = await english({ closing: { kind: "reset", window_s: 120, group: "Spring sale" } });
  const page = await room(server, auction, ann);
  await panel(page).getByText("It closes together with the other lots of this sale (Spring sale).").waitFor();
  await page
    .getByText(/together with the other lots of “Spring sale”/)
    .first()
    .waitFor();
});

test("28 all of one's bids can be taken back while the end is far away, and the history shows it", async () => {
  const auction = await english(retraction(600));
  const page = await room(server, auction, ann);
  assert.equal(await back(page).count(), 0, "there is nothing to take back");
  await server.bid(bob, auction, { price: "100.00" });
  await server.bid(ann, auction, { price: "120.00" });
  await shows(price(page), "$120.00");
  await back(page).click();
  await dialog(page).getByText("Your bid is taken back.").waitFor();
  await page.keyboard.press("Escape");
  await counted(dialog(page), 0);
  await back(page).click();
  await dialog(page).getByLabel("Reason").fill("A slip of the finger");
  await dialog(page).getByRole("button", { name: "Take back" }).click();
  await counted(dialog(page), 0);
  await shows(price(page), "$100.00");
  await counted(struck(page), 1);
  assert.match(await textOf(struck(page)), /\(you\) withdrawn \$120\.00$/);
  await counted(struck(page).locator("s"), 1);
  await counted(standing(page, "outbid"), 0);
  await until(async () => (await back(page).count()) === 0, "nothing more to take back");
  // The same for somebody who comes later.
  const other = await room(server, auction, bob);
  await counted(struck(other), 1);
  await standing(other, "leading").waitFor();
  assert.ok(!(await textOf(other.locator("main"))).includes("slip of the finger"));
  assert.deepEqual([...page.faults, ...other.faults], []);
});

test("28 who was outbid and takes the bids back is not outbid any more", async () => {
  const auction = await english(retraction(600));
  const page = await room(server, auction, ann);
  await server.bid(ann, auction, { max: "120.00" });
  await standing(page, "leading").waitFor();
  await server.bid(bob, auction, { price: "150.00" });
  await standing(page, "outbid").waitFor();
  await back(page).click();
  await dialog(page).getByRole("button", { name: "Take back" }).click();
  await counted(dialog(page), 0);
  await counted(standing(page, "outbid"), 0);
  await counted(panel(page).getByRole("button", { name: /^Bid .* now$/ }), 0);
  assert.deepEqual(page.faults, []);
});

test("28 who was outbid and has the only bid struck is not outbid any more", async () => {
  const auction = await english({});
  const { id } = await server.bid(ann, auction, { price: "100.00" });
  const page = await room(server, auction, ann);
  await server.bid(bob, auction, { price: "110.00" });
  await standing(page, "outbid").waitFor();
  const body = { bid: id, reason: "Not a serious bid" };
  await server.must("POST", `auctions/${auction.id}/void/`, { token: hera.token, body });
  await counted(struck(page), 1);
  await counted(standing(page, "outbid"), 0);
  assert.deepEqual(page.faults, []);
});

test("28 near the end only fresh bids can be taken back, and late ones not at all", async () => {
  const auction = await english(retraction(7200));
  const page = await room(server, auction, ann);
  await server.bid(ann, auction, { price: "100.00" });
  await back(page).click();
  await dialog(page).getByText("So near the end only your bid of the last 1 hour is taken back.").waitFor();
  await page.keyboard.press("Escape");
  const strict = await english(retraction(7200, 0));
  const late = await room(server, strict, ann);
  await server.bid(ann, strict, { price: "100.00" });
  await standing(late, "leading").waitFor();
  await until(async () => (await back(late).count()) === 0, "no way back");
});

test("25 a sealed bid can be taken back, too", async () => {
  const format = { kind: "vickrey" };
  const auction = await held(server, sally, [ann, bob], format, { terms: retraction(600) });
  await server.bid(ann, auction, { price: "120.00" });
  const page = await room(server, auction, ann);
  await back(page).click();
  await dialog(page).getByRole("button", { name: "Take back" }).click();
  await counted(dialog(page), 0);
  await panel(page).getByRole("button", { name: "Review your bid" }).waitFor();
  await counted(standing(page, "sealed"), 0);
  await field(page).fill("130");
  await panel(page).getByRole("button", { name: "Review your bid" }).click();
  await dialog(page).getByRole("button", { name: "Bid $130.00" }).click();
  await panel(page).getByText("Your bid: $130.00. Only you see it.").waitFor();
  assert.deepEqual(page.faults, []);
});

test("28 the house strikes a bid with a reason, and nobody else can", async () => {
  const auction = await english({});
  await server.bid(ann, auction, { price: "100.00" });
  await server.bid(bob, auction, { price: "110.00" });
  await server.bid(ann, auction, { price: "120.00" });
  const page = await room(server, auction, hera);
  const bidder = await room(server, auction, ann);
  const strike = page.getByRole("button", { name: /^Strike this bid: \$120\.00/ });
  await strike.click();
  await dialog(page).getByRole("button", { name: "Strike the bid" }).click();
  await dialog(page).getByText("Say why.").waitFor();
  await dialog(page).getByLabel("Reason").fill("Not a serious bid");
  await dialog(page).getByRole("button", { name: "Strike the bid" }).click();
  await counted(dialog(page), 0);
  for (const one of [page, bidder]) {
    await shows(price(one), "$110.00");
    await counted(struck(one), 1);
  }
  await standing(bidder, "outbid").waitFor();
  await counted(bidder.getByRole("button", { name: /Strike/ }), 0);
  await counted(strike, 0);
  await page.getByText(/Withdrawn bids were taken back by their bidder or struck by the house/).waitFor();
  assert.deepEqual([...page.faults, ...bidder.faults], []);
});

test("28 a bid that is gone does not stand among one's own", async () => {
  const auction = await english({}, { title: "A vase that was not meant" });
  await server.bid(ann, auction, { price: "100.00" });
  await server.bid(bob, auction, { price: "110.00" });
  const { id } = await server.bid(ann, auction, { price: "120.00" });
  const body = { bid: id, reason: "Not a serious bid" };
  await server.must("POST", `auctions/${auction.id}/void/`, { token: hera.token, body });
  const page = await open(server, "/my-auctions?view=bids", { as: ann });
  const own = page.getByRole("listitem").filter({ hasText: "A vase that was not meant" });
  await own.filter({ hasText: "$100.00" }).waitFor();
  await counted(own.filter({ hasText: "$120.00" }).filter({ hasNotText: "Withdrawn" }), 0);
  assert.deepEqual(page.faults, []);
});

test("6 axe finds nothing where bids are gone and ends are drawn, in both themes, with the dialogs open", async () => {
  const drawn = await candle();
  await close(server, sally, drawn);
  const auction = await english(retraction(600));
  await server.bid(bob, auction, { price: "100.00" });
  await server.bid(ann, auction, { price: "120.00" });
  await server.must("POST", `auctions/${auction.id}/retract/`, { token: bob.token, body: {} });
  for (const colorScheme of ["light", "dark"]) {
    const page = await room(server, auction, ann, { colorScheme });
    await counted(struck(page), 1);
    await back(page).click();
    assert.deepEqual(await axe(page), []);
    await page.context().close();
    const staff = await room(server, auction, hera, { colorScheme });
    await staff.getByRole("button", { name: /^Strike this bid/ }).click();
    await dialog(staff).waitFor();
    assert.deepEqual(await axe(staff), []);
    await staff.context().close();
    const over = await room(server, drawn, ann, { colorScheme });
    await over.getByRole("button", { name: "Check it" }).click();
    await over.locator("[data-verdict]").waitFor();
    assert.deepEqual(await axe(over), []);
    await over.context().close();
  }
});
