// Signing in, and setting a forgotten password, in a browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, open, PASSWORD, Server, until } from "./harness.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const signInButton = (page) => page.getByRole("main").getByRole("button", { name: "Sign in" });
const h1 = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("name"));
const isSignedIn = (page) => page.getByRole("button", { name: "Your account" }).waitFor();

async function signIn(page, email, password = PASSWORD) {
  await page.getByLabel("Email or username").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await signInButton(page).click();
}

/** Somebody who has registered and not entered the code. */
async function waiting(name) {
  const email = `${name.toLowerCase()}@people.example`;
  const body = { email, password: PASSWORD, first_name: name, last_name: "Tester" };
  await server.must("POST", "register/", { body });
  return email;
}

test("6 a password can be shown and hidden again", async () => {
  const page = await open(server, "/login");
  const field = page.getByLabel("Password", { exact: true });
  await field.fill("secret");
  assert.equal(await field.getAttribute("type"), "password");
  await page.getByRole("button", { name: "Show Password" }).press("Enter");
  assert.equal(await field.getAttribute("type"), "text");
  await page.getByRole("button", { name: "Hide Password" }).click();
  assert.equal(await field.getAttribute("type"), "password");
  // An empty form is not handed in: its first field has the focus.
  await field.fill("");
  await signInButton(page).click();
  await page.getByText("Fill this in.").first().waitFor();
  assert.equal(await focused(page), "email");
});

test("6 a refused sign-in takes the focus to the sentence that says why", async () => {
  const person = await server.person("Refused");
  const page = await open(server, "/login");
  await signIn(page, person.email, "another-password");
  const failure = page.getByText("There is no account with this name and password.");
  await failure.waitFor();
  assert.ok(await failure.evaluate((node) => document.activeElement?.contains(node)));
  assert.equal(await page.getByLabel("Email or username").inputValue(), person.email);
  assert.deepEqual(page.faults, []);
});

test("6 whoever has tried too often hears how long to wait", async () => {
  const person = await server.person("Throttled");
  const body = { email: person.email, password: "another-password" };
  for (let tries = 0; tries < 10; tries++) await server.call("POST", "login/", { body });
  const page = await open(server, "/login");
  await signIn(page, person.email);
  await page.getByText(/Too many tries\. Try again in \d+ minutes\./).waitFor();
});

test("22 a double click signs in once", async () => {
  const person = await server.person("Twice");
  const page = await open(server, "/login");
  let calls = 0;
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/api/login/", async (route) => {
    calls += 1;
    await held;
    await route.continue();
  });
  await page.getByLabel("Email or username").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await signInButton(page).dblclick();
  await page.keyboard.press("Enter");
  release();
  await isSignedIn(page);
  assert.equal(calls, 1);
});

test("26 whoever has not entered the code is led there, and signed in afterwards", async () => {
  const email = await waiting("Unproved");
  const page = await open(server, "/login");
  await signIn(page, email);
  await page.getByText("Your email address is not verified yet.").waitFor();
  await page.getByRole("link", { name: "Enter the code from your mail" }).click();
  await page.getByLabel("Code from the mail").fill(await server.code(email));
  await isSignedIn(page);
});

test("26 whoever is banned is told so", async () => {
  const person = await server.person("Banned");
  await server.command("user", "ban", person.email);
  const page = await open(server, "/login");
  await signIn(page, person.email);
  await page.getByText("This account is banned.").waitFor();
});

test("3 signing in never leads to another site", async () => {
  const person = await server.person("Careful");
  const evil = [
    "//evil.example",
    "/.//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
  ];
  const stranger = await open(server, `/login?next=${encodeURIComponent(evil[0])}`);
  await signIn(stranger, person.email);
  await isSignedIn(stranger);
  await stranger.waitForURL(`${server.url}/`);
  // Who is signed in is sent on at once.
  for (const next of evil) {
    await stranger.goto(`/login?next=${encodeURIComponent(next)}`);
    await stranger.waitForURL(`${server.url}/`);
    await isSignedIn(stranger);
  }
  assert.deepEqual(stranger.faults, []);
  const page = await open(server, "/profile?part=2");
  await page.waitForURL("**/login?next=*");
  await page.getByText("Sign in to go on.").waitFor();
  await signIn(page, person.email);
  await page.waitForURL("**/profile?part=2");
  await h1(page, "Your profile");
  // The form is gone: the focus is where one is now.
  await until(() => page.evaluate(() => document.activeElement?.tagName === "H1"), "the focus on the heading");
  // Who is signed in has nothing to do there.
  await page.goto("/login?next=/auctions");
  await page.waitForURL("**/auctions");
});

