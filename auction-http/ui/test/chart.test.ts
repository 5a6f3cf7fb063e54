import { describe, expect, test } from "vitest";
import {
  DAY,
  decimalsOf,
  marksOf,
  niceStep,
  type Point,
  pointsOf,
  priceTicks,
  reached,
  scale,
  standing,
  stepPath,
  thinned,
  timeSpan,
  timeTicks,
} from "../src/features/auction/lot/chart";
import type { Row } from "../src/live/wire";

const row = (version: number, price: string, at = new Date(version * 1000).toISOString()): Row => ({
  id: version,
  version,
  user: "a***n@people.example",
  price,
  at,
  kind: "straight",
});
const points = (count: number, at = (index: number) => index * 1000): Point[] =>
  Array.from({ length: count }, (_, index) => ({ at: at(index), price: 100 + index, row: row(index + 1, "1.00") }));

describe("points", () => {
  test("come oldest first out of rows that come newest first", () => {
    const made = pointsOf([row(3, "120.50"), row(1, "100.00")]);
    expect(made.map(({ at, price }) => [at, price])).toEqual([
      [1000, 100],
      [3000, 120.5],
    ]);
  });

  test("are all kept while there are few", () => {
    expect(thinned(points(5), 5)).toEqual(points(5));
    expect(thinned([], 5)).toEqual([]);
  });

  test("are never more than asked for, and keep the first and the last", () => {
    for (const max of [2, 3, 10, 101, 640]) {
      for (const many of [points(2000), points(2000, (index) => index ** 3), points(2000, () => 7)]) {
        const few = thinned(many, max);
        expect(few.length).toBeLessThanOrEqual(max);
        expect(few[0]).toBe(many[0]);
        expect(few.at(-1)).toBe(many.at(-1));
      }
    }
  });

  test("draw the same line in each column when they are thinned", () => {
    const many = points(2000, (index) => index ** 2);
    const few = thinned(many, 400);
    const last = many.at(-1)?.at ?? 0;
    for (let column = 1; column < 200; column += 1) {
      // Just before the next column begins, the same price stands.
      const at = (last * column) / 200 - 0.001;
      expect(standing(few, at)?.price).toBe(standing(many, at)?.price);
    }
  });

  test("are found by the time at which they stood", () => {
    const some = points(3);
    expect(standing(some, -50)).toBe(some[0]);
    expect(standing(some, 1000)).toBe(some[1]);
    expect(standing(some, 1999)).toBe(some[1]);
    expect(standing(some, 99_999)).toBe(some[2]);
    expect(standing([], 1)).toBeUndefined();
  });

  test("reach a reserve once", () => {
    const some = points(3);
    expect(reached(some, 101)).toBe(some[1]);
    expect(reached(some, 100.5)).toBe(some[1]);
    expect(reached(some, 103)).toBeUndefined();
  });
});

describe("scales", () => {
  test("place a value between the ends", () => {
    const x = scale([10, 20], [0, 100]);
    expect([x(10), x(15), x(20)]).toEqual([0, 50, 100]);
    expect(scale([0, 1], [200, 0])(0.25)).toBe(150);
  });

  test("place a value in the middle where nothing has a width", () => {
    expect(scale([5, 5], [0, 100])(5)).toBe(50);
  });

  test("leave some room behind the last bid, also where all came at once", () => {
    expect(timeSpan(points(101))).toEqual([0, 104_000]);
    const [from, to] = timeSpan(points(3, () => 9));
    expect(to).toBeGreaterThan(from);
  });
});

describe("prices on the axis", () => {
  test("are round, and stand around all prices", () => {
    expect(priceTicks([5000, 7300], 4, 0.01)).toEqual({
      values: [5000, 6000, 7000, 8000],
      step: 1000,
      span: [5000, 8000],
    });
  });

  test("are two at least, also for one price", () => {
    expect(priceTicks([100, 100], 4, 0.01).values).toEqual([100, 100.01]);
    expect(priceTicks([100, 100], 4, 1).values).toEqual([100, 101]);
  });

  test("are never closer than the smallest unit", () => {
    expect(niceStep(0.02, 10, 0.01)).toBeCloseTo(0.01);
    expect(niceStep(3, 10, 1)).toBe(1);
  });

  test("are few for any width", () => {
    for (let width = 0.01; width < 1e9; width *= 1.7) {
      const { values } = priceTicks([100, 100 + width], 4, 0.01);
      expect(values.length).toBeLessThanOrEqual(7);
      expect(values[0]).toBeLessThanOrEqual(100);
      expect(values.at(-1)).toBeGreaterThanOrEqual(100 + width - 1e-6);
    }
  });

  test("have as many decimals as tell them apart", () => {
    expect([1000, 1, 0.5, 0.01, 0.001].map(decimalsOf)).toEqual([0, 0, 2, 2, 3]);
  });
});

describe("times on the axis", () => {
  const local = (text: string) => new Date(text).getTime();

  test("are round in the reader's zone", () => {
    const { values, step } = timeTicks([local("2026-05-04T10:07:00"), local("2026-05-04T12:50:00")], 6);
    expect(step).toBe(30 * 60_000);
    expect(values.map((at) => new Date(at).toTimeString().slice(0, 5))).toEqual([
      "10:30",
      "11:00",
      "11:30",
      "12:00",
      "12:30",
    ]);
  });

  test("are midnights where days are told, also over a change of the clocks", () => {
    const { values, step } = timeTicks([local("2026-03-25T10:00:00"), local("2026-04-01T10:00:00")], 8);
    expect(step).toBe(DAY);
    expect(values).toHaveLength(7);
    for (const at of values) expect(new Date(at).getHours()).toBe(0);
  });

  test("are never more than asked for", () => {
    for (const span of [1, 999, 60_000, 5 * DAY, 400 * DAY, 9000 * DAY]) {
      for (const count of [1, 3, 8])
        expect(timeTicks([1e12, 1e12 + span], count).values.length).toBeLessThanOrEqual(count);
    }
  });
});

describe("the line", () => {
  test("keeps a price until the next", () => {
    const places = [
      { x: 0, y: 90 },
      { x: 10.04, y: 50.06 },
    ];
    expect(stepPath(places, 30)).toBe("M0 90H10V50.1H30");
  });

  test("is nothing without bids", () => {
    expect(stepPath([], 30)).toBe("");
  });
});

describe("marks of extensions", () => {
  const extension = (second: number) => ({
    version: second,
    at: new Date(second * 1000).toISOString(),
    ends_at: new Date(second * 1000 + 60_000).toISOString(),
  });
  const at = (time: number) => time / 1000;

  test("stand apart, and within the drawing", () => {
    const made = marksOf([extension(1), extension(20), extension(23), extension(40), extension(200)], at, [10, 100], 8);
    expect(made.map(({ x }) => x)).toEqual([20, 40]);
  });
});
