/** One's own auctions, by where they stand. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { answered, api } from "../../api/client";
import { isStaff, useMe } from "../../api/me";
import { useSession } from "../../api/session";
import { announce } from "../../design/announce";
import { ButtonLink } from "../../design/button";
import { Empty, Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import type { Auction, Status } from "../../live/wire";
import { Page } from "../../shell/page";
import { Failed, Waiting } from "../watch/loading";
import { LotList } from "../watch/lot-row";
import { useLotsFeed } from "../watch/use-lots-feed";
import type { Action } from "./actions";
import { Become, maySell } from "./become";
import { Confirm } from "./confirm";
import { OwnLot } from "./own-lot";
import styles from "./selling.module.css";

const GROUPS = {
  started: ["started", "paused"],
  draft: ["draft"],
  scheduled: ["scheduled"],
  ended: ["ended"],
  cancelled: ["cancelled"],
} as const satisfies Record<string, readonly Status[]>;

type Published = { id: number; title: string; status: Status };

export default function SellingPage() {
  const t = useTexts();
  const me = useMe();
  const sells = me ? maySell(me) : undefined;
  return (
    <Page
      title={t.sell.title}
      lead={sells && t.sell.lead}
      actions={
        sells && (
          <ButtonLink to="/sell/new" look="primary">
            {t.sell.add}
          </ButtonLink>
        )
      }
    >
      {sells === undefined && <Waiting rows={3} />}
      {sells === false && <Become />}
      {sells && <OwnAuctions isStaff={isStaff(me)} />}
    </Page>
  );
}

function OwnAuctions({ isStaff }: { isStaff: boolean }) {
  const t = useTexts();
  const { token } = useSession();
  const published = (useLocation().state as { published?: Published } | null)?.published;
  const [asked, setAsked] = useState<{ lot: Auction; action: Action } | null>(null);
  const list = useQuery({
    queryKey: ["selling", token],
    queryFn: async () => {
      const query = { scope: "selling", ordering: "-created_at" };
      return (await answered(api.GET("/api/auctions/", { params: { query } }))) as Auction[];
    },
    staleTime: 0,
  });
  const lots = useLotsFeed(list.data ?? [], () => void list.refetch());
  // What opens at once may have been published a moment early: two clocks are never quite the same.
  const isOpen = (lots.find(({ id }) => id === published?.id) ?? published)?.status === "started";

  async function done(lot: Auction, action: Action) {
    setAsked(null);
    announce(t.sell.done[action](lot.title));
    await list.refetch();
    // Its buttons are others now, or it is gone.
    const link = document.querySelector<HTMLElement>(`#own-${lot.id} h3 a`) ?? document.querySelector("h1");
    link?.focus();
  }

  if (list.isError && !list.data) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting rows={3} />;
  return (
    <>
      {published && (
        <Notice tone="good" role="status" actions={<Link to={`/auction/${published.id}`}>{t.sell.seeLot}</Link>}>
          {isOpen ? t.sell.opened(published.title) : t.sell.published(published.title)}
        </Notice>
      )}
      {lots.length === 0 && (
        <Empty
          title={t.sell.empty}
          actions={
            <ButtonLink to="/sell/new" look="primary">
              {t.sell.add}
            </ButtonLink>
          }
        >
          {t.sell.emptyMore}
        </Empty>
      )}
      {Object.entries(GROUPS).map(([group, statuses]) => {
        const own = lots.filter(({ status }) => (statuses as readonly Status[]).includes(status));
        if (own.length === 0) return null;
        return (
          <section key={group} className={styles.group} aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{t.sell.groups[group as keyof typeof GROUPS]}</h2>
            <LotList>
              {own.map((lot) => (
                <OwnLot key={lot.id} lot={lot} isStaff={isStaff} act={(action) => setAsked({ lot, action })} />
              ))}
            </LotList>
          </section>
        );
      })}
      {asked && <Confirm {...asked} onClose={() => setAsked(null)} done={() => void done(asked.lot, asked.action)} />}
    </>
  );
}
