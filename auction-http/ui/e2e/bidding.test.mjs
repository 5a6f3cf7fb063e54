// Bidding on the page of an auction: points 18 to 27.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  bidOwn,
  bidQuickly,
  bids,
  dialog,
  dontAsk,
  field,
  fixed,
  joined,
  live,
  panel,
  path,
  price,
  quick,
  reply,
  room,
  said,
  shows,
  standing,
} from "./bidding-things.mjs";
import { closeBrowser, counted, open, passing, Server, stopClock, until } from "./harness.mjs";

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

const both = (options) => joined(server, sally, [ann, bob], options);

test("18 quick bids carry the whole amount: the minimum, one step more, two steps more", async () => {
  const auction = await both({ terms: { increments: { kind: "table", name: "ebay_us" } } });
  const page = await room(server, auction, ann);
  for (const amount of ["$100.00", "$102.50", "$105.00"]) await quick(page, amount).waitFor();
  await server.bid(bob, auction, { price: "248.00" });
  // A step is as wide as the price where it begins asks for.
  for (const amount of ["$250.50", "$255.50", "$260.50"]) await quick(page, amount).waitFor();
  await bidQuickly(page, "$255.50");
  await standing(page, "leading").waitFor();
  assert.equal((await bids(server, auction))[0].price, "255.50");
  assert.deepEqual(page.faults, []);
});

test("19 a click bids what stood on the button when it was pressed, and a stale amount is refused", async () => {
  const auction = await both({ terms: fixed("10.00") });
  const page = await room(server, auction, ann);
  await dontAsk(page);
  const button = quick(page, "$100.00");
  const before = await button.boundingBox();
  await page.mouse.move(before.x + before.width / 2, before.y + before.height / 2);
  await page.mouse.down();
  await server.bid(bob, auction, { price: "150.00" });
  await quick(page, "$160.00").waitFor();
  assert.deepEqual(await quick(page, "$160.00").boundingBox(), before, "the button does not move");
  await page.mouse.up();
  await shows(reply(page, "refused"), /Your bid of \$100\.00 was not taken\. The least is now \$160\.00\./);
  assert.equal((await bids(server, auction)).length, 1, "nothing else was bid");
  await reply(page, "refused").getByRole("button", { name: "Bid $160.00 instead" }).click();
  await dialog(page).getByRole("button", { name: "Bid $160.00" }).click();
  await standing(page, "leading").waitFor();
  assert.deepEqual(page.faults, []);
});

test("20 both ways to bid are explained, and errors are tied to the field", async () => {
  const auction = await both({ terms: fixed("5.00") });
  const page = await room(server, auction, ann);
  await panel(page)
    .getByText(/The house bids for you, no more than it takes to lead/)
    .waitFor();
  await panel(page)
    .getByText(/The price becomes exactly this amount/)
    .waitFor();
  const described = async () => {
    const ids = (await field(page).getAttribute("aria-describedby")).split(" ");
    return (await Promise.all(ids.map((id) => page.locator(`[id="${id}"]`).textContent()))).join(" ");
  };
  await field(page).fill("1.234");
  await field(page).press("Enter");
  await until(async () => /Enter an amount such as 100\.00/.test(await described()), "the error");
  assert.equal(await field(page).getAttribute("aria-invalid"), "true");
  assert.ok(await field(page).evaluate((element) => element === document.activeElement));
  await field(page).fill("99");
  assert.equal(await field(page).getAttribute("aria-invalid"), null);
  await field(page).press("Enter");
  await until(async () => /The least that you can bid is \$100\.00/.test(await described()), "the error");
  // What only the server knows is told in the same place.
  await field(page).fill("120");
  await field(page).press("Enter");
  await server.bid(bob, auction, { price: "200.00" });
  await dialog(page).getByText("The price has moved: the least is now $205.00.").waitFor();
  await dialog(page).getByRole("button", { name: "Bid $120.00" }).click();
  await until(async () => /The least is now \$205\.00/.test(await described()), "the refusal");
  await until(() => field(page).evaluate((element) => element === document.activeElement), "the focus in the field");
  assert.equal(await field(page).inputValue(), "120");
  assert.deepEqual(page.faults, []);
});

test("20 a maximum bid pays no more than it takes", async () => {
  const auction = await both({ terms: fixed("5.00") });
  const page = await room(server, auction, ann);
  await bidOwn(page, "1,000", "Maximum bid");
  await standing(page, "leading").waitFor();
  await shows(price(page), "$100.00");
  assert.equal(await field(page).inputValue(), "", "what was taken does not stay in the field");
  await server.bid(bob, auction, { price: "300.00" });
  await shows(price(page), "$305.00");
  await standing(page, "leading").waitFor();
});

