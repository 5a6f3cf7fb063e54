/** The drawing of a price chart, in the pixels that there are. */
import { type PointerEvent, useMemo, useState } from "react";
import { useTexts } from "../../../i18n";
import { clockTime, dayAndTime, hourAndMinute, money, shortDay } from "../../../i18n/format";
import type { Extension } from "../../../live/extensions";
import {
  DAY,
  decimalsOf,
  marksOf,
  type Point,
  priceTicks,
  reached,
  scale as scaled,
  standing,
  stepPath,
  thinned,
  timeSpan,
  timeTicks,
} from "./chart";
import styles from "./price-chart.module.css";

const HEIGHT = 240;
const TOP = 30;
const BOTTOM = 28;
const RIGHT = 12;
/** About how wide a digit of a label is, and how far labels of times stand apart. */
const LETTER = 7.5;
const LABEL_GAP = 92;
/** Extensions nearer than this share a mark. */
const MARK_GAP = 8;
/** Up to how many bids each gets a dot. */
const DOTS_MAX = 60;

type Props = {
  points: readonly Point[];
  extensions: readonly Extension[];
  width: number;
  currency: string;
  /** The decimals of amounts. */
  scale: number;
  reserve: string | null;
  /** Whether the lowest price wins. */
  isDown: boolean;
  label: string;
  describedBy: string;
};

/** Everything about a drawing but what is pointed at. */
function usePlan({ points, extensions, width, currency, scale, reserve, isDown }: Props) {
  return useMemo(() => {
    const line = reserve === null ? null : Number(reserve);
    const shown = thinned(points, 2 * width);
    const prices = shown.map((point) => point.price);
    const ticks = priceTicks(line === null ? prices : [...prices, line], 4, 10 ** -scale);
    const decimals = Math.min(decimalsOf(ticks.step), Math.max(scale, 0));
    const levels = ticks.values.map((value) => ({ value, text: money(value.toFixed(decimals), currency) }));
    const left = Math.min(width * 0.4, 10 + LETTER * Math.max(...levels.map(({ text }) => text.length)));
    const span = timeSpan(shown);
    const x = scaled(span, [left, width - RIGHT]);
    const y = scaled(ticks.span, [HEIGHT - BOTTOM, TOP]);
    const places = shown.map((point) => ({ x: x(point.at), y: y(point.price) }));
    const times = timeTicks(span, Math.max(2, Math.floor((width - left) / LABEL_GAP)));
    const met = line === null ? undefined : reached(points, line, isDown);
    return {
      x,
      y,
      left,
      right: width - RIGHT,
      span,
      levels,
      times,
      dots: shown.length <= DOTS_MAX ? places : [],
      path: stepPath(places, width - RIGHT),
      marks: marksOf(extensions, x, [left, width - RIGHT], MARK_GAP),
      reserveY: line === null ? null : y(line),
      met: met && { x: x(met.at), y: y(met.price) },
    };
  }, [points, extensions, width, currency, scale, reserve, isDown]);
}

/** A time on the axis: midnight is told by its day. */
function timeText(at: number, step: number): string {
  if (step >= DAY || new Date(at).getHours() * 60 + new Date(at).getMinutes() + new Date(at).getSeconds() === 0)
    return shortDay(at);
  return step < 60_000 ? clockTime(at) : hourAndMinute(at);
}

export function Drawing(props: Props) {
  const t = useTexts();
  const { points, width, currency, label, describedBy } = props;
  const plan = usePlan(props);
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const shown = (pointedAt === null ? points.at(-1) : standing(points, pointedAt))?.row;
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const [from, to] = plan.span;
    setPointedAt(from + ((x - plan.left) / (plan.right - plan.left)) * (to - from));
  };
  const base = HEIGHT - BOTTOM;
  return (
    <svg
      className={styles.drawing}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={label}
      aria-describedby={describedBy}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => setPointedAt(null)}
    >
      {plan.levels.map(({ value, text }) => (
        <g key={value}>
          <path d={`M${plan.left} ${plan.y(value)}H${plan.right}`} className={styles.grid} />
          <text x={plan.left - 8} y={plan.y(value)} dy="0.35em" className={styles.level}>
            {text}
          </text>
        </g>
      ))}
      {plan.times.values.map((at) => (
        <g key={at}>
          <path d={`M${plan.x(at)} ${base}v5`} className={styles.tick} />
          <text x={Math.min(plan.x(at), plan.right - 22)} y={base + 20} className={styles.time}>
            {timeText(at, plan.times.step)}
          </text>
        </g>
      ))}
      <path d={`${plan.path}V${base}H${plan.left}Z`} className={styles.area} />
      {plan.marks.map(({ x, extension }) => (
        <g key={extension.version}>
          <path d={`M${x} ${TOP}V${base}`} className={styles.extensionLine} />
          <path d={`M${x - 4} ${TOP - 1}h8l-4 6Z`} className={styles.extensionFlag} />
        </g>
      ))}
      {plan.reserveY !== null && (
        <path d={`M${plan.left} ${plan.reserveY}H${plan.right}`} className={styles.reserveLine} />
      )}
      <path d={plan.path} className={styles.line} />
      {plan.dots.map(({ x, y }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the n-th dot is the n-th bid
        <circle key={index} cx={x} cy={y} r="2.5" className={styles.dot} />
      ))}
      {plan.met && <circle cx={plan.met.x} cy={plan.met.y} r="5" className={styles.met} />}
      {shown && (
        <text x={plan.right} y={14} className={styles.reading}>
          {t.lot.reading(money(shown.price, currency), dayAndTime(shown.at))}
        </text>
      )}
      {shown && pointedAt !== null && (
        <circle cx={plan.x(Date.parse(shown.at))} cy={plan.y(Number(shown.price))} r="5" className={styles.pointed} />
      )}
    </svg>
  );
}
