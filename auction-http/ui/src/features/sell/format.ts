/** The format of a lot in its form: which fields go with it, and what they say. Pure. */
import { compare } from "../../i18n/amount";
import type { Catalogue } from "../../i18n/en";
import { UNITS_MAX, type Values } from "./values";

/** Which of the other terms go with a format; the others are neither shown nor sent. */
export function fitting({ format, closing }: Pick<Values, "format" | "closing">) {
  const isEnglish = format === "english";
  const isStock = format === "dutch" || format === "fixed_price";
  const isCandle = isEnglish && closing === "candle";
  return {
    reserve: !isStock,
    firstBid: isEnglish,
    increments: isEnglish || format === "reverse",
    closing: isEnglish || format === "reverse",
    candle: isEnglish,
    buyNow: isEnglish && !isCandle,
    retraction: !isStock && !isCandle,
  };
}

/** Whether bidders learn their rank only, while late bids could move the end. */
export function hidesLead({ format, shows }: Pick<Values, "format" | "shows">): boolean {
  return format === "reverse" && shows === "rank_only";
}

type Reading = {
  texts: Catalogue["sell"]["wrong"];
  amount: (field: string, text: string) => string | null;
  needed: (field: string, text: string) => string | null;
  wrong: (field: string, sentence: string) => void;
  /** The starting price, where it could be read. */
  price: string | null;
};

/** The format as it is sent. What is wrong with it is told under the names that the server has for its fields. */
export function readFormat(values: Values, { texts, amount, needed, wrong, price }: Reading): object {
  const { format: kind, revisions, count } = values;
  switch (kind) {
    case "english":
      return { kind };
    case "sealed_first_price":
    case "vickrey":
      return { kind, revisions, count };
    case "multi_unit": {
      const quantity = units("quantity", values.quantity, true);
      const min_fill = units("min_fill", values.minFill, false);
      if (quantity !== null && min_fill !== null && min_fill > quantity)
        wrong("terms.format.min_fill", texts.fillAboveQuantity);
      return { kind, quantity, pricing: values.pricing, count, ...(min_fill !== null && { min_fill }) };
    }
    case "dutch": {
      const step = needed("terms.format.step", values.clockStep);
      const floor = needed("terms.format.floor", values.clockFloor);
      if (price && floor && compare(floor, price) > 0) wrong("terms.format.floor", texts.floorAboveStart);
      return { kind, step, interval_s: Number(values.interval), floor, ...some() };
    }
    case "reverse": {
      const improvement = amount("terms.format.improvement", values.improvement);
      if (price && improvement && compare(improvement, price) >= 0)
        wrong("terms.format.improvement", texts.improvementAboveStart);
      return { kind, visibility: values.shows, ...(improvement && { improvement }) };
    }
    case "fixed_price":
      return { kind, ...some() };
  }

  function some() {
    const quantity = units("quantity", values.quantity, false);
    return quantity !== null && { quantity };
  }

  function units(name: string, text: string, isNeeded: boolean): number | null {
    const bare = text.trim();
    if (bare === "" && !isNeeded) return null;
    const number = /^\d{1,5}$/.test(bare) ? Number(bare) : 0;
    if (number >= 1 && number <= UNITS_MAX) return number;
    wrong(`terms.format.${name}`, bare === "" ? texts.required : texts.units(UNITS_MAX));
    return null;
  }
}
