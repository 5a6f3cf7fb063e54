// The second factor, in a browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { axe, closeBrowser, counted, open, PASSWORD, Server, until } from "./harness.mjs";
import { Authenticator, withFactor } from "./totp.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(async () => {
  await closeBrowser();
  await server.stop();
});

const part = (page, name) => page.getByRole("region", { name, exact: true });
const isSignedIn = (page) => page.getByRole("button", { name: "Your account" }).waitFor();

async function signIn(page, email, password = PASSWORD) {
  await page.getByLabel("Email or username").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
}

test("36 a second factor is set up with a picture or a text, and its recovery codes are kept", async () => {
  const person = await server.person("Factoria");
  const page = await open(server, "/two-factor", { as: person });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByText("Two-factor sign-in is off.").waitFor();
  await page.getByRole("button", { name: "Set it up" }).click();
  const picture = page.getByRole("img", { name: /QR code/ });
  await picture.waitFor();
  assert.ok(await until(() => picture.evaluate((image) => image.naturalWidth > 50), "the picture"));
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied." }).waitFor();
  const key = await page.evaluate(() => navigator.clipboard.readText());
  await page.getByText(key.replace(/(.{4})(?=.)/g, "$1 ")).waitFor();
  assert.deepEqual(await axe(page), []);

  const app = new Authenticator(key);
  const field = page.getByLabel("Code", { exact: true });
  await field.fill(app.wrong());
  await page.getByText("This code is wrong, or was used before.").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await field.fill(await app.code());
  await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
  const codes = await page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
  assert.equal(new Set(codes).size, 10);

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "recovery-codes.txt");
  const lines = (await readFile(await download.path(), "utf8")).split("\n");
  assert.ok(codes.every((code) => lines.includes(code)));
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied." }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), codes.join("\n"));

  // Nobody leaves them behind unasked.
  await page.getByRole("link", { name: "Auctions", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without your recovery codes?" });
  await dialog.waitFor();
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByText("10 recovery codes are left.").waitFor();
  await until(() => page.evaluate(() => document.activeElement?.tagName === "H1"), "the focus on the heading");
  assert.deepEqual(page.faults, []);

  const other = await open(server, "/login");
  await signIn(other, person.email);
  await other.getByLabel("Code", { exact: true }).fill(await app.code());
  await isSignedIn(other);
  assert.deepEqual(other.faults, []);
});

test("36 signing in takes a code, or a recovery code once", async () => {
  const person = await withFactor(server, "Recova");
  const page = await open(server, "/login?next=/two-factor");
  await signIn(page, person.email);
  const field = page.getByLabel("Code", { exact: true });
  await field.waitFor();
  assert.equal(await field.getAttribute("autocomplete"), "one-time-code");
  await until(() => field.evaluate((input) => document.activeElement === input), "the focus on the code");
  assert.deepEqual(await axe(page), []);
  await field.fill(person.app.wrong());
  await page.getByText("This code is wrong, or was used before.").waitFor();
  await page.getByRole("button", { name: "Use a recovery code" }).click();
  const recovery = page.getByLabel("Recovery code");
  await until(() => recovery.evaluate((input) => document.activeElement === input), "the focus on the recovery code");
  const [code] = person.recovery;
  await recovery.fill(code.toUpperCase().replace("-", " "));
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByText("9 recovery codes are left.").waitFor();

  const again = await open(server, "/login");
  await signIn(again, person.email);
  await again.getByRole("button", { name: "Use a recovery code" }).click();
  await again.getByLabel("Recovery code").fill(code);
  await again.getByRole("button", { name: "Go on" }).click();
  await again.getByText("This code is wrong, or was used before.").waitFor();
  assert.deepEqual(page.faults, []);
});

test("36 a second step that comes too late begins again, and says so", async () => {
  const person = await withFactor(server, "Latecomer");
  const page = await open(server, "/login");
  await signIn(page, person.email);
  const field = page.getByLabel("Code", { exact: true });
  await field.waitFor();
  const late = { status: 400, json: { detail: "Invalid or expired session.", code: "invalid_session" } };
  await page.route("**/api/2fa/verify/", (route) => route.fulfill(late));
  await field.fill("123456");
  const sentence = page.getByText("That took too long, or there were too many wrong codes.");
  await sentence.waitFor();
  assert.ok(await sentence.evaluate((node) => document.activeElement?.contains(node)));
  assert.equal(await page.getByLabel("Email or username").inputValue(), person.email);
  await page.unroute("**/api/2fa/verify/");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Code", { exact: true }).fill(await person.app.code());
  await isSignedIn(page);
});

test("36 turning it off wants the password and a code", async () => {
  const person = await withFactor(server, "Offa");
  const page = await open(server, "/two-factor", { as: person });
  const form = part(page, "Turn it off");
  const turnOff = form.getByRole("button", { name: "Turn it off" });
  await turnOff.click();
  await counted(form.getByText("Fill this in."), 2);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("name")), "password");
  assert.deepEqual(await axe(page), []);
  await form.getByLabel("Password", { exact: true }).fill("another-password");
  await form.getByLabel("Code", { exact: true }).fill(person.recovery[0]);
  await turnOff.click();
  await form.getByText("This is not your password.").waitFor();
  await form.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await form.getByLabel("Code", { exact: true }).fill(person.app.wrong());
  await turnOff.click();
  await form.getByText("This code is wrong").waitFor();
  assert.equal((await server.must("GET", "2fa/status/", { token: person.token })).enabled, true);
  const code = await person.app.code();
  await form.getByLabel("Code", { exact: true }).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await turnOff.click();
  await page.getByText("Two-factor sign-in is off.").waitFor();
  assert.equal((await server.must("GET", "2fa/status/", { token: person.token })).enabled, false);
  assert.deepEqual(page.faults, []);
});
