/** The bids of a lot, the newest first. */
import { memo, useCallback, useId, useMemo, useRef, useState } from "react";
import { announce } from "../../../design/announce";
import { Button } from "../../../design/button";
import { Notice } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { clockTime, count, dayAndTime, exactTime, money, utcTime } from "../../../i18n/format";
import type { Extension } from "../../../live/extensions";
import { hidesBids, isSealed, isStock, unitsOf } from "../../../live/format";
import type { Auction, Row } from "../../../live/wire";
import styles from "./history.module.css";

/** How many rows are drawn at first, and how many more each time. */
export const ROWS_FIRST = 50;
export const ROWS_MORE = 100;
/** How many rows there are before any may be left out. */
const ROWS_CUT = 1_000;
/** The id of the table's part of the page, for those who come from the chart. */
export const HISTORY = "bid-history";

export function goToHistory() {
  const part = document.getElementById(HISTORY);
  part?.scrollIntoView({ block: "start" });
  part?.focus({ preventScroll: true });
}

type Props = {
  rows: readonly Row[];
  hasOlder: boolean;
  older: () => Promise<void>;
  auction: Auction;
  extensions: readonly Extension[];
  /** Strikes a bid; `null` for whoever may not. */
  strike: ((row: Row) => void) | null;
};

export function History(props: Props) {
  const { rows, older, auction } = props;
  const t = useTexts();
  const title = useId();
  const isOver = auction.status === "ended" || auction.status === "cancelled";
  const texts = t.formats.history;
  return (
    <section id={HISTORY} tabIndex={-1} aria-labelledby={title} className={styles.history}>
      <h2 id={title}>{isStock(auction) ? texts.purchases : t.lot.history}</h2>
      {rows.length > 0 ? (
        <Table {...props} />
      ) : hidesBids(auction) ? (
        <div className={styles.empty}>
          <p>{!isSealed(auction) ? texts.ranked : isOver ? texts.sealedOver : texts.sealed}</p>
        </div>
      ) : isStock(auction) && auction.units_left === unitsOf(auction) ? (
        <div className={styles.empty}>
          <p>{texts.noPurchases}</p>
        </div>
      ) : auction.bid_count > 0 ? (
        <Waiting again={older} />
      ) : (
        <div className={styles.empty}>
          <p>{t.lot.noBids}</p>
          {auction.status === "started" && <p>{t.lot.noBidsOpen}</p>}
        </div>
      )}
    </section>
  );
}

function Table({ rows, hasOlder, older, auction, extensions, strike }: Props) {
  const t = useTexts();
  const [limit, setLimit] = useState(ROWS_FIRST);
  const [isBusy, setBusy] = useState(false);
  const [isFailed, setFailed] = useState(false);
  const ends = useMemo(() => endsOf(rows, extensions), [rows, extensions]);
  const shown = rows.length > limit ? rows.slice(0, limit) : rows;
  const hasMore = rows.length > limit || hasOlder;
  const mayStrike = strike !== null && (auction.status === "started" || auction.status === "paused");
  const found = isStock(auction)
    ? t.formats.history.found(rows.length, count(rows.length))
    : t.common.bids(auction.bid_count, count(auction.bid_count));
  const strikeOne = useLatest((version) => {
    const row = rows.find((found) => found.version === version);
    if (row) strike?.(row);
  });
  const days = dayOf(rows[0]) !== dayOf(rows.at(-1)) || dayOf(rows[0]) !== new Date().toDateString();

  const more = async () => {
    const next = limit + ROWS_MORE;
    setFailed(false);
    if (rows.length < next && hasOlder) {
      setBusy(true);
      try {
        await older();
      } catch {
        setFailed(true);
        return;
      } finally {
        setBusy(false);
      }
    }
    setLimit(next);
  };

  return (
    <>
      <div className={styles.frame}>
        <table className={styles.table}>
          <caption>{t.lot.historyCaption(found)}</caption>
          <thead>
            <tr>
              <th scope="col">{t.lot.time}</th>
              <th scope="col">{isStock(auction) ? t.formats.history.buyer : t.lot.bidder}</th>
              <th scope="col" className={styles.amount}>
                {isStock(auction) ? t.formats.result.each : t.lot.amount}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Line
                key={row.version}
                user={row.user}
                price={row.price}
                at={row.at}
                isAutomatic={row.kind === "auto"}
                isYou={row.is_you === true}
                hasDay={days}
                currency={auction.currency}
                end={ends.get(row.version)}
                version={row.version}
                quantity={row.kind === "buy" ? (row.quantity ?? 1) : undefined}
                isWithdrawn={row.withdrawn === true}
                strike={mayStrike && isBid(row) && !row.withdrawn ? strikeOne : undefined}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown.some((row) => row.kind === "auto") && <p className={styles.note}>{t.lot.automaticMeans}</p>}
      {shown.some((row) => row.withdrawn) && <p className={styles.note}>{t.formats.history.withdrawnMeans}</p>}
      {isFailed && (
        <Notice tone="bad" role="alert">
          {t.lot.olderFailed}
        </Notice>
      )}
      {hasMore && (
        <div>
          <Button
            busy={isBusy}
            onClick={() => {
              void more().then(() => announce(t.lot.shown(count(limit + ROWS_MORE))));
            }}
          >
            {t.common.more}
          </Button>
        </div>
      )}
      {!hasMore && isCut(rows, auction) && <p className={styles.note}>{t.lot.newest(count(rows.length))}</p>}
    </>
  );
}

