// Pictures of every page of a demonstration: light and dark, as on a phone and on a desk.
//
//     node e2e/screenshots.mjs FOLDER [part of a name ...]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
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
