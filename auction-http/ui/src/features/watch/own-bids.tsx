/** One's own bids, by how one stands, page by page. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useSearchParams } from "react-router";
import { answered, api } from "../../api/client";
import type { operations } from "../../api/schema";
import { useSession } from "../../api/session";
import { announce } from "../../design/announce";
import { ButtonLink } from "../../design/button";
import { Select } from "../../design/field";
import { Empty } from "../../design/notice";
import { useTexts } from "../../i18n";
import { typed } from "../../i18n/amount";
import { count, dayAndTime, money } from "../../i18n/format";
import type { OwnBid, OwnState } from "../../live/wire";
import { Failed, Waiting } from "./loading";
import styles from "./my-auctions.module.css";
import { joinedQuery } from "./queries";
import type { Standing } from "./standing";
import { StandingBadge } from "./standing-badge";

const PAGE_SIZE = 20;
const STATES: readonly OwnState[] = ["leading", "outbid", "sealed", "won", "lost"];
/** The states that the described call knows. */
type Known = NonNullable<NonNullable<operations["list_own_bids"]["parameters"]["query"]>["state"]>;

function addressOf(state: OwnState | null, page: number): string {
  const params = new URLSearchParams({ view: "bids" });
  if (state) params.set("state", state);
  if (page > 1) params.set("page", String(page));
  return `?${params}`;
}

export function OwnBids() {
  const t = useTexts();
  const { token } = useSession();
  const [params, setParams] = useSearchParams();
  const state = STATES.find((known) => known === params.get("state")) ?? null;
  const page = Math.max(1, Math.trunc(Number(params.get("page"))) || 1);
  const list = useQuery({
    queryKey: ["bids", token, "page", state, page],
    queryFn: async () => {
      const query = { page, page_size: PAGE_SIZE, ...(state && { state: state as Known }) };
      return (await answered(api.GET("/api/bids/", { params: { query } }))) as { count: number; results: OwnBid[] };
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  // Rows do not say in which currency they are; their auctions do.
  const joined = useQuery(joinedQuery(token)).data;
  const found = list.data?.count;
  const isOld = list.isPlaceholderData;
  useEffect(() => {
    if (found !== undefined && !isOld) announce(t.watch.bidsFound(found, count(found)));
  }, [found, isOld, t]);

  const rows = list.data?.results ?? [];
  const shown = (amount: string, auction: number) => {
    const currency = joined?.find(({ id }) => id === auction)?.currency;
    return currency ? money(amount, currency) : typed(amount);
  };
  return (
    <>
      <div className={styles.filters}>
        <Select
          label={t.watch.state}
          value={state ?? ""}
          onChange={(event) => {
            const chosen = STATES.find((known) => known === event.target.value) ?? null;
            setParams(addressOf(chosen, 1));
          }}
        >
          <option value="">{t.watch.anyState}</option>
          {STATES.map((name) => (
            <option key={name} value={name}>
              {t.watch.states[name]}
            </option>
          ))}
        </Select>
        {found !== undefined && found > 0 && <p className={styles.found}>{t.watch.bidsFound(found, count(found))}</p>}
      </div>
      {list.isPending && <Waiting rows={5} />}
      {list.isError && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <Nothing isFiltered={state !== null} />}
      {rows.length > 0 && (
        <ul className={styles.bids}>
          {rows.map((bid) => (
            // Sealed bids are counted in each auction by themselves.
            <li key={`${bid.auction} ${bid.kind} ${bid.id}`} className={styles.bid}>
              <Link to={`/auction/${bid.auction}/bidding`}>{bid.title}</Link>
              <StandingBadge standing={badgeOf(bid)} />
              <dl className="numbers">
                <div>
                  <dt>{bid.kind === "buy" ? t.watch.columns.bought : t.watch.columns.bid}</dt>
                  <dd>
                    {bid.quantity != null && bid.quantity > 1
                      ? t.watch.times(count(bid.quantity), shown(bid.price, bid.auction))
                      : shown(bid.price, bid.auction)}
                  </dd>
                </div>
                {bid.max && bid.kind !== "sealed" && bid.kind !== "buy" && (
                  <div>
                    <dt>{t.watch.columns.max}</dt>
                    <dd>{shown(bid.max, bid.auction)}</dd>
                  </div>
                )}
                <div>
                  <dt>{t.watch.columns.at}</dt>
                  <dd>
                    <time dateTime={bid.at}>{dayAndTime(bid.at)}</time>
                  </dd>
                </div>
              </dl>
            </li>
          ))}
        </ul>
      )}
      {found !== undefined && found > PAGE_SIZE && (
        <nav className={styles.pages} aria-label={t.watch.pages}>
          {page > 1 && <ButtonLink to={addressOf(state, page - 1)}>{t.watch.newer}</ButtonLink>}
          {page * PAGE_SIZE < found && <ButtonLink to={addressOf(state, page + 1)}>{t.watch.older}</ButtonLink>}
        </nav>
      )}
    </>
  );
}

/** What is bought is bought, and what was taken back stands nowhere. */
function badgeOf({ kind, state, withdrawn }: OwnBid): Standing {
  if (withdrawn) return "withdrawn";
  return kind === "buy" ? "bought" : state;
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const t = useTexts();
  const actions = isFiltered ? (
    <ButtonLink to="?view=bids">{t.watch.anyState}</ButtonLink>
  ) : (
    <ButtonLink to="/auctions" look="primary">
      {t.watch.browse}
    </ButtonLink>
  );
  return (
    <Empty title={isFiltered ? t.watch.noBidsInState : t.watch.noBids} actions={actions}>
      {isFiltered ? null : t.watch.noBidsMore}
    </Empty>
  );
}