type LineProps = {
  user: string;
  price: string;
  at: string;
  isAutomatic: boolean;
  isYou: boolean;
  /** Whether the time needs its day. */
  hasDay: boolean;
  currency: string;
  /** Until when the bid extended the auction. */
  end: string | undefined;
  version: number;
  /** How many units were bought. */
  quantity: number | undefined;
  isWithdrawn: boolean;
  strike: ((version: number) => void) | undefined;
};

/** One bid. It takes plain values, so that it is drawn once however often the rows are put together anew. */
const Line = memo(function Line(props: LineProps) {
  const { user, price, at, isAutomatic, isYou, hasDay, currency, end, version, quantity, isWithdrawn, strike } = props;
  const t = useTexts();
  const texts = t.formats.history;
  return (
    <tr className={isYou ? styles.yours : undefined} data-withdrawn={isWithdrawn || undefined}>
      <td className={styles.when}>
        <time dateTime={at} title={`${exactTime(at)} · ${utcTime(at)}`}>
          {hasDay ? dayAndTime(at) : clockTime(at)}
        </time>
      </td>
      <th scope="row" className={styles.bidder}>
        {user}
        {isYou && <span className={styles.you}> ({t.lot.you})</span>}
        {isAutomatic && (
          <>
            {" "}
            <span className={styles.automatic}>{t.lot.automatic}</span>
          </>
        )}
        {quantity !== undefined && (
          <>
            {" "}
            <span className={styles.automatic}>{texts.bought(t.common.units(quantity, count(quantity)))}</span>
          </>
        )}
        {isWithdrawn && (
          <>
            {" "}
            <span className={styles.automatic}>{texts.withdrawn}</span>
          </>
        )}
        {end && <span className={styles.end}>{t.lot.extended(clockTime(end))}</span>}
      </th>
      <td className={styles.amount}>
        {isWithdrawn ? <s>{money(price, currency)}</s> : money(price, currency)}
        {strike && (
          <span className={styles.strike}>
            <Button
              size="small"
              look="quiet"
              aria-label={texts.strikeOf(money(price, currency), user)}
              onClick={() => strike(version)}
            >
              {texts.strike}
            </Button>
          </span>
        )}
      </td>
    </tr>
  );
});

/** A row that somebody bid: what a maximum answered goes with it. */
function isBid({ kind }: Row): boolean {
  return kind === "straight" || kind === "max";
}

/** The same function always, which does what the newest does. */
function useLatest(act: (version: number) => void): (version: number) => void {
  const newest = useRef(act);
  newest.current = act;
  return useCallback((version: number) => newest.current(version), []);
}

/** There are bids, which are not here yet. */
function Waiting({ again }: { again: () => Promise<void> }) {
  const t = useTexts();
  return (
    <div className={styles.waiting}>
      <p>{t.common.loading}</p>
      <div className={styles.late}>
        <Button onClick={() => void again().catch(() => announce(t.lot.olderFailed))}>{t.common.retry}</Button>
      </div>
    </div>
  );
}

/** Whether the oldest rows of a very long history are left out. */
function isCut(rows: readonly Row[], auction: Auction): boolean {
  return rows.length >= ROWS_CUT && rows.filter((row) => row.kind !== "auto").length < auction.bid_count;
}

function dayOf(row: Row | undefined): string {
  return row ? new Date(row.at).toDateString() : "";
}

/** Which row moved the end, and to when: the newest that is not newer than the extension. */
function endsOf(rows: readonly Row[], extensions: readonly Extension[]): Map<number, string> {
  const ends = new Map<number, string>();
  let index = 0;
  for (const extension of extensions.toReversed()) {
    while ((rows[index]?.version ?? 0) > extension.version) index += 1;
    const row = rows[index];
    if (row && !ends.has(row.version)) ends.set(row.version, extension.ends_at);
  }
  return ends;
}
