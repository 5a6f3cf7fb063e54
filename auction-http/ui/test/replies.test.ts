import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { notBought, replyText } from "../src/features/auction/bidding/replies";
import en from "../src/i18n/en";
import es from "../src/i18n/es";
import { auctionAt } from "./house";

beforeAll(() => void vi.stubGlobal("navigator", { languages: ["en-US"] }));
afterAll(() => void vi.unstubAllGlobals());

const lot = (kind: string) => auctionAt(1, { terms: { format: { kind } } as never });

describe("a bid of which nothing is known", () => {
  const text = (kind: string, t = en) => replyText(undefined, { result: "unknown", amount: "120.00" }, lot(kind), t);

  test("is looked for in the history, and where there is none among one's own", () => {
    expect(text("english")).toMatch(/The history shows your own bids/);
    expect(text("vickrey")).toMatch(/“My auctions” shows your own bids/);
    expect(text("vickrey", es)).toMatch(/«Mis subastas»/);
  });
});

describe("a purchase", () => {
  test("that was refused says why", () => {
    expect(notBought(lot("fixed_price"), "ended", "Over.", en)).toEqual({
      tone: "bad",
      text: "You did not buy. Over.",
    });
  });

  test("of which nothing is known is not said to have failed", () => {
    for (const [kind, t] of [
      ["fixed_price", en],
      ["english", en],
      ["fixed_price", es],
      ["english", es],
    ] as const) {
      const { tone, text } = notBought(lot(kind), "unsettled", "why", t);
      expect(tone).toBe("brass");
      expect(text).toMatch(/We do not know whether you bought|No sabemos si has comprado/);
    }
  });
});
