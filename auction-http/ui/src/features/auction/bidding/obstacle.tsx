/** Why somebody cannot bid, and what mends it. */
import { useLocation } from "react-router";
import type { Me } from "../../../api/me";
import { Button, ButtonLink } from "../../../design/button";
import { useTexts } from "../../../i18n";
import { dayAndTime } from "../../../i18n/format";
import type { Auction } from "../../../live/wire";
import styles from "./box.module.css";
import type { Obstacle as Kind } from "./standing";
import { termsOf } from "./terms";

export type Joining = { join: () => void; busy: boolean; failure: string | null };

export function Obstacle({
  kind,
  auction,
  me,
  joining,
}: {
  kind: Kind;
  auction: Auction;
  me: Me | null | undefined;
  joining: Joining;
}) {
  return (
    <div className={styles.why} data-obstacle={kind}>
      <p>{useReason(kind, auction)}</p>
      {joining.failure && (
        <p role="alert" className={styles.error}>
          {joining.failure}
        </p>
      )}
      <div className={styles.actions}>
        <Mending kind={kind} auction={auction} me={me} joining={joining} />
      </div>
    </div>
  );
}

function useReason(kind: Kind, auction: Auction): string {
  const { why } = useTexts().auction;
  const start = dayAndTime(auction.start_date_time);
  switch (kind) {
    case "not_joined":
      return auction.status === "scheduled" && termsOf(auction).join_until === "start"
        ? why.notJoinedEarly(start)
        : why.notJoined;
    case "join_closed":
      return why.joinClosed;
    case "scheduled":
      return why.scheduled(start);
    default:
      return why[kind];
  }
}

function Mending({
  kind,
  auction,
  me,
  joining,
}: {
  kind: Kind;
  auction: Auction;
  me: Me | null | undefined;
  joining: Joining;
}) {
  const { mend } = useTexts().auction.why;
  const { pathname } = useLocation();
  switch (kind) {
    case "visitor": {
      const next = encodeURIComponent(pathname);
      return (
        <>
          <ButtonLink to={`/login?next=${next}`} look="primary">
            {mend.signIn}
          </ButtonLink>
          <ButtonLink to={`/register?next=${next}`}>{mend.register}</ButtonLink>
        </>
      );
    }
    case "unverified": {
      const email = me ? `?email=${encodeURIComponent(me.email)}` : "";
      return (
        <ButtonLink to={`/verify-otp${email}`} look="primary">
          {mend.verify}
        </ButtonLink>
      );
    }
    case "not_joined":
      return (
        <Button look="primary" busy={joining.busy} onClick={joining.join}>
          {mend.join}
        </Button>
      );
    case "draft":
    case "own":
      return auction.is_seller ? (
        <>
          {(kind === "draft" || auction.status === "scheduled") && (
            <ButtonLink to={`/sell/${auction.id}`}>{mend.edit}</ButtonLink>
          )}
          <ButtonLink to="/sell">{mend.selling}</ButtonLink>
        </>
      ) : null;
    case "ended":
    case "cancelled":
    case "join_closed":
    case "banned":
      return <ButtonLink to="/auctions">{mend.others}</ButtonLink>;
    default:
      return null;
  }
}
