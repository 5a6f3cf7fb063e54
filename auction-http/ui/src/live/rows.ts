/** Rows of a history that come in pieces and in any order, and which pieces are here. */
import type { Row } from "./wire";

/** How many rows are kept; who wants to see more asks the server. */
export const ROWS_MAX = 10_000;

/** Versions after the first number, up to and including the second. */
export type Span = readonly [after: number, to: number];

/** The spans with one more: in order, and apart from each other. */
export function covering(spans: readonly Span[], [after, to]: Span): readonly Span[] {
  if (spans.some(([from, end]) => from <= after && to <= end)) return spans;
  let [low, high] = [after, to];
  const apart: Span[] = [];
  for (const span of spans) {
    if (span[1] < low || span[0] > high) apart.push(span);
    else [low, high] = [Math.min(low, span[0]), Math.max(high, span[1])];
  }
  return [...apart, [low, high] as const].sort((one, other) => one[0] - other[0]);
}

/** After which version something is missing between the first span and `version`; `null` where nothing is. */
export function gapIn(spans: readonly Span[], version: number): number | null {
  const first = spans[0];
  return first && first[1] < version ? first[1] : null;
}

/**
 * Rows by version, the newest first, each once. Whose a row is, is `sure` where the server was asked; what a frame lets
 * one guess never replaces that. The same array where nothing is new.
 */
export function merged(known: Row[], more: readonly Row[], sure: boolean): Row[] {
  if (more.length === 0) return known;
  const fresh = [...more].sort((one, other) => other.version - one.version);
  const oldest = fresh.at(-1);
  // Rows mostly come one by one, newer than all that are here.
  if (oldest && oldest.version > (known[0]?.version ?? 0) && isStrict(fresh)) return [...fresh, ...known];
  const rows: Row[] = [];
  let changed = false;
  let [left, right] = [0, 0];
  for (;;) {
    const [one, other] = [known[left], fresh[right]];
    if (one && (!other || one.version > other.version)) {
      rows.push(one);
      left += 1;
    } else if (other && (!one || other.version > one.version)) {
      if (rows.at(-1)?.version !== other.version) {
        rows.push(other);
        changed = true;
      }
      right += 1;
    } else if (one && other) {
      const is_you = sure ? (other.is_you ?? one.is_you) : (one.is_you ?? other.is_you);
      changed ||= is_you !== one.is_you;
      rows.push(is_you === one.is_you ? one : { ...one, is_you });
      left += 1;
      right += 1;
    } else return changed ? rows : known;
  }
}

function isStrict(rows: readonly Row[]): boolean {
  return rows.every((row, index) => index === 0 || row.version < (rows[index - 1]?.version ?? 0));
}

/** The version of the oldest row of which it is not known whose it is. */
export function unclearIn(rows: readonly Row[]): number | null {
  return rows.findLast((row) => row.is_you === undefined)?.version ?? null;
}

/** The rows, of which those that are gone say so. The same array where nothing is new. */
export function struck(rows: Row[], gone: readonly number[]): Row[] {
  if (!rows.some((row) => !row.withdrawn && gone.includes(row.version))) return rows;
  return rows.map((row) => (gone.includes(row.version) ? { ...row, withdrawn: true } : row));
}

/** The versions of rows that were taken back or struck, with more of them. */
export function withGone(known: readonly number[], more: readonly number[] | undefined): readonly number[] {
  const fresh = more?.filter((version) => !known.includes(version)) ?? [];
  return fresh.length > 0 ? [...known, ...fresh] : known;
}

/** Whether rows of one's own are among those that are gone; `placed`: the versions of one's own bids. */
export function isOwnAmong(rows: readonly Row[], placed: readonly number[], gone: readonly number[] = []): boolean {
  return gone.some((version) => placed.includes(version) || rows.some((row) => row.version === version && row.is_you));
}
