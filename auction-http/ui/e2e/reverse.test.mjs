// Auctions in which the lowest bid wins: points 6, 15, 18, 20, 24 and 28.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  bidQuickly,
  dialog,
  field,
  fixed,
  heard,
  panel,
  price,
  quick,
  reply,
  room,
  shows,
  standing,
} from "./bidding-things.mjs";
import { close, held, textOf } from "./formats-things.mjs";
import { axe, closeBrowser, Server, until } from "./harness.mjs";

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

const reverse = (more = {}, { terms, ...rest } = {}) =>
  held(
    server,
    sally,
    [ann, bob],
    { kind: "reverse", ...more },
    {
      starting_price: "1000.00",
      terms: { ...fixed("50.00"), ...terms },
      ...rest,
    },
  );

test("18 the amounts go down by steps, and the words are turned around", async () => {
  const auction = await reverse();
  const page = await room(server, auction, ann);
  assert.match(await textOf(panel(page)), /At most \$1,000\.00/);
  for (const amount of ["$1,000.00", "$950.00", "$900.00"]) await quick(page, amount).waitFor();
  await bidQuickly(page, "$950.00");
  await shows(standing(page, "leading"), "Yours is the lowest bid.");
  assert.match(await textOf(panel(page)), /Lowest bid \$950\.00/);
  await server.bid(bob, auction, { price: "900.00" });
  await shows(standing(page, "outbid"), "Somebody bid less than you.");
  await quick(page, "$850.00").first().waitFor();
  await panel(page).getByText("$850.00 at most").waitFor();
  await panel(page).getByRole("button", { name: "Bid $850.00 now" }).click();
  await standing(page, "leading").waitFor();
  const rows = page.locator("#bid-history tbody tr");
  await until(async () => (await rows.count()) === 3, "the history");
  await page.getByRole("img", { name: /^Price over time: from \$950\.00 to \$850\.00/ }).waitFor();
  await close(server, sally, auction);
  await shows(standing(page, "won"), "You won with $850.00, the lowest bid.");
  assert.deepEqual(page.faults, []);
});

test("18 who was underbid is offered what the terms let them bid", async () => {
  const auction = await reverse({ improvement: "50.00" }, { terms: { increments: { kind: "smallest_unit" } } });
  await server.bid(ann, auction, { price: "900.00" });
  const page = await room(server, auction, ann);
  await standing(page, "leading").waitFor();
  await server.bid(bob, auction, { price: "899.99" });
  await panel(page).getByRole("button", { name: "Bid $850.00 now" }).click();
  await standing(page, "leading").waitFor();
  await shows(price(page), "$850.00");
  assert.deepEqual(page.faults, []);
});

test("20 an amount that is too high is told at its field, also when only the server knows", async () => {
  const auction = await reverse();
  const page = await room(server, auction, ann);
  await field(page).fill("1100");
  await field(page).press("Enter");
  await panel(page).getByText("The most that you can bid is $1,000.00.").waitFor();
  assert.equal(await field(page).getAttribute("aria-invalid"), "true");
  await field(page).fill("990");
  await field(page).press("Enter");
  assert.match(await textOf(dialog(page)), /You are paid if you win \$990\.00.*you supply at this price/);
  await server.bid(bob, auction, { price: "900.00" });
  await dialog(page).getByText("The price has moved: the most is now $850.00.").waitFor();
  await dialog(page).getByRole("button", { name: "Bid $990.00" }).click();
  await panel(page).getByText("The most is now $850.00.").waitFor();
  assert.deepEqual(page.faults, []);
});

test("24 where only ranks are told, one's own stands out, is announced, and nothing of others is seen", async () => {
  const auction = await reverse({ visibility: "rank_only", improvement: "10.00" });
  const page = await room(server, auction, ann);
  await bidQuickly(page, "$950.00");
  await shows(reply(page, "received"), /Your bid of \$950\.00 came in\./);
  await shows(standing(page, "ranked"), "You are 1st.");
  await server.bid(bob, auction, { price: "880.00" });
  await shows(standing(page, "ranked"), "You are 2nd.");
  await heard(page, /^You are 2nd\.$/);
  // From one's own bid a step down.
  await quick(page, "$900.00").waitFor();
  const seen = await textOf(page.locator("main"));
  assert.ok(!seen.includes("880"), seen);
  assert.match(seen, /Only ranks are told here/);
  await field(page).fill("945");
  await field(page).press("Enter");
  await panel(page).getByText("The most that you can bid is $940.00.").waitFor();
  // Too close to the best bid to tell of it, too far to take it.
  await field(page).fill("870");
  await field(page).press("Enter");
  await dialog(page).getByRole("button", { name: "Bid $870.00" }).click();
  await panel(page).getByText("It is too close to the best bid.", { exact: false }).waitFor();
  await field(page).fill("800");
  await field(page).press("Enter");
  await dialog(page).getByRole("button", { name: "Bid $800.00" }).click();
  await shows(standing(page, "ranked"), "You are 1st.");
  await close(server, sally, auction);
  await shows(standing(page, "won"), "You won with $800.00, the lowest bid.");
  await shows(price(page), "$800.00");
  assert.deepEqual(page.faults, []);
});

test("6 axe finds nothing in reverse auctions, in both themes", async () => {
  const [full, ranked] = [await reverse(), await reverse({ visibility: "rank_only" })];
  for (const auction of [full, ranked]) {
    await server.bid(ann, auction, { price: "950.00" });
    await server.bid(bob, auction, { price: "900.00" });
  }
  for (const colorScheme of ["light", "dark"]) {
    for (const auction of [full, ranked]) {
      const page = await room(server, auction, ann, { colorScheme });
      await page.locator("[data-standing]").waitFor();
      assert.deepEqual(await axe(page), []);
      await page.context().close();
    }
  }
});
