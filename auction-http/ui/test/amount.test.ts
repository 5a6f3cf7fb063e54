import { describe, expect, test } from "vitest";
import { compare, minus, parseAmount, plus, scaleOf, separatorsOf, typed } from "../src/i18n/amount";

const en = separatorsOf("en-US");
const es = separatorsOf("es-ES");
const de = separatorsOf("de-DE");
const fr = separatorsOf("fr-FR");
const ar = { group: "٬", decimal: "٫" };

describe("amounts as people type them", () => {
  const cases: [string, { group: string; decimal: string }, string, string | null][] = [
    ["en", en, "1234.5", "1234.50"],
    ["en", en, "1,234.50", "1234.50"],
    ["en", en, "1,234", "1234.00"],
    ["en", en, "$1,234.50", "1234.50"],
    ["en", en, " 12 ", "12.00"],
    ["en", en, "12.", "12.00"],
    ["en", en, "007", "7.00"],
    ["en: three decimals, or groups of another language?", en, "1.234", null],
    ["en: a comma for decimals?", en, "1,5", null],
    ["en: groups have three digits", en, "12,34.00", null],
    ["en: groups stand before the decimals", en, "1.234,50", null],
    ["es", es, "1.234,50", "1234.50"],
    ["es", es, "1234,5", "1234.50"],
    ["es", es, "1.234", "1234.00"],
    ["es: a plain point where no group can be meant", es, "12.5", "12.50"],
    ["es: three decimals, or groups of another language?", es, "1,234", null],
    ["es", es, "1.234,50 €", "1234.50"],
    ["es", es, "1,234.50", null],
    ["de", de, "12.345.678,90", "12345678.90"],
    ["de", de, "1.234", "1234.00"],
    ["fr: a narrow space", fr, "1\u202f234,50", "1234.50"],
    ["fr: any space", fr, "1 234,50", "1234.50"],
    ["fr: a space that keeps together", fr, "1\u00a0234", "1234.00"],
    ["fr: spaces have to group", fr, "12 34", null],
    ["ar: digits of its own", ar, "١٬٢٣٤٫٥٠", "1234.50"],
    ["ar: digits of this script", ar, "1٬234٫5", "1234.50"],
    ["ar: a mark of direction", ar, "\u200f12٫50", "12.50"],
    ["a sign", en, "-5", null],
    ["an exponent", en, "1e3", null],
    ["words", en, "ten", null],
    ["nothing", en, "", null],
    ["nothing but a currency", en, "$", null],
    ["not a number", en, "NaN", null],
    ["too many decimals", en, "1.005", null],
  ];
  for (const [name, separators, text, expected] of cases) {
    test(`${name}: ${JSON.stringify(text)} is ${expected}`, () => {
      expect(parseAmount(text, 2, separators)).toBe(expected);
    });
  }

  test("currencies without decimals take none", () => {
    expect(parseAmount("1,500", 0, en)).toBe("1500");
    expect(parseAmount("1500.5", 0, en)).toBeNull();
  });

  test("currencies with three decimals take three", () => {
    expect(parseAmount("1.234", 3, en)).toBe("1.234");
    expect(parseAmount("1.234", 3, es)).toBe("1234.000");
  });

  test("what is offered as an example can be typed", () => {
    for (const separators of [en, es, de, fr, ar]) {
      expect(parseAmount(typed("1234.50", separators), 2, separators)).toBe("1234.50");
    }
  });

  test("no digit is lost in large amounts", () => {
    expect(parseAmount("99,999,999,999,999.99", 2, en)).toBe("99999999999999.99");
  });
});

describe("sums", () => {
  test("are exact", () => {
    expect(plus("0.10", "0.20")).toBe("0.30");
    expect(plus("99999999999999.99", "0.01", 3)).toBe("100000000000000.02");
    expect(minus("1.00", "0.05")).toBe("0.95");
    expect(minus("1.00", "2.00")).toBe("0.00");
    expect(plus("5", "7")).toBe("12");
  });

  test("compare by value and not by text", () => {
    expect(compare("9.00", "10.00")).toBeLessThan(0);
    expect(compare("10", "10.00")).toBe(0);
    expect(compare("10.01", "10.0")).toBeGreaterThan(0);
  });

  test("know their decimals", () => {
    expect([scaleOf("5"), scaleOf("5.00"), scaleOf("5.000")]).toEqual([0, 2, 3]);
  });
});
