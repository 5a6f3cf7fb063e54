import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { offsetOf, SAMPLE_AGE_MAX, SAMPLES_MAX, type Sample, sampleOf, withSample } from "../src/live/clock";

const sample = (offset: number, way: number, at = 0): Sample => ({ offset, way, at });

describe("samples", () => {
  test("the server stamped an answer in the middle of its way", () => {
    expect(sampleOf(10_000, 400, 600)).toEqual({ offset: 9_500, way: 200, at: 600 });
  });

  test("the one with the shortest way counts", () => {
    const samples = [sample(1_010, 80), sample(1_000, 10), sample(1_040, 120)].reduce(withSample, [] as Sample[]);
    expect(samples).toHaveLength(3);
    expect(offsetOf(samples)).toBe(1_000);
  });

  test("of two as short, the newer one", () => {
    expect(offsetOf([sample(1_000, 10, 0), sample(1_004, 10, 1)])).toBe(1_004);
  });

  test("without samples nothing is known", () => {
    expect(offsetOf([])).toBeNull();
  });

  test("samples that contradict the newest are dropped, as after a sleep", () => {
    const before = [sample(1_000, 4), sample(1_001, 2)];
    const after = withSample(before, sample(61_000, 300, 10));
    expect(after).toEqual([sample(61_000, 300, 10)]);
    expect(offsetOf(after)).toBe(61_000);
  });

  test("a slow sample that agrees does not spoil a fast one", () => {
    const samples = withSample([sample(1_000, 10)], sample(1_400, 900, 5));
    expect(offsetOf(samples)).toBe(1_000);
  });

  test("samples grow too old", () => {
    expect(withSample([sample(1_000, 1, 0)], sample(1_000, 90, SAMPLE_AGE_MAX + 1))).toHaveLength(1);
  });

  test("there are never more than so many", () => {
    let samples: Sample[] = [];
    for (let index = 0; index < 50; index += 1) samples = withSample(samples, sample(1_000, 10, index));
    expect(samples).toHaveLength(SAMPLES_MAX);
  });
});

describe("the server's time", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.useFakeTimers({ toFake: ["Date", "performance"], now: Date.parse("2026-01-01T00:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("does not follow the browser's clock", async () => {
    const clock = await import("../src/live/clock");
    const now = performance.now();
    clock.noteServerTime(1_000_000, now, now);
    vi.setSystemTime(Date.parse("2030-01-01T00:00:00Z"));
    expect(Math.round(clock.serverNow())).toBe(1_000_000);
    vi.advanceTimersByTime(2_500);
    expect(Math.round(clock.serverNow())).toBe(1_002_500);
  });

  test("is told by a push only where that is ahead", async () => {
    const clock = await import("../src/live/clock");
    const now = performance.now();
    clock.noteServerTime(1_000_000, now, now);
    clock.notePushedTime(999_000, now);
    expect(Math.round(clock.serverNow())).toBe(1_000_000);
    clock.notePushedTime(1_500_000, now);
    expect(Math.round(clock.serverNow())).toBe(1_500_000);
    // How long it took to come nobody knows: the server has to be asked, and is believed.
    expect(clock.uncertainty()).toBe(Number.POSITIVE_INFINITY);
    clock.noteServerTime(1_501_800, now, now);
    expect(Math.round(clock.serverNow())).toBe(1_501_800);
    // An answer that is behind it was given after a clock was set.
    clock.noteServerTime(1_400_000, now, now);
    expect(Math.round(clock.serverNow())).toBe(1_400_000);
  });

  test("is doubted when one clock of the browser moved and the other did not", async () => {
    const clock = await import("../src/live/clock");
    const doubted = vi.fn();
    clock.onDoubt(doubted);
    clock.watchDrift();
    vi.advanceTimersByTime(60_000);
    clock.watchDrift();
    expect(doubted).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 30_000);
    clock.watchDrift();
    clock.watchDrift();
    expect(doubted).toHaveBeenCalledTimes(1);
  });
});