test("20 amounts are read as the reader's language writes them", async () => {
  const auction = await both();
  const page = await open(server, path(auction), { as: ann, locale: "es-ES" });
  await live(page);
  const aside = page.locator("aside");
  await aside.getByRole("textbox").fill("1.234,50");
  await aside.getByRole("textbox").press("Enter");
  await shows(dialog(page).getByTestId("amount"), /^1\.?234,50\s(\$|US\$)$/);
  await dialog(page).getByRole("button").nth(1).click();
  await standing(page, "leading").waitFor();
  assert.equal((await bids(server, auction))[0].price, "1234.50");
  assert.deepEqual(page.faults, []);
});

test("21 a confirmation shows amount, fees and total; Escape cancels, and the focus returns", async () => {
  const auction = await both({ terms: fixed("5.00") });
  const page = await room(server, auction, ann);
  await quick(page, "$105.00").focus();
  await page.keyboard.press("Enter");
  await shows(dialog(page).getByTestId("amount"), "$105.00");
  await dialog(page).getByText("Fees", { exact: true }).waitFor();
  await shows(dialog(page).getByTestId("total"), "$105.00");
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
  assert.ok(await quick(page, "$105.00").evaluate((element) => element === document.activeElement));
  assert.equal((await bids(server, auction)).length, 0);
  assert.deepEqual(page.faults, []);
});

test("21 quick bids can be placed without being asked about, which is remembered", async () => {
  const auction = await both({ terms: fixed("5.00") });
  const page = await room(server, auction, ann);
  await quick(page, "$100.00").click();
  await dialog(page).getByRole("checkbox", { name: "Do not ask again for quick bids" }).check();
  await dialog(page).getByRole("button", { name: "Bid $100.00" }).click();
  await standing(page, "leading").waitFor();
  await page.reload();
  await live(page);
  await server.bid(bob, auction, { price: "105.00" });
  await standing(page, "outbid").waitFor();
  await quick(page, "$110.00").click();
  await standing(page, "leading").waitFor();
  assert.equal((await bids(server, auction))[0].price, "110.00");
  // An amount of one's own is asked about all the same.
  await field(page).fill("500");
  await field(page).press("Enter");
  await dialog(page).waitFor();
  await page.keyboard.press("Escape");
  await panel(page).getByRole("checkbox", { name: "Ask before quick bids" }).check();
  await server.bid(bob, auction, { price: "115.00" });
  await standing(page, "outbid").waitFor();
  await quick(page, "$120.00").click();
  await dialog(page).waitFor();
});

test("22 a double click places one bid", async () => {
  const auction = await both({ terms: fixed("5.00") });
  const page = await room(server, auction, ann);
  await dontAsk(page);
  await quick(page, "$100.00").dblclick();
  await standing(page, "leading").waitFor();
  await page.keyboard.press("Enter");
  await server.bid(bob, auction, { price: "105.00" });
  await standing(page, "outbid").waitFor();
  // Two clicks that the browser does not call a double one.
  const again = panel(page).getByRole("button", { name: "Bid $110.00 now" });
  await again.evaluate((button) => {
    button.click();
    button.click();
  });
  await standing(page, "leading").waitFor();
  await shows(page.getByTestId("bid-count"), "3 bids");
  assert.deepEqual(
    (await bids(server, auction)).map((row) => row.price),
    ["110.00", "105.00", "100.00"],
  );
});

test("23 pending, accepted, refused and outbid at once are four messages", async () => {
  const auction = await both({ terms: fixed("5.00") });
  await server.bid(bob, auction, { max: "400.00" });
  const page = await room(server, auction, ann);
  // While the server stands still, a bid is on its way.
  server.process.kill("SIGSTOP");
  try {
    await bidQuickly(page, "$105.00");
    await shows(reply(page, "pending"), /^Placing your bid of \$105\.00…$/);
  } finally {
    server.process.kill("SIGCONT");
  }
  await shows(
    reply(page, "outbid_at_once"),
    /Your bid of \$105\.00 was accepted, but an earlier maximum bid beat it at once\. The price is now \$110\.00\./,
  );
  await standing(page, "outbid").waitFor();
  await bidOwn(page, "500");
  await shows(reply(page, "leading"), /Your bid of \$500\.00 was accepted\. You lead\./);
  await dontAsk(page);
  await server.bid(bob, auction, { max: "600.00" });
  const button = panel(page)
    .getByRole("button", { name: /^Bid \$\d+\.00$/ })
    .first();
  await button.hover();
  await page.mouse.down();
  await server.bid(bob, auction, { max: "700.00" });
  await server.bid(ann, auction, { price: "650.00" });
  await shows(price(page), "$655.00");
  await page.mouse.up();
  await shows(reply(page, "refused"), /was not taken\. The least is now \$660\.00\./);
  assert.deepEqual(page.faults, []);
});

