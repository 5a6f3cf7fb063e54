/** The half in which one bids: the price, the time, where one stands, and the box. On phones it is a bar at the bottom. */
import { lazy, Suspense, useEffect, useId, useState } from "react";
import { useMe } from "../../../api/me";
import { useSession } from "../../../api/session";
import { Button } from "../../../design/button";
import { useTexts } from "../../../i18n";
import { isStock, kindOf } from "../../../live/format";
import type { LiveAuction } from "../../../live/use-auction";
import { Announcer } from "./announcer";
import { Banner } from "./banner";
import { Box } from "./box";
import { ClosingNote } from "./closing-note";
import { Confirmation } from "./confirmation";
import { ConnectionState } from "./connection";
import { Countdown } from "./countdown";
import { Messages } from "./messages";
import { NotBought } from "./not-bought";
import { Obstacle } from "./obstacle";
import type { Draft } from "./own-amount";
import styles from "./panel.module.css";
import { Fall, Price } from "./price";
import { mineOf } from "./rebid";
import { obstacleTo, standingOf } from "./standing";
import { termsOf } from "./terms";
import { useBidding } from "./use-bidding";
import { useBuying, useJoining } from "./use-errands";
import { standingBids, useOwnBids } from "./use-own-bids";

/** What most auctions do without is fetched where it is needed. */
const FormatBox = lazy(() => import("../formats/box"));
const TakeBack = lazy(() => import("../formats/take-back"));
const Purchased = lazy(() => import("../formats/purchased"));

export function Panel({ live, draft, change }: { live: LiveAuction; draft: Draft; change: (draft: Draft) => void }) {
  const t = useTexts();
  const { auction, connection, heardAt, pending, reply, you, extensions } = live;
  const { token } = useSession();
  const me = useMe();
  const joining = useJoining(live);
  const buying = useBuying(live);
  const bidding = useBidding(live, buying.run);
  const barred = useBarred(token, joining.code, reply?.result === "refused" ? reply.refusal.code : null);
  const [isOpen, setOpen] = useState(false);
  const rest = useId();
  const obstacle = obstacleTo(auction, { isSignedIn: token !== null, me, barred });
  const own = useOwnBids(live);
  const standing = standingOf({ ...live, own });
  const isEnglish = kindOf(auction) === "english";
  const isLive = connection === "live";
  const mayBid = obstacle === null && isLive;
  const isOver = auction.status === "ended" || auction.status === "cancelled";
  useCleared(draft, change, isTaken(reply), bidding.lastBy);

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
      <Announcer auction={auction} you={you} />
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
            {isOpen
              ? t.auction.box.close
              : obstacle !== null
                ? t.auction.box.details
                : isStock(auction)
                  ? t.formats.stock.open
                  : t.auction.box.open}
          </Button>
        </div>
      </div>
      <Fall auction={auction} />
      <ClosingNote auction={auction} />
      {standing && (
        <div className={styles.banner}>
          <Banner
            standing={standing}
            live={live}
            own={own}
            again={mayBid ? (amount) => bidding.wish({ kind: "price", amount, by: "again" }) : null}
            busy={pending.length > 0}
          />
        </div>
      )}
      <Messages
        pending={pending}
        reply={reply}
        auction={auction}
        isAtField={obstacle === null && reply?.result === "refused" && bidding.lastBy === "own"}
        instead={mayBid ? (kind, amount) => bidding.wish({ kind, amount, by: "own" }) : null}
        dismiss={live.dismiss}
      />
      {buying.failure && <NotBought auction={auction} code={buying.code} why={buying.failure} dismiss={buying.reset} />}
      {isStock(auction) && (
        <Suspense>
          <Purchased bought={buying.bought} currency={auction.currency} dismiss={buying.reset} />
        </Suspense>
      )}
      <div id={rest} className={styles.rest}>
        {obstacle === null && isEnglish && (
          <Box live={live} bidding={bidding} draft={draft} change={change} buying={buying.busy} />
        )}
        {obstacle === null && !isEnglish && (
          <Suspense>
            <FormatBox
              live={live}
              bidding={bidding}
              draft={draft}
              change={change}
              buying={buying.busy}
              own={standingBids(own)}
            />
          </Suspense>
        )}
        {obstacle !== null && (
          <Obstacle
            kind={obstacle}
            auction={auction}
            me={me}
            joining={{ join: joining.join, busy: joining.busy, failure: joining.failure }}
          />
        )}
        {obstacle === null && termsOf(auction).retraction?.kind === "allowed" && (
          <Suspense>
            <TakeBack live={live} own={standingBids(own)} isLive={isLive} />
          </Suspense>
        )}
      </div>
      {bidding.asked && (
        <Confirmation
          wish={bidding.asked}
          auction={auction}
          own={mineOf(you, own)}
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

function isTaken(reply: LiveAuction["reply"]): boolean {
  return reply?.result === "leading" || reply?.result === "outbid_at_once" || reply?.result === "received";
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
