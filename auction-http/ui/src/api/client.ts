/** Calls to the server, typed by its own description. */
import createClient, { type Middleware } from "openapi-fetch";
import { noteServerTime } from "../live/clock";
import { apiBase } from "./config";
import { ApiProblem, problemOf } from "./problem";
import type { paths } from "./schema";
import { currentSession, expireSession } from "./session";

const identify: Middleware = {
  onRequest({ request }) {
    const { token, expired } = currentSession();
    if (token && !expired && !request.headers.has("Authorization"))
      request.headers.set("Authorization", `Token ${token}`);
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401) {
      const sent = request.headers.get("Authorization")?.replace(/^Token /, "") ?? null;
      expireSession(sent);
    }
    return response;
  },
};

export const api = createClient<paths>({ baseUrl: apiBase });
api.use(identify);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/**
 * What a call answered.
 *
 * Throws an {@link ApiProblem} for a refusal and for an answer that never came.
 */
export async function answered<T>(call: Promise<Answer<T>>): Promise<T> {
  const sentAt = performance.now();
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    throw new ApiProblem(0, "unreachable", {}, {}, cause);
  }
  if (!answer.response.ok) throw problemOf(answer.response, answer.error);
  const time = timeIn(answer.data);
  if (time !== null) noteServerTime(time, sentAt, performance.now());
  return answer.data as T;
}

type Timed = { server_time?: unknown };

/** The server's time in an answer; in a list each row has the same. */
function timeIn(data: unknown): number | null {
  if (typeof data !== "object" || data === null) return null;
  const rows = Array.isArray(data) ? data : (data as { results?: unknown }).results;
  const timed = (Array.isArray(rows) ? rows[0] : data) as Timed | undefined;
  return typeof timed?.server_time === "number" ? timed.server_time : null;
}
