/**
 * The geometry of a price over time: points, scales, ticks and the line. Pure: no sizes of screens, no languages.
 *
 * Prices become floats here, since only places on a drawing come of them; what is written beside the drawing is written
 * from the exact amounts.
 */
import type { Extension } from "../../../live/extensions";
import type { Row } from "../../../live/wire";

/** What stood from a moment on. `row` is the bid that made it. */
export type Point = { at: number; price: number; row: Row };
export type Span = readonly [from: number, to: number];
export type Mark = { x: number; extension: Extension };

/** How much of the width follows the last bid, so that its step can be seen. */
const TAIL = 0.04;

/** The rows of a history, which begins with the newest, as points that begin with the oldest. */
export function pointsOf(rows: readonly Row[]): Point[] {
  return rows.map((row) => ({ at: Date.parse(row.at), price: Number(row.price), row })).reverse();
}

/**
 * At most `max` points that draw the same line: of what falls together, the first and the last. The first and the last
 * of all stay.
 */
export function thinned(points: readonly Point[], max: number): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length <= max) return [...points];
  const columns = Math.max(1, Math.floor(max / 2));
  const span = last.at - first.at || 1;
  const columnOf = (point: Point) => Math.min(columns - 1, Math.floor(((point.at - first.at) / span) * columns));
  return points.filter((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    return !before || !after || columnOf(before) !== columnOf(point) || columnOf(after) !== columnOf(point);
  });
}

/** From when to when the drawing goes. */
export function timeSpan(points: readonly Point[]): Span {
  const from = points[0]?.at ?? 0;
  const to = points.at(-1)?.at ?? from;
  return [from, to + Math.max((to - from) * TAIL, 1)];
}

/** Places a value of a domain within a range. */
export function scale([from, to]: Span, [start, end]: Span): (value: number) => number {
  const width = to - from;
  return (value) => (width === 0 ? (start + end) / 2 : start + ((value - from) / width) * (end - start));
}

/** A step of 1, 2 or 5 times a power of ten, of which about `count` cover a width. */
export function niceStep(width: number, count: number, smallest: number): number {
  const rough = Math.max(width / Math.max(count, 1), smallest);
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const factor = [1, 2, 5, 10].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

export type Ticks = { values: number[]; step: number; span: Span };

/** Round prices from below the lowest to above the highest; `smallest` is the unit that prices are counted in. */
export function priceTicks(prices: readonly number[], count: number, smallest: number): Ticks {
  const low = Math.min(...prices);
  const high = Math.max(...prices);
  const step = niceStep(high - low, count, smallest);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  const values = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { values, step, span: [first * step, last * step] };
}

/** How many decimals tell the multiples of a step apart. */
export function decimalsOf(step: number): number {
  return step >= 1 ? 0 : Math.max(2, Math.ceil(-Math.log10(step) - 1e-9));
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((times) => times * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((times) => times * MINUTE),
  ...[1, 2, 3, 6, 12].map((times) => times * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((times) => times * DAY),
];

/** Round times of the reader's zone within a span, at most `count`; its beginning where there are none. */
export function timeTicks([from, to]: Span, count: number): { values: number[]; step: number } {
  const step = TIME_STEPS.find((width) => (to - from) / width <= count) ?? Math.ceil((to - from) / count / DAY) * DAY;
  const values: number[] = [];
  if (step >= DAY) {
    // By the calendar, since days differ in length where the clocks are changed.
    const midnight = new Date(from);
    midnight.setHours(24, 0, 0, 0);
    while (midnight.getTime() <= to) {
      values.push(midnight.getTime());
      midnight.setDate(midnight.getDate() + step / DAY);
    }
  } else {
    const away = new Date(from).getTimezoneOffset() * MINUTE;
    for (let at = Math.ceil((from - away) / step) * step + away; at <= to; at += step) values.push(at);
  }
  return { values: values.length > 0 ? values.slice(0, count) : [from], step };
}

const rounded = (value: number) => Math.round(value * 10) / 10;

/** A line that keeps each price until the next one; it ends at `end`. */
export function stepPath(places: readonly { x: number; y: number }[], end: number): string {
  const [first, ...rest] = places;
  if (!first) return "";
  const steps = rest.map(({ x, y }) => `H${rounded(x)}V${rounded(y)}`);
  return `M${rounded(first.x)} ${rounded(first.y)}${steps.join("")}H${rounded(end)}`;
}

/** Where the end was moved, one mark for those that would touch each other. */
export function marksOf(extensions: readonly Extension[], at: (time: number) => number, range: Span, gap: number) {
  const marks: Mark[] = [];
  for (const extension of extensions) {
    const x = at(Date.parse(extension.at));
    const before = marks.at(-1);
    if (x < range[0] || x > range[1] || (before && x - before.x < gap)) continue;
    marks.push({ x, extension });
  }
  return marks;
}

/** The first point at which a price was reached, from below or from above. */
export function reached(points: readonly Point[], price: number, isDown = false): Point | undefined {
  return points.find((point) => (isDown ? point.price <= price : point.price >= price));
}

/** The point that stood at a time: the newest that is not later. */
export function standing(points: readonly Point[], at: number): Point | undefined {
  return points.findLast((point) => point.at <= at) ?? points[0];
}
