// Pictures of every page of a demonstration: light and dark, as on a phone and on a desk.
//
//     node e2e/screenshots.mjs FOLDER [part of a name ...]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buy, close, held } from "./formats-things.mjs";
import { closeBrowser, open, PASSWORD, Server } from "./harness.mjs";

const [folder = "screenshots", ...wanted] = process.argv.slice(2);
const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 900 } };
const ANN = "ann@demo.example";

const server = await Server.start({ args: ["--demo"] });
const ann = { token: await server.token(ANN, "paddle-number-seven") };
const bob = { token: await server.token("bob@demo.example", "going-once-more") };
const sally = { token: await server.token("sally@demo.example", PASSWORD) };
const list = await server.must("GET", "auctions/?status=started&ordering=-end_date_time");
const lot = list[0];
const other = list[1];
for (const person of [ann, bob])
  for (const auction of [lot, other]) await server.join(person, auction).catch(() => undefined);
const minimum = async (auction) => (await server.must("GET", `auctions/${auction.id}/`)).minimum_bid;
for (let turn = 0; turn < 6; turn += 1)
  await server.bid(turn % 2 ? ann : bob, lot, { price: await minimum(lot) }).catch(() => undefined);
await server.bid(bob, other, { price: await minimum(other) }).catch(() => undefined);
const draft = await server.auction(sally, { draft: true, from: 3600, to: 90_000 });

/** Lots of the other formats, of which Ann has bid on or bought each. */
const both = [ann, bob];
const lots = {
  dutch: await held(server, sally, both, { kind: "dutch", step: "5.00", interval_s: 600, floor: "60.00", quantity: 5 }),
  fixed: await held(server, sally, both, { kind: "fixed_price", quantity: 10 }),
  sealed: await held(server, sally, both, { kind: "vickrey", revisions: "replace", count: "shown" }),
  units: await held(server, sally, both, { kind: "multi_unit", quantity: 5 }),
  awarded: await held(server, sally, both, { kind: "multi_unit", quantity: 5 }),
  reverse: await held(
    server,
    sally,
    both,
    { kind: "reverse" },
    { terms: { increments: { kind: "fixed", step: "5.00" } } },
  ),
  ranked: await held(server, sally, both, { kind: "reverse", visibility: "rank_only" }),
  candle: await held(
    server,
    sally,
    both,
    { kind: "english" },
    { terms: { closing: { kind: "candle", period_s: 600 } } },
  ),
  drawn: await held(
    server,
    sally,
    both,
    { kind: "english" },
    { terms: { closing: { kind: "candle", period_s: 600 } } },
  ),
  withdrawn: await held(
    server,
    sally,
    both,
    { kind: "english" },
    { terms: { retraction: { kind: "allowed", free_until_s: 600 } } },
  ),
};
for (const name of ["dutch", "fixed"]) await buy(server, ann, lots[name], { price: "100.00", quantity: 2 });
for (const name of ["units", "awarded"]) {
  await server.bid(ann, lots[name], { price: "120.00", quantity: 2 });
  await server.bid(bob, lots[name], { price: "121.00", quantity: 4 });
}
await server.bid(ann, lots.sealed, { price: "120.00" });
for (const name of ["reverse", "ranked"]) {
  await server.bid(ann, lots[name], { price: "95.00" });
  await server.bid(bob, lots[name], { price: "90.00" });
}
for (const name of ["candle", "drawn", "withdrawn"]) {
  await server.bid(ann, lots[name], { price: "110.00" });
  await server.bid(bob, lots[name], { price: "120.00" });
}
await server.must("POST", `auctions/${lots.withdrawn.id}/retract/`, { token: bob.token, body: {} });
for (const name of ["awarded", "drawn"]) await close(server, sally, lots[name]);

const PAGES = {
  landing: ["/"],
  auctions: ["/auctions"],
  "auctions-none": ["/auctions?search=zzzz"],
  lot: [`/auction/${lot.id}`],
  "lot-joined": [`/auction/${lot.id}`, ann],
  "lot-outbid": [`/auction/${lot.id}`, bob],
  "lot-own": [`/auction/${lot.id}`, sally],
  login: ["/login"],
  register: ["/register"],
  "verify-otp": ["/verify-otp?email=somebody@example.org"],
  "forgot-password": ["/forgot-password"],
  "reset-password": ["/reset-password?token=old"],
  "two-factor": ["/two-factor", ann],
  profile: ["/profile", ann],
  "my-auctions": ["/my-auctions", ann],
  "won-auctions": ["/won-auctions", ann],
  notifications: ["/notifications", bob],
  sell: ["/sell", sally],
  "sell-new": ["/sell/new", sally],
  "sell-draft": [`/sell/${draft.id}`, sally],
  missing: ["/nowhere"],
  ...Object.fromEntries(Object.entries(lots).map(([name, { id }]) => [`format-${name}`, [`/auction/${id}`, ann]])),
};

mkdirSync(folder, { recursive: true });
for (const [name, [path, as]] of Object.entries(PAGES)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(server, path, { as, viewport, colorScheme });
      await page.waitForLoadState("networkidle").catch(() => undefined);
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`), fullPage: size === "desk" });
      if (size === "phone")
        await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}-whole.png`), fullPage: true });
      for (const fault of page.faults) console.error(`${name}: ${fault}`);
      await page.context().close();
    }
  }
  console.log(name);
}
await closeBrowser();
await server.stop();
