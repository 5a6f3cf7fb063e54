// What the tests of auctions that are not English ones share.
import { PASSWORD } from "./harness.mjs";

/** An auction that these people have joined, and that its seller can end. */
export async function held(server, seller, people, format, { terms = {}, ...rest } = {}) {
  const more = { early_close: "seller", first_bid: undefined, ...terms };
  const auction = await server.auction(seller, { ...rest, terms: { format, ...more } });
  for (const person of people) await server.join(person, auction);
  return auction;
}

export const close = (server, seller, auction) =>
  server.must("POST", `auctions/${auction.id}/close/`, { token: seller.token });

export const buy = (server, person, auction, body) =>
  server.must("POST", `auctions/${auction.id}/buy/`, { token: person.token, body });

export const one = (server, auction, person) => server.must("GET", `auctions/${auction.id}/`, { token: person?.token });

/** Somebody of the house. */
export async function boss(server, name = "Hera") {
  const person = await server.person(name);
  await server.command("user", "role", person.email, "admin");
  return { ...person, token: await server.token(person.email, PASSWORD) };
}

/** Everything that a page says, on one line. */
export const textOf = (locator) => locator.innerText().then((text) => text.replace(/\s+/g, " "));
