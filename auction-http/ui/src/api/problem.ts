/** Refusals and failures of calls. */

export type FieldErrors = Record<string, string[]>;

export class ApiProblem extends Error {
  constructor(
    /** The status, 0 where no answer came. */
    readonly status: number,
    /** The stable name of the refusal. */
    readonly code: string,
    /** What the server said besides, such as `minimum_bid`. */
    readonly data: Record<string, unknown>,
    /** What is wrong with each field. */
    readonly fields: FieldErrors,
    cause?: unknown,
  ) {
    super(typeof data.detail === "string" ? data.detail : code, { cause });
  }

  /** Whether trying again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What a refused call says. */
export function problemOf(response: Response, body: unknown): ApiProblem {
  const data = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const fields: FieldErrors = {};
  for (const [name, value] of Object.entries(data)) {
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) fields[name] = value as string[];
  }
  const retryAfter = response.headers.get("Retry-After");
  const known = retryAfter ? { ...data, retry_after: Number(retryAfter) } : data;
  const code = typeof data.code === "string" ? data.code : `http_${response.status}`;
  return new ApiProblem(response.status, code, known, fields);
}

export function isProblem(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem;
}
