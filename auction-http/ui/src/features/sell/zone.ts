/**
 * What a clock on a wall shows somewhere, and which instant that is.
 *
 * A wall time is written as `datetime-local` fields write it: `2027-03-28T02:30`, with seconds where there are any.
 * Where clocks are put forward some wall times never come, where they are put back some come twice.
 */

export const UTC = "UTC";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Which instant a wall time is, in milliseconds since the epoch. */
export type Reading =
  | { kind: "one"; at: number }
  | { kind: "twice"; first: number; second: number }
  /** It is skipped: clocks go from one wall time straight to the other. */
  | { kind: "never"; from: string; to: string }
  /** It is no wall time. */
  | { kind: "malformed" };

export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || UTC;
}

/** All zones that the browser knows, with these in front. */
export function zones(first: readonly string[]): string[] {
  return [...new Set([...first, UTC, ...Intl.supportedValuesOf("timeZone")])];
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** By how much clocks there are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, at: number): number {
  const parts = clockOf(zone).formatToParts(at);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value ?? 0);
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return shown - Math.floor(at / 1000) * 1000;
}

/** What clocks there show at an instant, in whole seconds. */
export function wallOf(at: number, zone: string): string {
  const shown = new Date(at + offsetAt(zone, at)).toISOString();
  return shown.slice(17, 19) === "00" ? shown.slice(0, 16) : shown.slice(0, 19);
}

/** The wall time as if it were one of UTC; `null` where it is none. */
function asUtc(wall: string): number | null {
  const match = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.exec(wall);
  if (!match) return null;
  const at = Date.parse(`${wall}Z`);
  // `Date` carries 30 February over into March; no calendar shows it.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(wall) ? null : at;
}

export function readWall(wall: string, zone: string): Reading {
  const shown = asUtc(wall);
  if (shown === null) return { kind: "malformed" };
  const [before, after] = [offsetAt(zone, shown - DAY), offsetAt(zone, shown + DAY)];
  const fitting = [...new Set([before, after])]
    .map((offset) => shown - offset)
    .filter((at) => at + offsetAt(zone, at) === shown)
    .sort((one, other) => one - other);
  const [first, second] = fitting;
  if (first === undefined) return skipped(shown, zone);
  return second === undefined ? { kind: "one", at: first } : { kind: "twice", first, second };
}

/** Between which wall times clocks jump around a wall time that never comes. */
function skipped(shown: number, zone: string): Reading {
  // Clocks show less than that at one end and more at the other; the jump is where they change their offset.
  let [early, late] = [shown - DAY, shown + DAY];
  const before = offsetAt(zone, early);
  while (late - early > 1000) {
    const middle = early + Math.floor((late - early) / 2000) * 1000;
    if (offsetAt(zone, middle) === before) early = middle;
    else late = middle;
  }
  return { kind: "never", from: wallAt(late + before), to: wallOf(late, zone) };
}

function wallAt(shown: number): string {
  return new Date(shown).toISOString().slice(0, 16);
}

/** How far a zone is from UTC at an instant: `GMT+2`. */
export function offsetName(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** A zone as people read it: underscores are gaps. */
export function zoneLabel(zone: string): string {
  return zone.replaceAll("_", " ");
}
