/** What one has won. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { useSession } from "../../api/session";
import { Button, ButtonLink } from "../../design/button";
import { Empty } from "../../design/notice";
import { useTexts } from "../../i18n";
import type { Catalogue } from "../../i18n/en";
import { count, day, exactTime, money } from "../../i18n/format";
import { isStock, unitsOf } from "../../live/format";
import type { WonAuction } from "../../live/wire";
import { FormatBadge } from "../../lot/format-badge";
import { Page } from "../../shell/page";
import { Failed, Waiting } from "./loading";
import { type Fact, LotList, LotRow } from "./lot-row";
import styles from "./my-auctions.module.css";
import { StandingBadge } from "./standing-badge";

const PAGE_SIZE = 20;

/** What is paid, and what for. */
function paid(lot: WonAuction, t: Catalogue): Fact[] {
  const sum = (amount: string) => money(amount, lot.currency);
  const { quantity, awards, winning_price, total_bids } = lot;
  if (unitsOf(lot) === 1 || quantity == null) {
    const price = { label: isStock(lot) ? t.watch.price : t.watch.hammer, value: sum(winning_price) };
    return isStock(lot) ? [price] : [price, { label: t.watch.total, value: count(total_bids) }];
  }
  const each = awards?.map(({ quantity: units, price }) => t.watch.times(count(units), sum(price))).join(", ");
  return [
    { label: t.watch.units, value: count(quantity) },
    ...(each ? [{ label: t.watch.each, value: each }] : []),
    { label: t.watch.sum, value: sum(winning_price) },
  ];
}

export default function WonPage() {
  const t = useTexts();
  const { token } = useSession();
  const list = useInfiniteQuery({
    queryKey: ["won", token],
    queryFn: async ({ pageParam }) => {
      const query = { page: pageParam, page_size: PAGE_SIZE };
      const page = await answered(api.GET("/api/auctions/won_auctions/", { params: { query } }));
      return page as { count: number; next?: string | null; results: WonAuction[] };
    },
    initialPageParam: 1,
    getNextPageParam: (last, _, page) => (last.next ? page + 1 : undefined),
    staleTime: 0,
  });
  const lots = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Page title={t.watch.wonTitle} lead={lots.length > 0 && t.watch.wonLead}>
      {list.isPending && <Waiting rows={3} />}
      {list.isError && lots.length === 0 && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && lots.length === 0 && (
        <Empty
          icon="star"
          title={t.watch.nothingWon}
          actions={
            <ButtonLink to="/my-auctions" look="primary">
              {t.watch.toMine}
            </ButtonLink>
          }
        >
          {t.watch.nothingWonMore}
        </Empty>
      )}
      {lots.length > 0 && (
        <section aria-label={t.watch.wonTitle} className={styles.group}>
          <h2 className="hidden-visually">{t.watch.wonList}</h2>
          <LotList>
            {lots.map((lot) => (
              <LotRow
                key={lot.id}
                lot={lot}
                to={`/auction/${lot.id}`}
                badges={
                  <>
                    <StandingBadge standing={isStock(lot) ? "bought" : "won"} />
                    <FormatBadge lot={lot} />
                  </>
                }
                facts={[
                  ...paid(lot, t),
                  {
                    label: t.watch.wonOn,
                    value: (
                      <time dateTime={lot.date_won} title={exactTime(lot.date_won)}>
                        {day(lot.date_won)}
                      </time>
                    ),
                  },
                  { label: t.watch.transaction, value: lot.transaction_id },
                ]}
              />
            ))}
          </LotList>
        </section>
      )}
      {list.hasNextPage && (
        <p className={styles.more}>
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t.common.more}
          </Button>
        </p>
      )}
    </Page>
  );
}
