// What accounts are like in houses with other settings, in a browser.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { axe, closeBrowser, open, PASSWORD, Server, until } from "./harness.mjs";

after(closeBrowser);

const h1 = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const part = (page, name) => page.getByRole("region", { name, exact: true });
const isSignedIn = (page) => page.getByRole("button", { name: "Your account" }).waitFor();

async function register(page, name, email) {
  await page.getByLabel("First name").fill(name);
  await page.getByLabel("Last name").fill("Tester");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
}

test("1 a demonstration fills in its people with one click", async () => {
  const demo = await Server.start({ args: ["--demo"] });
  try {
    const page = await open(demo, "/login");
    await page.getByRole("button", { name: "Ann" }).click();
    assert.match(await page.getByLabel("Email or username").inputValue(), /^ann@/);
    await until(
      () => page.evaluate(() => document.activeElement?.textContent === "Sign in"),
      "the focus on the button",
    );
    await page.keyboard.press("Enter");
    await isSignedIn(page);
    assert.deepEqual(page.faults, []);
  } finally {
    await demo.stop();
  }
});

test("35 where the house asks for no proof, whoever registers is signed in at once", async () => {
  const trusting = await Server.start({ env: { EMAIL_VERIFICATION: "off" } });
  try {
    const page = await open(trusting, "/register?next=/auctions");
    await register(page, "Trusted", "trusted@people.example");
    await isSignedIn(page);
    await page.waitForURL("**/auctions");
    assert.deepEqual(page.faults, []);
  } finally {
    await trusting.stop();
  }
});

test("26 where bids ask for a proved address, the profile leads to the code", async () => {
  const trusting = await Server.start({ env: { EMAIL_VERIFICATION: "before_first_bid" } });
  try {
    const page = await open(trusting, "/register?next=/profile");
    await register(page, "Later", "later@people.example");
    await h1(page, "Your profile");
    const notice = page.getByText("Your email address is not verified yet.");
    await notice.waitFor();
    assert.deepEqual(await axe(page), []);
    await page.getByRole("link", { name: "Verify it" }).click();
    await page.getByLabel("Code from the mail").fill(await trusting.code("later@people.example"));
    await h1(page, "Your profile");
    await notice.waitFor({ state: "detached" });
    assert.deepEqual(page.faults, []);
  } finally {
    await trusting.stop();
  }
});

test("40 where the house looks at sellers first, one waits", async () => {
  const careful = await Server.start({ env: { SELLERS: "approval" } });
  try {
    const person = await careful.person("Hopeful");
    const page = await open(careful, "/profile", { as: person });
    await part(page, "Selling").getByRole("button", { name: "Ask to sell" }).click();
    await part(page, "Selling").getByText("Your request is being looked at.").waitFor();
  } finally {
    await careful.stop();
  }
});
