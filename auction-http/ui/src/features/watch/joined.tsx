/** The auctions that one has joined: those that are open, then those to come, then those that are over. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../../api/session";
import { Button, ButtonLink } from "../../design/button";
import { Empty } from "../../design/notice";
import { useTexts } from "../../i18n";
import { count, money } from "../../i18n/format";
import { isStock, tellsCount } from "../../live/format";
import { usePrice } from "../../live/use-price";
import type { Auction } from "../../live/wire";
import { FormatBadge } from "../../lot/format-badge";
import { StatusBadge } from "../../lot/status";
import { TimeLeft } from "../../lot/time-left";
import { Failed, Waiting } from "./loading";
import { LotList, LotRow } from "./lot-row";
import styles from "./my-auctions.module.css";
import { joinedQuery, statesQuery } from "./queries";
import { GROUPS, type Group, groupOf, type Standing, standingOf } from "./standing";
import { StandingBadge } from "./standing-badge";
import { useLotsFeed } from "./use-lots-feed";

/** How many of a group are shown at first, and more at each time of asking. */
const STEP = 20;

export function Joined() {
  const t = useTexts();
  const { token } = useSession();
  const list = useQuery(joinedQuery(token));
  const bids = useQuery(statesQuery(token));
  const lots = useLotsFeed(list.data ?? [], () => {
    void list.refetch();
    void bids.refetch();
  });
  if (list.isError && !list.data) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting rows={4} />;
  if (lots.length === 0) {
    return (
      <Empty
        title={t.watch.nothingJoined}
        actions={
          <ButtonLink to="/auctions" look="primary">
            {t.watch.browse}
          </ButtonLink>
        }
      >
        {t.watch.nothingJoinedMore}
      </Empty>
    );
  }
  const standing = (lot: Auction) =>
    bids.data ? standingOf(lot, bids.data.states, bids.data.isWhole) : lot.leading ? "leading" : null;
  return GROUPS.map((group) => (
    <Part key={group} group={group} lots={lots.filter((lot) => groupOf(lot) === group)} standing={standing} />
  ));
}

function Part({
  group,
  lots,
  standing,
}: {
  group: Group;
  lots: Auction[];
  standing: (lot: Auction) => Standing | null;
}) {
  const t = useTexts();
  const [shown, setShown] = useState(STEP);
  if (lots.length === 0 && !t.watch.none[group]) return null;
  return (
    <section className={styles.group} aria-labelledby={`group-${group}`}>
      <h2 id={`group-${group}`}>{t.watch.groups[group]}</h2>
      {lots.length === 0 && <p>{t.watch.none[group]}</p>}
      {lots.length > 0 && (
        <LotList>
          {lots.slice(0, shown).map((lot) => (
            <JoinedLot key={lot.id} lot={lot} standing={standing(lot)} />
          ))}
        </LotList>
      )}
      {lots.length > shown && (
        <p className={styles.more}>
          <Button onClick={() => setShown(shown + STEP)}>{t.common.more}</Button>
        </p>
      )}
    </section>
  );
}

function JoinedLot({ lot, standing }: { lot: Auction; standing: Standing | null }) {
  const t = useTexts();
  const isOpen = lot.status === "started";
  const isSold = lot.outcome?.price != null;
  const now = usePrice(lot);
  const units = lot.outcome?.units;
  const price = units
    ? t.common.units(units, count(units))
    : lot.status === "ended" && !isSold
      ? t.watch.unsold
      : money(lot.outcome?.price ?? now, lot.currency);
  const isStocked = isStock(lot);
  const toAct = isStocked ? t.watch.toBuyOf(lot.title) : t.watch.toBidOn(lot.title);
  return (
    <LotRow
      lot={lot}
      to={isOpen ? `/auction/${lot.id}/bidding` : `/auction/${lot.id}`}
      badges={
        <>
          <StatusBadge status={lot.status} />
          <FormatBadge lot={lot} />
          {standing && <StandingBadge standing={standing} />}
        </>
      }
      facts={[
        { label: lot.status === "ended" ? t.watch.hammer : t.watch.price, value: price },
        isStocked
          ? { label: t.watch.units, value: count(lot.units_left ?? 0) }
          : {
              label: t.watch.total,
              value: tellsCount(lot) || lot.status === "ended" ? count(lot.bid_count) : t.common.sealed,
            },
        { label: t.watch.time, value: <TimeLeft {...lot} /> },
      ]}
      actions={
        isOpen &&
        !lot.leading && (
          <ButtonLink
            to={`/auction/${lot.id}/bidding`}
            look={standing === "outbid" ? "primary" : "secondary"}
            aria-label={toAct}
          >
            {isStocked ? t.watch.toBuy : t.watch.toBid}
          </ButtonLink>
        )
      }
    />
  );
}
