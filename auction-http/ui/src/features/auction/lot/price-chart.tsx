/** The price of a lot over time, as a drawing whose alternative is the table of bids. */
import { memo, type ReactNode, useId, useMemo, useRef } from "react";
import { Icon } from "../../../design/icon";
import { useTexts } from "../../../i18n";
import { scaleOf } from "../../../i18n/amount";
import { count, money } from "../../../i18n/format";
import type { Extension } from "../../../live/extensions";
import { kindOf } from "../../../live/format";
import type { Auction, Row } from "../../../live/wire";
import { pointsOf } from "./chart";
import { Drawing } from "./drawing";
import { goToHistory, HISTORY } from "./history";
import styles from "./price-chart.module.css";
import { useWidth } from "./use-width";

type Props = { rows: readonly Row[]; auction: Auction; extensions: readonly Extension[] };

/** What the bids have to reach, where the reader may know it. */
export function knownReserve(terms: unknown): string | null {
  const reserve = (terms as Record<string, unknown> | null)?.reserve;
  return typeof reserve === "string" ? reserve : null;
}

export function PriceChart({ rows, auction, extensions }: Props) {
  const { currency, bid_count, reserve, terms } = auction;
  return (
    <Chart
      rows={rows}
      extensions={extensions}
      currency={currency}
      bids={bid_count}
      reserve={knownReserve(terms)}
      isMet={reserve === "met"}
      isDown={kindOf(auction) === "reverse"}
    />
  );
}

type Known = {
  rows: readonly Row[];
  extensions: readonly Extension[];
  currency: string;
  bids: number;
  reserve: string | null;
  isMet: boolean;
  /** Whether the lowest price wins. */
  isDown: boolean;
};

/** Drawn anew when a bid came in, and not when the auction changed otherwise. */
const Chart = memo(function Chart({ rows, extensions, currency, bids, reserve, isMet, isDown }: Known) {
  const t = useTexts();
  const id = useId();
  const points = useMemo(() => pointsOf(rows.filter((row) => !row.withdrawn)), [rows]);
  const [first, last] = [points[0]?.row, points.at(-1)?.row];
  const isDrawn = first && last && first !== last;
  const label = [
    first &&
      last &&
      t.lot.chartLabel(money(first.price, currency), money(last.price, currency), t.common.bids(bids, count(bids))),
    extensions.length > 0 && t.lot.chartExtended(extensions.length),
    reserve && t.lot.chartReserve(money(reserve, currency)),
    isMet && t.lot.chartReserveMet,
  ]
    .filter(Boolean)
    .join("; ");
  return (
    <section aria-labelledby={`${id}-title`} className={styles.chart}>
      <h2 id={`${id}-title`}>{t.lot.chart}</h2>
      {isDrawn ? (
        <figure className={styles.figure}>
          <Fitted>
            {(width) => (
              <Drawing
                points={points}
                extensions={extensions}
                width={width}
                currency={currency}
                scale={scaleOf(last.price)}
                reserve={reserve}
                isDown={isDown}
                label={label}
                describedBy={`${id}-table`}
              />
            )}
          </Fitted>
          <Legend hasExtensions={extensions.length > 0} reserve={reserve && money(reserve, currency)} isMet={isMet} />
          <figcaption className={styles.caption}>
            <span id={`${id}-table`}>{t.lot.chartTable}.</span>{" "}
            <a
              href={`#${HISTORY}`}
              onClick={(event) => {
                event.preventDefault();
                goToHistory();
              }}
            >
              {t.lot.toTable}
            </a>
          </figcaption>
        </figure>
      ) : (
        <p className={styles.few}>{t.lot.tooFew}</p>
      )}
    </section>
  );
});

/** A box that is as wide as there is room, and what is drawn for that width. */
function Fitted({ children }: { children: (width: number) => ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  return (
    <div ref={box} className={styles.box}>
      {width > 0 && children(width)}
    </div>
  );
}

/** What the marks mean, in words. */
function Legend({ hasExtensions, reserve, isMet }: { hasExtensions: boolean; reserve: string | null; isMet: boolean }) {
  const t = useTexts();
  if (!hasExtensions && !reserve && !isMet) return null;
  return (
    <ul className={styles.legend}>
      {hasExtensions && (
        <li>
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 2V15" className={styles.extensionLine} />
            <path d="M4.500 1H11.500L8 6Z" className={styles.extensionFlag} />
          </svg>
          {t.lot.extensionMark}
        </li>
      )}
      {reserve && (
        <li>
          <svg width="24" height="16" viewBox="0 0 24 16" aria-hidden="true">
            <path d="M0 8H24" className={styles.reserveLine} />
          </svg>
          {t.lot.reserve(reserve)}
        </li>
      )}
      {isMet && (
        <li>
          {reserve ? (
            <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
              <circle cx="8" cy="8" r="5" className={styles.met} />
            </svg>
          ) : (
            <Icon name="check" size={16} />
          )}
          {t.common.reserve.met}
        </li>
      )}
    </ul>
  );
}
