// Why somebody cannot bid, and what mends it: point 26. And what others wrote is text.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fixed, joined, obstacle, panel, path, quick, reply, room, shows, standing } from "./bidding-things.mjs";
import { closeBrowser, open, PASSWORD, Server, until } from "./harness.mjs";

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

/** What the box says, and that nothing can be bid. */
async function says(page, name, text) {
  await shows(obstacle(page, name).locator("p"), text);
  assert.equal(await panel(page).getByRole("textbox").count(), 0);
  assert.equal(
    await panel(page)
      .getByRole("button", { name: /^Bid \$/ })
      .count(),
    0,
  );
}

test("26 a visitor is told to sign in, and comes back", async () => {
  const auction = await server.auction(sally);
  const page = await room(server, auction);
  await says(page, "visitor", "Sign in to bid on this lot.");
  const link = obstacle(page, "visitor").getByRole("link", { name: "Sign in" });
  assert.equal(await link.getAttribute("href"), `/login?next=${encodeURIComponent(path(auction))}`);
  await obstacle(page, "visitor").getByRole("link", { name: "Register" }).waitFor();
  assert.deepEqual(page.faults, []);
});

test("26 who has not joined joins here, and bids", async () => {
  const auction = await server.auction(sally, { terms: fixed("5.00") });
  const page = await room(server, auction, ann);
  await says(page, "not_joined", /Join this auction to bid on it/);
  await obstacle(page, "not_joined").getByRole("button", { name: "Join the auction" }).click();
  await quick(page, "$100.00").click();
  await page.getByRole("dialog").getByRole("button", { name: "Bid $100.00" }).click();
  await standing(page, "leading").waitFor();
  assert.deepEqual(page.faults, []);
});

test("26 in an auction that is open to all, the first bid joins", async () => {
  const auction = await server.auction(sally, { terms: { ...fixed("5.00"), participation: "open" } });
  const page = await room(server, auction, ann);
  await quick(page, "$100.00").click();
  await page.getByRole("dialog").getByRole("button", { name: "Bid $100.00" }).click();
  await standing(page, "leading").waitFor();
  assert.deepEqual(page.faults, []);
});

test("26 who comes too late to join is told so", async () => {
  const auction = await server.auction(sally, { terms: { join_until: "start" } });
  const page = await room(server, auction, ann);
  await says(page, "join_closed", /could be joined until it started/);
  await obstacle(page, "join_closed").getByRole("link", { name: "See other auctions" }).waitFor();
});

test("26 before the start one is told until when one can join", async () => {
  const auction = await server.auction(sally, { from: 3_600, to: 7_200, terms: { join_until: "start" } });
  const page = await room(server, auction, ann);
  await says(page, "not_joined", /Join before then to take part/);
  await obstacle(page, "not_joined").getByRole("button", { name: "Join the auction" }).click();
  await says(page, "scheduled", /You take part\. Bidding opens/);
});

test("26 sellers watch their own auctions", async () => {
  const auction = await joined(server, sally, [ann]);
  const page = await room(server, auction, sally);
  await says(page, "own", /This is your own auction/);
  await server.bid(ann, auction, { price: "100.00" });
  await shows(page.getByTestId("bid-count"), "1 bid");
  const draft = await server.auction(sally, { draft: true });
  await page.goto(path(draft));
  await says(page, "draft", /This is a draft/);
  assert.equal(
    await obstacle(page, "draft").getByRole("link", { name: "Edit the auction" }).getAttribute("href"),
    `/sell/${draft.id}`,
  );
  assert.deepEqual(page.faults, []);
});

/** Shuts somebody out of bidding, until the server knows of it. */
async function ban(person) {
  const other = await server.auction(sally);
  await server.command("user", "ban", person.email, "--scope", "bidding");
  await until(async () => {
    const { status } = await server.call("POST", `auctions/${other.id}/join_auction/`, { token: person.token });
    return status === 403;
  }, "the ban");
}

test("26 who is banned from bidding is told so", async () => {
  const eve = await server.person("Eve");
  const auction = await server.auction(sally);
  await ban(eve);
  const page = await room(server, auction, eve);
  await obstacle(page, "not_joined").getByRole("button", { name: "Join the auction" }).click();
  await says(page, "banned", /may not bid at the moment/);
});

