/** What was found: how much, in which order, and the cards. */
import { useEffect, useRef } from "react";
import { useNavigationType } from "react-router";
import { isProblem } from "../../api/problem";
import { announce } from "../../design/announce";
import { Button, ButtonLink } from "../../design/button";
import { useLate } from "../../design/late";
import { Empty } from "../../design/notice";
import { useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { GridSkeleton, LotGrid } from "../../lot/grid";
import { Failed } from "./failed";
import { type Filters, NO_FILTERS, ORDERS, writeFilters } from "./filters";
import { LiveNote } from "./live-note";
import { Pager } from "./pager";
import { pagesOf } from "./pages";
import styles from "./results.module.css";
import { useSteady } from "./steady";
import type { Change } from "./use-filters";
import { useAuctions } from "./use-lists";

const SKELETONS = 6;

export function Results({ filters, change }: { filters: Filters; change: Change }) {
  const t = useTexts();
  const { query, view } = useAuctions(filters);
  const { data, isPlaceholderData, isPaused } = query;
  const steady = useSteady(view, isPlaceholderData ? undefined : data);
  // The auctions that were looked for before stay until the others are there.
  const list = steady.list ?? data;
  const isFailed = query.isError && !list;
  const isLate = useLate((!list || isPlaceholderData) && !isFailed && !isPaused);
  const heading = useRef<HTMLHeadingElement>(null);
  const found = steady.list && t.browse.found(steady.list.count, count(steady.list.count));
  const pages = pagesOf(steady.list?.count ?? 0);
  const said = found && pages > 1 ? t.browse.foundPage(found, count(filters.page), count(pages)) : (found ?? null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each view, when it is there
  useEffect(() => {
    if (said !== null) announce(said);
  }, [view, said !== null]);
  usePageFocus(filters.page, heading);

  /** Does what a button asks for that goes away by it: the focus goes to what comes. */
  const passing = (what: () => void) => () => {
    heading.current?.focus();
    what();
  };
  const isBeyond = isProblem(query.error) && query.error.status === 404 && filters.page > 1;
  return (
    <section className={styles.results} aria-labelledby="found" aria-busy={isLate}>
      <div className={styles.head}>
        <div>
          <h2 id="found" ref={heading} tabIndex={-1} className={styles.found}>
            {found ?? (isLate && !list ? t.common.loading : t.browse.all)}
          </h2>
          <LiveNote />
        </div>
        <label className={styles.order}>
          <span>{t.browse.order}</span>
          <select
            value={filters.ordering}
            onChange={(event) => change({ ordering: event.target.value as Filters["ordering"] })}
          >
            {ORDERS.map((order) => (
              <option key={order} value={order}>
                {t.browse.orders[order]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className={styles.news}>
        {steady.isChanged && (
          <>
            <span>{t.browse.changed}</span>
            <Button size="small" onClick={passing(steady.adopt)}>
              {t.browse.update}
            </Button>
          </>
        )}
      </div>
      <div className={`${styles.list} ${isPlaceholderData && isLate ? styles.old : ""}`}>
        {!list && isLate && <GridSkeleton cards={SKELETONS} label={t.common.loading} />}
        {!list && isPaused && <p>{t.browse.offline}</p>}
        {isFailed && !isBeyond && <Failed error={query.error} retry={passing(() => void query.refetch())} />}
        {isFailed && isBeyond && <Beyond filters={filters} />}
        {list && list.rows.length > 0 && <LotGrid rows={list.rows} />}
        {steady.list?.rows.length === 0 && <None change={(next) => passing(() => change(next))()} filters={filters} />}
      </div>
      {steady.list && <Pager filters={filters} total={steady.list.count} />}
    </section>
  );
}

/** Who turns a page begins at its top. */
function usePageFocus(page: number, heading: React.RefObject<HTMLHeadingElement | null>) {
  const how = useNavigationType();
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    const isTurned = document.activeElement?.closest("nav") || document.activeElement === document.body;
    if (how === "PUSH" && isTurned) heading.current?.focus({ preventScroll: true });
  }, [page, how, heading]);
}

function None({ filters, change }: { filters: Filters; change: Change }) {
  const t = useTexts();
  const isFiltered = writeFilters({ ...filters, page: 1 }) !== "";
  return (
    <Empty
      icon="search"
      title={t.browse.noneTitle}
      actions={
        <>
          {isFiltered && (
            <Button look="primary" onClick={() => change(NO_FILTERS)}>
              {t.browse.clear}
            </Button>
          )}
          {filters.status === "open" && (
            <Button onClick={() => change({ status: "ended" })}>{t.browse.seeEnded}</Button>
          )}
        </>
      }
    >
      {t.browse.none}
    </Empty>
  );
}

function Beyond({ filters }: { filters: Filters }) {
  const t = useTexts();
  const first = { pathname: "/auctions", search: writeFilters({ ...filters, page: 1 }) };
  return (
    <Empty title={t.browse.noPageTitle} actions={<ButtonLink to={first}>{t.browse.firstPage}</ButtonLink>}>
      {t.browse.noPage}
    </Empty>
  );
}