test("24 one banner says that one leads, is outbid, and leads again with one click; and that one has won", async () => {
  const auction = await both({ to: 20, terms: { ...fixed("5.00"), reserve: "110.00" } });
  const page = await room(server, auction, ann);
  const other = await room(server, auction, bob);
  await bidQuickly(page, "$100.00");
  await shows(standing(page, "leading_reserve"), "You lead, but the reserve is not met yet.");
  await dontAsk(other);
  await quick(other, "$105.00").click();
  await shows(standing(page, "outbid"), "You have been outbid.");
  assert.equal(await standing(page, "outbid").getAttribute("role"), "alert");
  await panel(page).getByRole("button", { name: "Bid $110.00 now" }).click();
  await shows(standing(page, "leading"), "You lead.");
  await standing(other, "outbid").waitFor();
  for (const one of [page, other]) await counted(one.locator("[data-standing]"), 1);
  await shows(standing(page, "won"), "You won this lot for $110.00.");
  await shows(standing(other, "lost"), "The lot went to somebody else for $110.00.");
  const visitor = await room(server, auction);
  await shows(standing(visitor, "sold"), "Sold for $110.00.");
  for (const one of [page, other, visitor]) assert.deepEqual(one.faults, []);
});

test("24 a reserve that is missed is told to who led and to who watched", async () => {
  const auction = await both({ to: 12, terms: { reserve: "900.00" } });
  await server.bid(ann, auction, { price: "100.00" });
  const [page, visitor] = [await room(server, auction, ann), await room(server, auction)];
  await shows(standing(page, "reserve_missed"), /the reserve was not met\. The lot was not sold/);
  await shows(standing(visitor, "unsold_reserve"), "Not sold: the reserve was not met.");
});

test("25 a maximum is shown to its owner alone", async () => {
  const cleo = await server.person("Cleo");
  const auction = await joined(server, sally, [cleo, bob], { terms: fixed("5.00") });
  const [page, other] = [await room(server, auction, cleo), await room(server, auction, bob)];
  const frames = [];
  other.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(payload)));
  await other.reload();
  await live(other);
  await bidOwn(page, "4,321.98", "Maximum bid");
  await panel(page).getByText("Your maximum: $4,321.98. Only you see it.").waitFor();
  await shows(price(other), "$100.00");
  await bidQuickly(other, "$105.00");
  await reply(other, "outbid_at_once").waitFor();
  assert.doesNotMatch(await other.locator("body").textContent(), /4,?321\.98/);
  assert.ok(frames.length > 0);
  for (const frame of frames) assert.doesNotMatch(String(frame), /4,?321\.98/);
  // Nor to the next person at the same screen.
  await page.getByRole("button", { name: /Your account/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await panel(page).getByRole("link", { name: "Sign in" }).waitFor();
  assert.doesNotMatch(await page.locator("body").textContent(), /4,?321\.98|cleo@/);
});

test("27 price changes are announced at most every three seconds", async () => {
  const auction = await both({ terms: fixed("1.00") });
  const page = await room(server, auction, undefined, { clock: true });
  await stopClock(page);
  for (let index = 0; index < 12; index += 1) {
    await server.bid(index % 2 ? ann : bob, auction, { price: `${100 + index}.00` });
  }
  const isLast = async () => (await said(page)).includes("Current price $111.00, 12 bids.");
  await passing(page, isLast, { what: "the last price to be announced", step: 50 });
  const times = await page.evaluate(() =>
    globalThis.said.filter(({ text }) => /^Current price/.test(text)).map(({ at }) => at),
  );
  assert.ok(times.length >= 2, "the first and the last one");
  for (let index = 1; index < times.length; index += 1) assert.ok(times[index] - times[index - 1] >= 3_000, `${times}`);
  assert.ok((await said(page)).length < 12);
});

test("two people bid against each other in two browsers, and see the same", async () => {
  const auction = await both({ terms: fixed("10.00") });
  const [page, other] = [await room(server, auction, ann), await room(server, auction, bob)];
  for (const one of [page, other]) await dontAsk(one);
  for (let round = 0; round < 6; round += 1) {
    const one = round % 2 ? other : page;
    await quick(one, `$${100 + round * 10}.00`).click();
    await standing(one, "leading").waitFor();
    if (round > 0) await standing(round % 2 ? page : other, "outbid").waitFor();
  }
  for (const one of [page, other]) {
    await shows(price(one), "$150.00");
    await shows(one.getByTestId("bid-count"), "6 bids");
    assert.deepEqual(one.faults, []);
  }
});

test("a lot can be bought at once, after a confirmation", async () => {
  const auction = await both({ terms: { buy_now: { price: "400.00", rule: "always" } } });
  await server.bid(bob, auction, { price: "100.00" });
  const [page, other] = [await room(server, auction, ann), await room(server, auction, bob)];
  await panel(page).getByRole("button", { name: "Buy now for $400.00" }).click();
  await dialog(page).getByText("This ends the auction, and the lot is yours.").waitFor();
  await dialog(page).getByRole("button", { name: "Buy for $400.00" }).click();
  await shows(standing(page, "bought"), "You bought this lot for $400.00.");
  await shows(standing(other, "lost"), "The lot went to somebody else for $400.00.");
  for (const one of [page, other]) assert.deepEqual(one.faults, []);
});
