import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { deviceOf } from "../src/features/account/device";
import { digitsOf, inFours, unspaced } from "../src/features/account/digits";
import { safeNext, withNext } from "../src/features/account/next";
import { rulesMet } from "../src/features/account/password-rules";
import en from "../src/i18n/en";
import es from "../src/i18n/es";
import { fieldSentence } from "../src/i18n/problems";

describe("the page after signing in", () => {
  test("paths of this site are followed with what stands behind them", () => {
    for (const path of ["/my-auctions", "/auction/7/bidding?tab=bids#history", "/auctions?search=%2F%2Fevil"]) {
      expect(safeNext(path)).toBe(path);
    }
    expect(safeNext("/a/../profile")).toBe("/profile");
  });

  test("nothing leads to another site", () => {
    for (const asked of [
      "//evil.example",
      "//evil.example/auctions",
      "/\\evil.example",
      "\\\\evil.example",
      "/\t/evil.example",
      "/\n/evil.example",
      "/.//evil.example",
      "/a/..//evil.example",
      "https://evil.example",
      "https:evil.example",
      "javascript:alert(1)",
      " //evil.example",
      "evil.example",
      "",
      null,
    ]) {
      expect(safeNext(asked), JSON.stringify(asked)).toBe("/");
    }
  });

  test("nobody is led back to where one signs in", () => {
    for (const page of ["/login", "/login/", "/login?next=/login", "/register", "/reset-password?token=x"]) {
      expect(safeNext(page)).toBe("/");
    }
  });

  test("it is handed on from page to page", () => {
    expect(withNext("/register", "/")).toBe("/register");
    expect(withNext("/verify-otp", "/auction/7?a=b", { email: "a+b@c.example" })).toBe(
      "/verify-otp?email=a%2Bb%40c.example&next=%2Fauction%2F7%3Fa%3Db",
    );
  });
});

describe("codes", () => {
  test("digits are taken from what was pasted", () => {
    expect(digitsOf("123 456")).toBe("123456");
    expect(digitsOf(" 123-456\n")).toBe("123456");
    expect(digitsOf("Your code: 012 345.")).toBe("012345");
    expect(digitsOf("1234567")).toBe("123456");
    expect(digitsOf("abc")).toBe("");
  });

  test("spaces do not count", () => expect(unspaced(" abcde-\u00a023456 ")).toBe("abcde-23456"));

  test("a key stands in groups of four", () => {
    expect(inFours("ABCDEFGHIJ")).toBe("ABCD EFGH IJ");
    expect(inFours("ABCDEFGH")).toBe("ABCD EFGH");
  });
});

describe("rules of passwords", () => {
  const person = { email: "annie.miller@example.com", names: ["Annabel", "Li"] };
  const broken = (password: string) =>
    Object.entries(rulesMet(password, person))
      .filter(([, isMet]) => !isMet)
      .map(([rule]) => rule);

  test("they are those of the server", () => {
    expect(broken("123456")).toEqual(["length", "mixed"]);
    expect(broken("83920174")).toEqual(["mixed"]);
    expect(broken("Annie1")).toEqual(["length", "own"]);
    expect(broken("annabelli1")).toEqual(["own"]);
    expect(broken("miller2000")).toEqual(["own"]);
    expect(broken("ANNIE.MILLER@EXAMPLE.COM")).toEqual(["own"]);
    expect(broken("")).toEqual(["length", "mixed", "own"]);
    for (const good of ["securepassword123", "        ", "пароль-для-торгов", "a name that has annie in it"]) {
      expect(broken(good), good).toEqual([]);
    }
    expect(broken("äöüßéèê")).toEqual(["length"]);
  });
});

describe("devices", () => {
  const named = (agent: string) => {
    const device = deviceOf(agent);
    return device && `${device.browser}, ${device.system}`;
  };

  test("browsers are told from those that they claim to be", () => {
    const kit = "AppleWebKit/537.36 (KHTML, like Gecko)";
    expect(named(`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${kit} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`)).toBe(
      "Edge, Windows",
    );
    expect(named(`Mozilla/5.0 (Linux; Android 10; K) ${kit} Chrome/130.0.0.0 Mobile Safari/537.36`)).toBe(
      "Chrome, Android",
    );
    expect(named("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")).toBe("Firefox, Linux");
    expect(
      named(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      ),
    ).toBe("Safari, iPhone");
  });

  test("what is no browser keeps its own name", () => {
    expect(deviceOf("curl/8.5.0")).toBeNull();
    expect(deviceOf("")).toBeNull();
  });
});

describe("sentences", () => {
  test("what the server says about fields is said in the reader's language", () => {
    expect(fieldSentence("This field may not be blank.", es)).toBe("Rellena este campo.");
    expect(fieldSentence("Ensure this field has no more than 150 characters.", en)).toBe(
      "Use no more than 150 characters.",
    );
    expect(fieldSentence("Something new.", es)).toBe("Something new.");
  });

  test("Spanish fetches no English", () => {
    const folder = new URL("../src/i18n/es/", import.meta.url);
    for (const name of readdirSync(folder)) {
      const imports = readFileSync(new URL(name, folder), "utf8").match(/^import .*$/gm) ?? [];
      for (const line of imports.filter((found) => found.includes("../en"))) {
        expect(line, name).toMatch(/^import type /);
      }
    }
  });

  test("each language says everything, and nothing stays English by mistake", () => {
    const leaves = (value: unknown, path: string): [string, unknown][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path}.${name}`))
        : [[path, value]];
    const own = { account: es.account, common: es.common, shell: es.shell, problems: es.problems };
    const english = new Map(
      leaves({ account: en.account, common: en.common, shell: en.shell, problems: en.problems }, ""),
    );
    const same = leaves(own, "").filter(([path, text]) => typeof text === "string" && text === english.get(path));
    expect(same.map(([path]) => path)).toEqual([".common.no", ".shell.apiDocs"]);
  });
});
