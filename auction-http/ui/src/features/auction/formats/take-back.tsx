/** Taking one's own bids back, as long as the terms allow it. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { announce } from "../../../design/announce";
import { Button } from "../../../design/button";
import { Dialog } from "../../../design/dialog";
import { TextField } from "../../../design/field";
import { Notice } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { count, lengthOf } from "../../../i18n/format";
import { useAtServerTime } from "../../../live/ticker";
import type { LiveAuction } from "../../../live/use-auction";
import type { OwnBid } from "../../../live/wire";
import { termsOf } from "../bidding/terms";
import { useTakingBack } from "../bidding/use-errands";
import styles from "./formats.module.css";
import { REASON_CHARS_MAX } from "./reason";
import { type Reach, reachOf } from "./retraction";

export default function TakeBack({
  live,
  own,
  isLive,
}: {
  live: LiveAuction;
  /** One's own bids that count. */
  own: readonly OwnBid[];
  isLive: boolean;
}) {
  const t = useTexts();
  const { auction } = live;
  const [isOpen, setOpen] = useState(false);
  const kind = useAtServerTime((now) => reachOf(auction, own, now)?.kind ?? null);
  const bids = useAtServerTime((now) => reachOf(auction, own, now)?.bids ?? 0);
  if (kind === null) return null;
  return (
    <div>
      <Button look="quiet" size="small" aria-disabled={!isLive || undefined} onClick={() => setOpen(true)}>
        {t.formats.takeBack.open(bids)}
      </Button>
      {isOpen && <Ask live={live} reach={{ kind, bids }} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Ask({ live, reach, onClose }: { live: LiveAuction; reach: Reach; onClose: () => void }) {
  const t = useTexts();
  const { takeBack } = t.formats;
  const [reason, setReason] = useState("");
  const queries = useQueryClient();
  const { run, busy, failure } = useTakingBack(live);
  const { retraction } = termsOf(live.auction);
  const grace = retraction?.kind === "allowed" ? lengthOf(retraction.grace_s) : "";
  const shown = count(reach.bids);
  const take = () =>
    run(reason.trim(), {
      onSuccess: () => {
        announce(takeBack.done);
        void queries.invalidateQueries({ queryKey: ["bids"] });
        onClose();
      },
    });
  return (
    <Dialog title={takeBack.title} onClose={onClose}>
      <div className={styles.dialog}>
        <p>
          <strong>
            {reach.kind === "all" ? takeBack.all(reach.bids, shown) : takeBack.recent(reach.bids, shown, grace)}
          </strong>
        </p>
        <p>{takeBack.means}</p>
        <TextField
          label={takeBack.reason}
          hint={takeBack.reasonHint}
          optional
          maxLength={REASON_CHARS_MAX}
          autoComplete="off"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {failure && (
          <Notice tone="bad" role="alert">
            {failure}
          </Notice>
        )}
        <div className={styles.actions}>
          <Button look="danger" busy={busy} onClick={take}>
            {takeBack.confirm}
          </Button>
          <Button onClick={onClose}>{takeBack.keep}</Button>
        </div>
      </div>
    </Dialog>
  );
}
