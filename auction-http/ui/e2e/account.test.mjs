// Registering and proving an address, in a browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, closeBrowser, counted, open, PASSWORD, Server, until } from "./harness.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const h1 = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("name"));
const isSignedIn = (page) => page.getByRole("button", { name: "Your account" }).waitFor();

async function register(page, name, { email = `${name.toLowerCase()}@people.example`, password = PASSWORD } = {}) {
  await page.getByLabel("First name").fill(name);
  await page.getByLabel("Last name").fill("Tester");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await h1(page, "Verify your email address");
  return email;
}

/** Somebody who has registered and not entered the code. */
async function waiting(name) {
  const email = `${name.toLowerCase()}@people.example`;
  const body = { email, password: PASSWORD, first_name: name, last_name: "Tester" };
  await server.must("POST", "register/", { body });
  return email;
}

test("35 whoever registers enters the mailed code and is signed in where they wanted to go", async () => {
  const page = await open(server, "/login?next=%2Fprofile%3Ffrom%3Dmail");
  await page.getByRole("link", { name: "Create one" }).click();
  await h1(page, "Create your account");
  for (const [label, hint] of [
    ["First name", "given-name"],
    ["Last name", "family-name"],
    ["Email", "email"],
  ]) {
    assert.equal(await page.getByLabel(label).getAttribute("autocomplete"), hint);
  }
  assert.equal(await page.getByLabel("Password", { exact: true }).getAttribute("autocomplete"), "new-password");
  const email = await register(page, "Registra");
  const field = page.getByLabel("Code from the mail");
  assert.equal(await field.getAttribute("inputmode"), "numeric");
  assert.equal(await field.getAttribute("autocomplete"), "one-time-code");
  assert.equal(await focused(page), "otp");
  await field.pressSequentially(await server.code(email));
  await isSignedIn(page);
  await page.waitForURL("**/profile?from=mail");
  // The password was kept in memory for that, and nowhere else.
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  assert.ok(!kept.includes(PASSWORD));
  assert.deepEqual(page.faults, []);
});

test("35 a pasted code with spaces is taken and handed in", async () => {
  const email = await waiting("Pasty");
  const code = await server.code(email);
  const page = await open(server, `/verify-otp?email=${email}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const spaced = ` ${code.slice(0, 3)} ${code.slice(3)} `;
  await page.evaluate((text) => navigator.clipboard.writeText(text), spaced);
  await page.getByLabel("Code from the mail").focus();
  await page.keyboard.press("Control+V");
  // In another tab than the one that registered nobody knows the password.
  await h1(page, "Sign in");
  await page.getByRole("status").getByText("Your email address is verified.").waitFor();
  assert.equal(await page.getByLabel("Email or username").inputValue(), email);
  assert.deepEqual(page.faults, []);
});

test("35 a wrong code is explained and can be typed over", async () => {
  const email = await waiting("Wrongcode");
  const code = await server.code(email);
  const page = await open(server, `/verify-otp?email=${email}`);
  const field = page.getByLabel("Code from the mail");
  await field.fill(code === "000000" ? "111111" : "000000");
  await page.getByText("This is not the code that we mailed last").waitFor();
  assert.equal(await focused(page), "otp");
  const described = await field.getAttribute("aria-describedby");
  assert.match(described, /-errors/);
  // What is selected is replaced by what is typed.
  await page.keyboard.type(code);
  await h1(page, "Sign in");
  assert.deepEqual(page.faults, []);
});

test("35 an expired code says so, and another can be had at once", async () => {
  const email = await waiting("Expira");
  const page = await open(server, `/verify-otp?email=${email}`);
  const expired = { status: 400, json: { detail: "Expired OTP.", code: "expired_otp" } };
  await page.route("**/api/verify-otp/", (route) => route.fulfill(expired));
  await page.getByLabel("Code from the mail").fill("123456");
  await page.getByText("This code has expired. Ask for a new one.").waitFor();
  await page.getByRole("button", { name: "Send a new code" }).waitFor();
});

/** As if so many seconds had gone by since the page was told when another code can be had. */
function waited(page, seconds) {
  return page.evaluate((gone) => {
    const noted = JSON.parse(sessionStorage.getItem("auction:code-mailed"));
    sessionStorage.setItem("auction:code-mailed", JSON.stringify({ ...noted, until: noted.until - gone }));
  }, seconds);
}

test("35 another code is waited for visibly", async () => {
  const page = await open(server, "/register");
  const email = await register(page, "Patience");
  const wait = page.getByText(/A new code can be sent in [23]m/);
  await wait.waitFor();
  assert.equal(await page.getByRole("button", { name: "Send a new code" }).count(), 0);
  // Loading the page again does not shorten it.
  await page.reload();
  await wait.waitFor();

  await waited(page, 181);
  await page.getByRole("button", { name: "Send a new code" }).click();
  // For the server no time has passed: it says what holds, and the wait begins again.
  await page.getByText("The code that we mailed before still works.").waitFor();
  await page.getByText(/A new code can be sent in \d+s/).waitFor();

  // Five wrong tries kill the code, and a new one is mailed.
  const first = await server.code(email);
  const wrong = first === "000000" ? "111111" : "000000";
  for (let tries = 0; tries < 5; tries++) await server.call("POST", "verify-otp/", { body: { email, otp: wrong } });
  await waited(page, 31);
  await page.getByRole("button", { name: "Send a new code" }).click();
  await page.locator("p", { hasText: "A new code is on its way." }).waitFor();
  assert.equal(await focused(page), "otp");
  await until(() => server.mails(email).length === 2, "the second mail");
  await page.getByLabel("Code from the mail").fill(await server.code(email));
  await h1(page, "Sign in");
  assert.deepEqual(page.faults, []);
});

test("6 all that is wrong with a registration is said at once, and the focus is where it begins", async () => {
  const page = await open(server, "/register");
  await page.getByLabel("First name").fill("Wilhelmina");
  await page.getByLabel("Email").fill("no address");
  await page.getByLabel("Password", { exact: true }).fill("123456");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("Use at least 8 characters.").waitFor();
  for (const text of ["Use more than digits.", "Many people use this password.", "Fill this in.", "Enter an email"]) {
    await counted(page.getByText(text), 1);
  }
  assert.equal(await focused(page), "last_name");
  for (const name of ["last_name", "email", "password"]) {
    const field = page.locator(`[name=${name}]`);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    const ids = (await field.getAttribute("aria-describedby")).split(" ");
    const texts = await page.evaluate((all) => all.map((id) => document.getElementById(id)?.textContent), ids);
    assert.ok(texts.every(Boolean), name);
  }
  // The rules are ticked while one types.
  await page.getByLabel("Password", { exact: true }).fill("wilhelmina");
  await page.getByText("has at least 8 characters, met").waitFor();
  assert.equal(await page.getByText("is not close to your name or email address, met").count(), 0);
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
});
