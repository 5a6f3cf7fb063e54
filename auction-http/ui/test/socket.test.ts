import { expect, test } from "vitest";
import { PAUSE_MAX, PAUSE_MIN, pause } from "../src/live/socket";

test("the first pause is short", () => {
  expect(pause(0, 0)).toBe(PAUSE_MIN / 2);
  expect(pause(0, 1)).toBe(PAUSE_MIN);
});

test("pauses double until they are as long as they may be", () => {
  const longest = Array.from({ length: 30 }, (_, tries) => pause(tries, 1));
  expect(longest.slice(0, 4)).toEqual([400, 800, 1_600, 3_200]);
  expect(Math.max(...longest)).toBe(PAUSE_MAX);
  expect(longest.at(-1)).toBe(PAUSE_MAX);
});

test("half of a pause is chance", () => {
  for (let tries = 0; tries < 40; tries += 1) {
    const whole = pause(tries, 1);
    for (const chance of [0, 0.25, 0.5, 0.999]) {
      expect(pause(tries, chance)).toBeGreaterThanOrEqual(whole / 2);
      expect(pause(tries, chance)).toBeLessThanOrEqual(whole);
    }
    expect(pause(tries, 0.5)).toBe(whole * 0.75);
  }
});
