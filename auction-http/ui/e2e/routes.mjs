// The addresses of the site, for tests that hold on every page.

/**
 * All routes: as a visitor or as somebody who is signed in and sells `draft`. `typed` of a world are the texts that
 * people wrote, which no catalogue has.
 */
export function routesOf({ auction, draft }) {
  const visitor = [
    "/",
    "/auctions",
    `/auction/${auction.id}`,
    "/register",
    "/login",
    "/verify-otp",
    "/forgot-password",
  ];
  const member = ["/two-factor", "/my-auctions", "/won-auctions", "/profile", "/notifications", "/sell", "/sell/new"];
  return [
    ...[...visitor, "/reset-password?token=x", "/no/such/page"].map((path) => ({ path, isMember: false })),
    ...[`/auction/${auction.id}`, ...member, `/sell/${draft.id}`].map((path) => ({ path, isMember: true })),
  ];
}

/** A seller, bids and auctions in each state, of which one reads on every page. */
export async function world(server) {
  const seller = await server.seller("Zyxandra");
  const bidder = await server.person("Zyxbert");
  const texts = { title: "Zyx walnut desk", description: "Zyx description." };
  const auction = await server.auction(seller, { ...texts, terms: { reserve: "500.00" } });
  await server.join(bidder, auction);
  for (const price of ["120.00", "130.00", "145.00"]) await server.bid(bidder, auction, { price });
  await server.auction(seller, { title: "Zyx scheduled clock", description: texts.description, from: 3600, to: 7200 });
  const draft = await server.auction(seller, {
    title: "Zyx draft lamp",
    description: texts.description,
    from: 3600,
    to: 7200,
    draft: true,
  });
  const others = await server.person("Zyxcarl");
  await server.must("POST", "become-seller/", { token: others.token });
  const foreign = await server.auction(others, { title: "Zyx foreign vase", description: texts.description });
  await server.join(seller, foreign);
  await server.bid(seller, foreign, { price: "110.00" });
  return { seller, bidder, auction, draft, foreign };
}

/** Goes to a route and waits until what it asked for is there; answers the response. */
export async function visit(page, path) {
  const response = await page.goto(path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  return response;
}