test("26 who is banned after joining is told so with the first bid", async () => {
  const eve = await server.person("Evelyn");
  const auction = await joined(server, sally, [eve], { terms: fixed("5.00") });
  await ban(eve);
  const page = await room(server, auction, eve);
  await quick(page, "$100.00").click();
  await page.getByRole("dialog").getByRole("button", { name: "Bid $100.00" }).click();
  await shows(reply(page, "refused"), /may not bid at the moment/);
  await says(page, "banned", /may not bid at the moment/);
});

test("26 paused, resumed and cancelled auctions say so at once", async () => {
  const auction = await joined(server, sally, [ann, bob], { terms: { ...fixed("5.00"), early_close: "seller" } });
  const page = await room(server, auction, ann);
  await quick(page, "$100.00").waitFor();
  await server.must("POST", `auctions/${auction.id}/pause/`, { token: sally.token });
  await says(page, "paused", /The house has paused this auction/);
  await shows(page.getByTestId("countdown"), "Paused");
  await server.must("POST", `auctions/${auction.id}/resume/`, { token: sally.token });
  await quick(page, "$100.00").waitFor();
  await server.must("POST", `auctions/${auction.id}/cancel/`, { token: sally.token });
  await says(page, "cancelled", /called this auction off/);
  await shows(standing(page, "cancelled"), "This auction was cancelled.");
  assert.deepEqual(page.faults, []);
});

test("26 an auction that is over says how it ended", async () => {
  const auction = await joined(server, sally, [ann], { to: 6 });
  const page = await room(server, auction, ann);
  await says(page, "ended", "Bidding is over.");
  await shows(standing(page, "unsold"), "Not sold: there were no bids.");
});

test("26 who has not proved their address is sent to do so", async () => {
  const lax = await Server.start({ env: { EMAIL_VERIFICATION: "before_first_bid" } });
  try {
    const seller = await lax.seller("Selma");
    const auction = await lax.auction(seller);
    const email = "uma@people.example";
    const body = { email, password: PASSWORD, first_name: "Uma", last_name: "Tester" };
    await lax.must("POST", "register/", { body });
    const uma = { email, token: await lax.token(email) };
    const page = await room(lax, auction, uma);
    await says(page, "unverified", /not verified yet/);
    const link = obstacle(page, "unverified").getByRole("link", { name: "Verify your address" });
    assert.equal(await link.getAttribute("href"), `/verify-otp?email=${encodeURIComponent(email)}`);
  } finally {
    await lax.stop();
  }
});

test("there is a real page for auctions that there are not", async () => {
  for (const id of ["999999", "abc", "0", "1e3"]) {
    const page = await open(server, `/auction/${id}`);
    await page.getByRole("heading", { name: "Page not found" }).waitFor();
    await page.context().close();
  }
});

test("the address of mails shows the same page", async () => {
  const auction = await server.auction(sally);
  const page = await open(server, `/auction/${auction.id}/bidding`);
  await page.getByRole("heading", { level: 1, name: auction.title }).waitFor();
  assert.match(await page.title(), /^A walnut desk/);
});

test("what sellers write is text and nothing else", async () => {
  const image = "<img src=x onerror=alert(1)>";
  const script = "</title><script>alert(2)</script>";
  const auction = await joined(server, sally, [ann], {
    title: `${script}${image}`,
    description: `${image}\n${script}\n</textarea><svg onload=alert(3)>`,
  });
  const page = await open(server, "/nowhere", { as: ann });
  const dialogs = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    globalThis.violations = [];
    addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective));
  });
  await page.goto(path(auction));
  await page.getByRole("heading", { level: 1, name: `${script}${image}` }).waitFor();
  await page.getByText("</textarea><svg onload=alert(3)>").waitFor();
  assert.ok((await page.title()).startsWith(script));
  // Also as it comes over the socket.
  await server.bid(ann, auction, { price: "200.00" });
  await shows(page.getByTestId("price"), "$200.00");
  assert.equal(await page.locator("img[src=x], svg[onload]").count(), 0);
  assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  assert.deepEqual(dialogs, []);
  assert.deepEqual(page.faults, []);
});
