import { MutationObserver, onlineManager } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AGAIN_WITHIN, isUnsettled, Keys, untilSettled } from "../src/api/once";
import { ApiProblem } from "../src/api/problem";
import { newQueries } from "../src/api/queries";

vi.hoisted(() => {
  vi.stubGlobal("document", { querySelector: () => null });
  vi.stubGlobal("location", { origin: "http://house" });
  vi.stubGlobal("localStorage", { getItem: () => null });
  vi.stubGlobal("addEventListener", () => undefined);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const problem = (status: number, code = `http_${status}`) => new ApiProblem(status, code, {}, {});

/** Answers one after the other; the last one for ever. */
function answering(...answers: (string | ApiProblem)[]) {
  return vi.fn(async (..._: unknown[]) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof ApiProblem) throw answer;
    return answer as string;
  });
}

/** What becomes of a call, once time has passed. */
async function outcome<Out>(call: Promise<Out>): Promise<Out | ApiProblem> {
  const caught = call.catch((error: ApiProblem) => error);
  await vi.advanceTimersByTimeAsync(AGAIN_WITHIN * 2);
  return caught;
}

describe("what gets no answer", () => {
  test.each([0, 500, 502, 503, 504])("is asked again after %i", async (status) => {
    const call = answering(problem(status), problem(status), "done");
    expect(await outcome(untilSettled(call, Date.now()))).toBe("done");
    expect(call).toHaveBeenCalledTimes(3);
  });

  test("is not asked again where it was refused", async () => {
    const call = answering(problem(409, "ended"));
    expect(await outcome(untilSettled(call, Date.now()))).toMatchObject({ code: "ended" });
    expect(call).toHaveBeenCalledTimes(1);
  });

  test("is refused where there were too many tries, unless an earlier one may have come in", async () => {
    const slow = problem(429, "throttled");
    expect(await outcome(untilSettled(answering(slow), Date.now()))).toBe(slow);
    expect(await outcome(untilSettled(answering(slow), Date.now(), true))).toMatchObject({ code: "unsettled" });
    expect(await outcome(untilSettled(answering(problem(0), slow, "done"), Date.now()))).toBe("done");
  });

  test("is unsettled in the end, and asked for no more", async () => {
    const call = answering(problem(502));
    const found = await outcome(untilSettled(call, Date.now()));
    expect(isUnsettled(found)).toBe(true);
    const times = call.mock.calls.length;
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(call).toHaveBeenCalledTimes(times);
  });

  test("is not asked again where the device slept meanwhile", async () => {
    const call = answering(problem(0), "done");
    const found = untilSettled(call, Date.now()).catch((error) => error);
    await vi.advanceTimersByTimeAsync(0);
    vi.setSystemTime(Date.now() + 40 * 60_000);
    await vi.advanceTimersByTimeAsync(AGAIN_WITHIN);
    expect(isUnsettled(await found)).toBe(true);
    expect(call).toHaveBeenCalledTimes(1);
  });
});

describe("a key", () => {
  const wish = { price: "100.00", quantity: 2 };
  const keysOf = (call: ReturnType<typeof answering>) => new Set(call.mock.calls.map(([key]) => key));

  test("stays the same while it is not known what became of the wish", async () => {
    const keys = new Keys();
    const lost = answering(problem(503, "unavailable"));
    expect(isUnsettled(await outcome(keys.handIn(wish, lost)))).toBe(true);
    const again = answering("bought");
    expect(await outcome(keys.handIn({ ...wish }, again))).toBe("bought");
    expect(keysOf(lost).size).toBe(1);
    expect(keysOf(again)).toEqual(keysOf(lost));
  });

  test("is another one for another wish, and after an answer", async () => {
    const keys = new Keys();
    const lost = answering(problem(0));
    await outcome(keys.handIn(wish, lost));
    const more = answering("bought");
    await outcome(keys.handIn({ ...wish, quantity: 3 }, more));
    const refused = answering(problem(409, "not_enough_units"));
    await outcome(keys.handIn(wish, refused));
    const last = answering("bought");
    await outcome(keys.handIn(wish, last));
    expect(new Set([lost, more, refused, last].flatMap((call) => [...keysOf(call)])).size).toBe(4);
  });
});

describe("the calls", () => {
  const sent: Request[] = [];
  beforeEach(() => {
    sent.length = 0;
    vi.stubGlobal("fetch", async (request: Request) => {
      sent.push(request);
      return Response.json({});
    });
  });

  test("carry their keys", async () => {
    vi.useRealTimers();
    const { buy, retract, strike } = await import("../src/api/errands");
    const { signal } = new AbortController();
    await buy(7, { price: "100.00", quantity: 2 }, "one", signal);
    await retract(7, "", "two", signal);
    await strike(7, 3, "Not serious", "three", signal);
    expect(sent.map((request) => request.headers.get("Idempotency-Key"))).toEqual(["one", "two", "three"]);
    expect(sent.map((request) => new URL(request.url).pathname)).toEqual([
      "/api/auctions/7/buy/",
      "/api/auctions/7/retract/",
      "/api/auctions/7/void/",
    ]);
    expect(await Promise.all(sent.map((request) => request.json()))).toEqual([
      { price: "100.00", quantity: 2 },
      {},
      { bid: 3, reason: "Not serious" },
    ]);
  });

  test("are made at once also without a connection, and not whenever there is one again", async () => {
    onlineManager.setOnline(false);
    const call = answering(problem(0, "unreachable"));
    const errand = new MutationObserver(newQueries(), { mutationFn: () => call() });
    expect(await outcome(errand.mutate())).toMatchObject({ code: "unreachable" });
    onlineManager.setOnline(true);
    await vi.advanceTimersByTimeAsync(AGAIN_WITHIN);
    expect(call).toHaveBeenCalledTimes(1);
  });
});
