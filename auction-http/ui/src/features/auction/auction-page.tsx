/** The page of an auction: the lot on one side, bidding on the other. */
import { useQuery } from "@tanstack/react-query";
import { lazy, memo, Suspense, useCallback, useEffect, useState } from "react";
import { useParams } from "react-router";
import { answered, api } from "../../api/client";
import { isStaff, useMe } from "../../api/me";
import { isProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { Button, ButtonLink } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { sentenceOf } from "../../i18n/problems";
import { hidesBids, isCandle, isStock } from "../../live/format";
import { useLiveAuction } from "../../live/use-auction";
import type { Auction, Row } from "../../live/wire";
import { StatusBadge } from "../../lot/status";
import { NotFound } from "../../shell/not-found";
import { Page } from "../../shell/page";
import styles from "./auction-page.module.css";
import { Facts } from "./bidding/facts";
import { EMPTY } from "./bidding/own-amount";
import { Panel } from "./bidding/panel";
import { Gallery } from "./lot/gallery";
import { History } from "./lot/history";
import { PriceChart } from "./lot/price-chart";

/** What few auctions need is fetched where it is. */
const Candle = lazy(() => import("./formats/candle"));
const Result = lazy(() => import("./formats/result"));
const Strike = lazy(() => import("./formats/strike"));

/** When a page that is still loading says so, in milliseconds. */
const SKELETON_AFTER = 200;

export default function AuctionPage() {
  const { id = "" } = useParams();
  return /^[1-9]\d{0,14}$/.test(id) ? <Fetched key={id} id={Number(id)} /> : <NotFound />;
}

function Fetched({ id }: { id: number }) {
  const t = useTexts();
  const { token } = useSession();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["auction", id],
    queryFn: () => answered(api.GET("/api/auctions/{id}/", { params: { path: { id } } })),
    refetchOnMount: "always",
    // A token that is no longer taken is not sent again: the second try is that of a visitor.
    retry: (tries, problem) => tries < 2 && isProblem(problem) && (problem.isPassing || problem.status === 401),
  });
  if (data) return <Room start={data} />;
  if (isProblem(error) && error.status === 404) return <NotFound />;
  if (isProblem(error) && error.status === 401) {
    return (
      <Page title={t.auction.bidding} narrow>
        <Notice
          actions={
            token === null && (
              <ButtonLink to={`/login?next=${encodeURIComponent(`/auction/${id}`)}`} look="primary">
                {t.auction.why.mend.signIn}
              </ButtonLink>
            )
          }
        >
          {t.auction.signInToSee}
        </Notice>
      </Page>
    );
  }
  if (error) {
    return (
      <Page title={t.auction.bidding} narrow>
        <Notice
          tone="bad"
          role="alert"
          actions={
            <Button busy={isFetching} onClick={() => void refetch()}>
              {t.common.retry}
            </Button>
          }
        >
          {t.common.failed} {sentenceOf(error, t)}
        </Notice>
      </Page>
    );
  }
  return <Skeleton />;
}

/** What stands here until the auction does, in its shape. */
function Skeleton() {
  const t = useTexts();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.skeleton} data-shown={isShown}>
      <p role="status" className="hidden-visually">
        {isShown ? t.common.loading : ""}
      </p>
      <div />
      <div />
    </div>
  );
}

function Room({ start }: { start: Auction }) {
  const t = useTexts();
  const live = useLiveAuction(start);
  const [draft, setDraft] = useState(EMPTY);
  const [struck, setStruck] = useState<Row | null>(null);
  const { auction, rows, hasOlder, older, extensions, awards } = live;
  const mayStrike = isStaff(useMe());
  const strike = useCallback((row: Row) => setStruck(row), []);
  return (
    <Page
      title={auction.title}
      lead={
        <span className={styles.lead}>
          <StatusBadge status={auction.status} />
          {t.auction.lotNumber(count(auction.id))}
        </span>
      }
    >
      <div className={styles.room}>
        <div className={styles.gallery}>
          <Gallery images={auction.images} thumbnails={auction.thumbnails} title={auction.title} />
        </div>
        <div className={styles.panel}>
          <Panel live={live} draft={draft} change={setDraft} />
        </div>
        <div className={styles.details}>
          <Description text={auction.description} />
          <section className={styles.part}>
            <h2>{t.auction.terms}</h2>
            <Facts auction={auction} />
          </section>
          <Suspense>
            {awards && <Result live={live} />}
            {isCandle(auction) && <Candle live={live} />}
          </Suspense>
          {!hidesBids(auction) && !isStock(auction) && (
            <PriceChart rows={rows} auction={auction} extensions={extensions} />
          )}
          <History
            rows={rows}
            hasOlder={hasOlder}
            older={older}
            auction={auction}
            extensions={extensions}
            strike={mayStrike ? strike : null}
          />
        </div>
      </div>
      {struck && (
        <Suspense>
          <Strike auction={auction} row={struck} onClose={() => setStruck(null)} />
        </Suspense>
      )}
    </Page>
  );
}

const Description = memo(function Description({ text }: { text: string }) {
  const t = useTexts();
  return (
    <section className={styles.part}>
      <h2>{t.auction.description}</h2>
      <p className={styles.text}>{text || t.auction.noDescription}</p>
    </section>
  );
});