test("37 a mailed link sets a password once, and says afterwards why it does not", async () => {
  const person = await server.person("Forgetful");
  const page = await open(server, "/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await h1(page, "Forgot your password?");
  await page.getByLabel("Email").fill(person.email);
  await page.getByRole("button", { name: "Mail the link" }).click();
  await page.getByText(`If ${person.email} has an account here`).waitFor();

  const [, link] = await server.mailed(person.email, /(\/reset-password\?token=[\w-]+)/);
  await page.goto(link);
  await h1(page, "Set a new password");
  await page.waitForURL(`${server.url}/reset-password`);
  assert.equal(await page.evaluate(() => JSON.stringify(history.state).includes("token")), false);
  await page.getByLabel("New password", { exact: true }).fill("12345678");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByText("Many people use this password.").waitFor();
  assert.equal(await focused(page), "password");
  await page.getByLabel("New password", { exact: true }).fill("another-hammer-price");
  await page.getByRole("button", { name: "Set the password" }).click();
  await page.getByRole("status").getByText("Your password is set.").waitFor();
  await signIn(page, person.email, "another-hammer-price");
  await isSignedIn(page);
  assert.equal((await server.call("GET", "me/", { token: person.token })).status, 401);

  const again = await open(server, link);
  await again.getByLabel("New password", { exact: true }).fill("yet-another-hammer");
  await again.getByRole("button", { name: "Set the password" }).click();
  await h1(again, "This link does not work any more");
  await until(() => again.evaluate(() => document.activeElement?.tagName === "H1"), "the focus on the heading");
  await again.getByText("It was used already, or it is older than an hour.").waitFor();
  assert.deepEqual(await axe(again), []);
  await again.getByRole("link", { name: "Mail me a new link" }).click();
  await h1(again, "Forgot your password?");
  assert.deepEqual(page.faults, []);
  assert.deepEqual(again.faults, []);
});

test("37 a link without its secret says what is missing", async () => {
  const page = await open(server, "/reset-password");
  await h1(page, "This link is incomplete");
  await page.getByRole("link", { name: "Mail me a new link" }).waitFor();
});

test("5 6 the pages around signing in have no barriers in either theme, and fit 320 pixels", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(server, "/", { colorScheme, viewport: { width: 320, height: 640 } });
    for (const [at, heading] of [
      ["/register", "Create your account"],
      ["/verify-otp?email=somebody.with.a.rather.long.name@some.company.example", "Verify your email address"],
      ["/verify-otp", "Verify your email address"],
      ["/login", "Sign in"],
      ["/forgot-password", "Forgot your password?"],
      ["/reset-password?token=x", "Set a new password"],
      ["/reset-password", "This link is incomplete"],
    ]) {
      await page.goto(at);
      await h1(page, heading);
      assert.deepEqual(await axe(page), [], `${at} ${colorScheme}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${at} is ${overflow} too wide`);
    }
    assert.deepEqual(page.faults, []);
  }
});

test("7 in Spanish everything is Spanish, and no English is fetched", async () => {
  const page = await open(server, "/login?lang=es", { locale: "es-ES" });
  const scripts = [];
  page.on("request", (request) => scripts.push(request.url()));
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Iniciar sesión" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
  await page.getByLabel("Correo electrónico o nombre de usuario").fill("nadie@people.example");
  await page.getByLabel("Contraseña", { exact: true }).fill("una-contraseña");
  await page.getByRole("main").getByRole("button", { name: "Iniciar sesión" }).click();
  await page.getByText("No hay ninguna cuenta con ese nombre y esa contraseña.").waitFor();
  assert.ok(scripts.some((url) => /\/es-[\w-]+\.js$/.test(url)));
  assert.ok(!scripts.some((url) => /\/en-[\w-]+\.js$/.test(url)));
  assert.deepEqual(page.faults, []);
});

test("7 every text of these pages stands in the catalogue", async () => {
  const page = await open(server, "/register?lang=en-XA");
  for (const at of ["/register", "/login", "/forgot-password", "/verify-otp", "/reset-password"]) {
    await page.goto(`${at}?lang=en-XA`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const plain = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) {
        const text = walker.currentNode.textContent.replace(/\[[^\]]*\]/g, "");
        if (/[a-z]{2}/.test(text)) found.push(text);
      }
      return found;
    });
    assert.deepEqual(plain, [], at);
  }
});
