// The profile, sessions, and how one is told, in a browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, counted, open, PASSWORD, Server, until } from "./harness.mjs";
import { withFactor } from "./totp.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

/** A red square of 2 by 2 pixels. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==",
  "base64",
);

const h1 = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const part = (page, name) => page.getByRole("region", { name, exact: true });
const isSignedIn = (page) => page.getByRole("button", { name: "Your account" }).waitFor();

async function signIn(page, email, password = PASSWORD) {
  await page.getByLabel("Email or username").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
}

async function profile(person, options) {
  const page = await open(server, "/profile", { as: person, ...options });
  await h1(page, "Your profile");
  await part(page, "How you are told").getByRole("table").waitFor();
  await page.getByText("This browser").waitFor();
  return page;
}

test("38 another browser's session is ended, and that one asks for the password", async () => {
  const person = await server.person("Session");
  const other = await open(server, "/login");
  await signIn(other, person.email);
  await isSignedIn(other);
  await other.goto("/two-factor");
  await other.getByRole("button", { name: "Set it up" }).waitFor();

  const page = await profile(person);
  const sessions = part(page, "Where you are signed in");
  await counted(sessions.getByRole("listitem"), 2);
  await counted(sessions.getByRole("listitem").filter({ hasText: "This browser" }), 1);
  await sessions
    .getByText(/^Since .+, until .+20\d\d$/)
    .first()
    .waitFor();
  await sessions.getByRole("button", { name: /^Sign out Chrom\w+ on Linux, since/ }).click();
  await sessions.getByText("Chrome on Linux is signed out.").waitFor();
  await counted(sessions.getByRole("listitem"), 1);
  assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ""), /is signed out/);

  // Its socket of notices may have noticed already: then the dialog lies over the button.
  await other.getByRole("button", { name: "Set it up" }).dispatchEvent("click");
  const dialog = other.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  assert.deepEqual(await axe(other), []);
  assert.equal(await dialog.getByLabel("Email or username").inputValue(), person.email);
  await dialog.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await dialog.waitFor({ state: "detached" });
  await isSignedIn(other);
  assert.equal(new URL(other.url()).pathname, "/two-factor");
  assert.deepEqual(page.faults, []);
  assert.deepEqual(other.faults, []);
});

test("33 whoever has forgotten the password of an expired session can have another one mailed", async () => {
  const person = await server.person("Lapsed");
  const page = await open(server, "/two-factor", { as: person });
  await page.getByRole("button", { name: "Set it up" }).waitFor();
  await server.must("POST", "logout/", { token: person.token });
  // The socket of notices may have noticed already: then the dialog lies over the button.
  await page.getByRole("button", { name: "Set it up" }).dispatchEvent("click");
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.getByRole("link", { name: "Forgot your password?" }).click();
  await h1(page, "Forgot your password?");
  await dialog.waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname, "/forgot-password");
  assert.deepEqual(page.faults, []);
});

test("38 all other sessions end at once", async () => {
  const person = await server.person("Everywhere");
  const tokens = [await server.token(person.email), await server.token(person.email)];
  const page = await profile(person);
  const sessions = part(page, "Where you are signed in");
  await sessions.getByRole("button", { name: "Sign out everywhere else" }).click();
  await sessions.getByText("You are signed out everywhere else.").waitFor();
  await until(async () => (await sessions.getByRole("listitem").count()) === 1, "one session");
  for (const token of tokens) assert.equal((await server.call("GET", "me/", { token })).status, 401);
  assert.equal((await server.call("GET", "me/", { token: person.token })).status, 200);
});

test("what one says about oneself is kept, and what is wrong is said at its field", async () => {
  const person = await server.person("Edita");
  const page = await profile(person);
  const about = part(page, "About you");
  const entries = {
    "First name": "Editha",
    Username: "editha.t",
    Phone: "+34 600 000 000",
    Address: "Calle Mayor 1, Madrid",
    "Where you live": "Madrid",
    Website: "https://editha.example/",
    "Date of birth": "1990-01-31",
    "A few words about you": "I collect clocks.\nAnd desks.",
  };
  await about.getByLabel("Username").fill("not a username");
  await about.getByLabel("Website").fill("editha.example");
  await about.getByLabel("Date of birth").fill("1700-01-01");
  await about.getByRole("button", { name: "Save" }).click();
  await about.getByText("Use only letters, digits and the characters . _ + -").waitFor();
  await about.getByText("Enter an address that begins with http:// or https://.").waitFor();
  await about.getByText(/^Enter a date from \d+ to today\.$/).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "username");
  for (const [label, text] of Object.entries(entries)) await about.getByLabel(label).fill(text);
  await about.getByRole("button", { name: "Save" }).click();
  await about.getByText("Saved.").waitFor();
  // The header says it, too.
  await page.getByRole("banner").getByText("Editha").waitFor();
  await page.reload();
  for (const [label, text] of Object.entries(entries)) {
    assert.equal(await part(page, "About you").getByLabel(label).inputValue(), text, label);
  }
  // What is emptied is gone.
  await part(page, "About you").getByLabel("Website").fill("");
  await part(page, "About you").getByRole("button", { name: "Save" }).click();
  await part(page, "About you").getByText("Saved.").waitFor();
  assert.equal((await server.must("GET", "me/", { token: person.token })).website, null);
  assert.deepEqual(page.faults, []);
});

test("a picture of oneself is shown, refused and removed", async () => {
  const person = await server.person("Picturesque");
  const page = await profile(person);
  const about = part(page, "About you");
  const choose = async (name, mimeType, buffer) => {
    const choosing = page.waitForEvent("filechooser");
    await about.getByRole("button", { name: "Choose a picture" }).click();
    await (await choosing).setFiles({ name, mimeType, buffer });
  };
  await choose("me.png", "image/png", Buffer.from("no picture"));
  await about.getByText("Choose a picture: JPEG, PNG, WebP or GIF.").waitFor();
  await choose("me.png", "image/png", PNG);
  await about.getByText("Your picture is changed.").waitFor();
  const picture = about.getByRole("img", { name: "Your picture" });
  assert.ok(await until(() => picture.evaluate((image) => image.naturalWidth > 0), "the picture"));
  assert.deepEqual(await axe(page), []);
  await about.getByRole("button", { name: "Remove" }).click();
  await about.getByText("Your picture is removed.").waitFor();
  assert.equal(await picture.count(), 0);
  assert.equal((await server.must("GET", "me/", { token: person.token })).avatar, null);
  assert.deepEqual(page.faults, []);
});

test("a new password takes the old one, and ends all other sessions", async () => {
  const person = await server.person("Passworda");
  const other = await server.token(person.email);
  const page = await profile(person);
  const form = part(page, "Password");
  await form.getByLabel("Current password", { exact: true }).fill("another-password");
  await form.getByLabel("New password", { exact: true }).fill("tester-1");
  await form.getByRole("button", { name: "Change password" }).click();
  // The server looks at the old one first, or at the new one: both have to be right.
  await form.locator("[aria-invalid=true]").first().waitFor();
  await form.getByLabel("New password", { exact: true }).fill("the-last-lot-of-today");
  await form.getByRole("button", { name: "Change password" }).click();
  await form.getByText("This is not your password.").waitFor();
  await form.getByLabel("Current password", { exact: true }).fill(PASSWORD);
  await form.getByRole("button", { name: "Change password" }).click();
  await form.getByText("Your password is changed.").waitFor();
  assert.equal(await form.getByLabel("New password", { exact: true }).inputValue(), "");
  assert.equal((await server.call("GET", "me/", { token: other })).status, 401);
  assert.equal((await server.call("GET", "me/", { token: person.token })).status, 200);
  await part(page, "Where you are signed in").getByText("You are signed in nowhere else.").waitFor();
  await server.token(person.email, "the-last-lot-of-today");
  assert.deepEqual(page.faults, []);
});

test("a new address takes the password and the code that was mailed to it", async () => {
  const person = await server.person("Moving");
  const page = await profile(person);
  const form = part(page, "Email address");
  await form.getByRole("button", { name: "Change address" }).click();
  await counted(form.getByText("Fill this in."), 2);
  const next = "moved@people.example";
  await form.getByLabel("New email address").fill(next);
  await form.getByLabel("Current password", { exact: true }).fill(PASSWORD);
  await form.getByRole("button", { name: "Change address" }).click();
  const field = form.getByLabel("Code from the mail");
  await field.waitFor();
  const code = await server.code(next);
  await field.fill(code === "000000" ? "111111" : "000000");
  await form.getByText("This is not the code that we mailed last").waitFor();
  await field.fill(code);
  await form.getByText(`Your address is ${next} now.`).waitFor();
  await form.getByText(`Your address is ${next}.`).waitFor();
  assert.equal((await server.must("GET", "me/", { token: person.token })).email, next);
  assert.deepEqual(page.faults, []);
});

test("with a second factor, a new password and a new address take a code as well", async () => {
  const person = await withFactor(server, "Guarded");
  const page = await profile(person);
  await part(page, "Email address").getByLabel("Code", { exact: true }).waitFor();
  const form = part(page, "Password");
  await form.getByLabel("Current password", { exact: true }).fill(PASSWORD);
  await form.getByLabel("New password", { exact: true }).fill("the-last-lot-of-today");
  await form.getByRole("button", { name: "Change password" }).click();
  await form.getByText("Fill this in.").waitFor();
  await form.getByLabel("Code", { exact: true }).fill(person.recovery[3]);
  await form.getByRole("button", { name: "Change password" }).click();
  await form.getByText("Your password is changed.").waitFor();
});

test("39 how one is told is kept by kind and way", async () => {
  const person = await server.person("Wishes");
  const page = await profile(person);
  const wishes = part(page, "How you are told");
  const outbid = wishes.getByRole("checkbox", { name: "You are outbid By mail" });
  assert.equal(await outbid.isChecked(), true);
  await outbid.press("Space");
  await wishes.getByRole("checkbox", { name: "An auction is extended By mail" }).check();
  await wishes.getByRole("button", { name: "Save" }).click();
  await wishes.getByText("Saved.").waitFor();
  const stored = await server.must("GET", "notification-preferences/", { token: person.token });
  assert.deepEqual(stored.outbid, { mail: false, in_app: true });
  assert.deepEqual(stored.extended, { mail: true, in_app: true });
  assert.deepEqual(stored.won, { mail: true, in_app: true });
  await page.reload();
  await outbid.waitFor();
  assert.equal(await outbid.isChecked(), false);
  assert.deepEqual(page.faults, []);
});

test("40 whoever wants to sell becomes a seller with one click", async () => {
  const person = await server.person("Vendor");
  const page = await profile(person);
  const selling = part(page, "Selling");
  await selling.getByRole("button", { name: "Become a seller" }).click();
  await selling.getByRole("link", { name: "To your sales" }).waitFor();
  assert.ok((await server.must("GET", "me/", { token: person.token })).roles.includes("seller"));
  assert.deepEqual(page.faults, []);
});

test("6 the links of the profile lead to its parts", async () => {
  const person = await server.person("Navigates");
  const page = await profile(person);
  await page
    .getByRole("navigation", { name: "Parts of this page" })
    .getByRole("link", { name: "Selling" })
    .press("Enter");
  await page.waitForURL("**/profile#selling");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "selling");
  const heading = page.getByRole("heading", { name: "Selling" });
  assert.ok(await heading.evaluate((node) => node.getBoundingClientRect().bottom <= innerHeight));
  assert.deepEqual(page.faults, []);
});

test("5 6 the profile and the second factor have no barriers in either theme, and fit 320 pixels", async () => {
  const long = "a.rather.long.name.for.an.address.of.somebody";
  const person = await server.person(long);
  for (const colorScheme of ["light", "dark"]) {
    const page = await profile(person, { colorScheme, viewport: { width: 320, height: 640 } });
    const fits = async (where) => {
      assert.deepEqual(await axe(page), [], `${where} ${colorScheme}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${where} is ${overflow} too wide`);
    };
    await fits("/profile");
    await page.goto("/two-factor");
    await page.getByRole("button", { name: "Set it up" }).click();
    await page.getByRole("img").waitFor();
    await fits("/two-factor");
    assert.deepEqual(page.faults, []);
  }
});

test("7 every text of the profile stands in the catalogue", async () => {
  const person = await server.person("Pseudo");
  const page = await open(server, "/profile?lang=en-XA", { as: person });
  await page.getByRole("table").waitFor();
  const plain = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.replace(/\[[^\]]*\]/g, "");
      if (/[a-z]{2}/.test(text)) found.push(text);
    }
    return found;
  });
  // Programs call themselves what they like.
  assert.deepEqual(
    plain.filter((text) => text !== "node"),
    [],
  );
});
