/** The half in which one bids: the price, the time, where one stands, and the box. On phones it is a bar at the bottom. */
import { useEffect, useId, useState } from "react";
import { useMe } from "../../../api/me";
import { useSession } from "../../../api/session";
import { Button } from "../../../design/button";
import { Notice } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { count, money } from "../../../i18n/format";
import type { LiveAuction } from "../../../live/use-auction";
import { Announcer } from "./announcer";
import { Banner } from "./banner";
import { Box } from "./box";
import { Confirmation } from "./confirmation";
import { ConnectionState } from "./connection";
import { Countdown } from "./countdown";
import { Messages } from "./messages";
import { Obstacle } from "./obstacle";
import type { Draft } from "./own-amount";
import styles from "./panel.module.css";
import { obstacleTo, standingOf } from "./standing";
import { useBidding } from "./use-bidding";
import { useBuying, useJoining } from "./use-errands";

export function Panel({ live, draft, change }: { live: LiveAuction; draft: Draft; change: (draft: Draft) => void }) {
  const t = useTexts();
  const { auction, connection, heardAt, pending, reply, you, extensions } = live;
  const { currency } = auction;
  const { token } = useSession();
  const me = useMe();
  const joining = useJoining(live);
  const buying = useBuying(live);
  const bidding = useBidding(live, buying.buy);
  const barred = useBarred(token, joining.code, reply?.result === "refused" ? reply.refusal.code : null);
  const [isOpen, setOpen] = useState(false);
  const rest = useId();
  const obstacle = obstacleTo(auction, { isSignedIn: token !== null, me, barred });
  const standing = standingOf(live);
  const isLive = connection === "live";
  const mayBid = obstacle === null && isLive;
  const isOver = auction.status === "ended" || auction.status === "cancelled";
  useCleared(draft, change, reply?.result === "leading" || reply?.result === "outbid_at_once", bidding.lastBy);

  return (
    <aside
      className={styles.panel}
      aria-label={t.auction.bidding}
      data-open={isOpen}
      // What takes the focus elsewhere is not covered by it.
      onBlur={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape" && isOpen && bidding.asked === null) setOpen(false);
      }}
    >
      <Announcer auction={auction} />
      <h2 className="hidden-visually">{t.auction.bidding}</h2>
      <div className={styles.summary}>
        <Price auction={auction} />
        <Countdown times={auction} extendedTo={isOver ? null : (extensions.at(-1)?.ends_at ?? null)} />
        <div className={styles.connection}>
          <ConnectionState connection={connection} heardAt={heardAt} />
        </div>
        <div className={styles.expander}>
          <Button
            look={isOpen ? "secondary" : "primary"}
            aria-expanded={isOpen}
            aria-controls={rest}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? t.auction.box.close : obstacle === null ? t.auction.box.open : t.auction.box.details}
          </Button>
        </div>
      </div>
      {standing && (
        <div className={styles.banner}>
          <Banner
            standing={standing}
            auction={auction}
            you={you}
            again={mayBid ? (amount) => bidding.wish({ kind: "price", amount, by: "again" }) : null}
            busy={pending.length > 0}
          />
        </div>
      )}
      <Messages
        pending={pending}
        reply={reply}
        currency={currency}
        isAtField={obstacle === null && reply?.result === "refused" && bidding.lastBy === "own"}
        instead={mayBid ? (kind, amount) => bidding.wish({ kind, amount, by: "own" }) : null}
        dismiss={live.dismiss}
      />
      {buying.failure && (
        <Notice tone="bad" role="alert">
          {t.auction.buy.failed(buying.failure)}
        </Notice>
      )}
      <div id={rest} className={styles.rest}>
        {obstacle === null ? (
          <Box live={live} bidding={bidding} draft={draft} change={change} buying={buying.busy} />
        ) : (
          <Obstacle
            kind={obstacle}
            auction={auction}
            me={me}
            joining={{ join: joining.join, busy: joining.busy, failure: joining.failure }}
          />
        )}
      </div>
      {bidding.asked && (
        <Confirmation
          wish={bidding.asked}
          auction={auction}
          obstacle={
            obstacle !== null
              ? t.auction.refusals[refusalOf(auction.status)]
              : isLive
                ? null
                : t.auction.why[connection]
          }
          confirm={bidding.confirm}
          cancel={bidding.cancel}
        />
      )}
    </aside>
  );
}

function Price({ auction }: { auction: LiveAuction["auction"] }) {
  const t = useTexts();
  const { current_price, bid_count, currency, reserve, status, outcome } = auction;
  const label =
    status === "ended" && outcome?.price
      ? t.auction.price.sold
      : bid_count === 0
        ? t.auction.price.starting
        : status === "ended"
          ? t.auction.price.final
          : t.auction.price.current;
  return (
    <div className={styles.price}>
      <p className={styles.label}>{label}</p>
      <p className={`numbers ${styles.amount}`} data-testid="price">
        {money(current_price, currency)}
      </p>
      <p className={styles.meta}>
        <span data-testid="bid-count">{t.common.bids(bid_count, count(bid_count))}</span>
        {" · "}
        <span>{t.common.reserve[reserve]}</span>
      </p>
    </div>
  );
}

/** What the house said to somebody whom it lets neither join nor bid; forgotten with the session. */
function useBarred(token: string | null, ...codes: (string | null)[]): string | null {
  const [barred, setBarred] = useState<{ token: string | null; code: string } | null>(null);
  const code = codes.find((found) => found === "account_banned" || found === "account_not_verified") ?? null;
  useEffect(() => {
    if (code) setBarred({ token, code });
  }, [code, token]);
  return barred?.token === token ? barred.code : null;
}

/** An amount that was taken is not left standing in the field. */
function useCleared(draft: Draft, change: (draft: Draft) => void, isTaken: boolean, by: string | null) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is taken
  useEffect(() => {
    if (isTaken && by === "own" && draft.text) change({ ...draft, text: "" });
  }, [isTaken]);
}

/** Why what is asked about cannot be handed in any more. */
function refusalOf(status: string): "paused" | "cancelled" | "not_participant" | "ended" {
  return status === "paused" || status === "cancelled" ? status : status === "ended" ? "ended" : "not_participant";
}
