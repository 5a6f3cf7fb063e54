/** How long is left, by the server's clock, and the exact end. Not a live region: the announcer says what matters. */
import { useTexts } from "../../../i18n";
import { clockTime, duration } from "../../../i18n/format";
import { useSecondsUntil } from "../../../live/ticker";
import type { Auction } from "../../../live/wire";
import { ExactTime } from "../../../lot/time-left";
import styles from "./countdown.module.css";

/** From how few seconds on the end is near. */
const SOON = 60;

type Times = Pick<Auction, "status" | "outcome" | "start_date_time" | "effective_end">;

/** A label and what is left; without one where nothing is counted. */
export function useCountdown(times: Times): { label: string | null; left: string; seconds: number | null } {
  const t = useTexts();
  const isBefore = times.status === "draft" || times.status === "scheduled";
  const seconds = useSecondsUntil(isBefore ? times.start_date_time : times.effective_end);
  const { time } = t.auction;
  const none = (left: string) => ({ label: null, left, seconds: null });
  switch (times.status) {
    case "draft":
    case "scheduled":
      return seconds > 0 ? { label: time.startsIn, left: duration(seconds), seconds: null } : none(time.starting);
    case "started":
      return seconds > 0 ? { label: time.endsIn, left: duration(seconds), seconds } : none(time.closing);
    case "paused":
      return none(time.paused);
    case "ended":
      return none(times.outcome ? time.ended : time.closing);
    case "cancelled":
      return none(time.cancelled);
  }
}

/** What is left, in a word or two. */
export function TimeLeftShort({ times }: { times: Times }) {
  const { label, left } = useCountdown(times);
  return (
    <span className="numbers">
      {label && <span className="hidden-visually">{label} </span>}
      {left}
    </span>
  );
}

export function Countdown({ times, extendedTo }: { times: Times; extendedTo: string | null }) {
  const t = useTexts();
  const { label, left, seconds } = useCountdown(times);
  const { time } = t.auction;
  const isBefore = times.status === "scheduled" || times.status === "draft";
  const endLabel = times.status === "ended" ? time.endedAt : times.status === "cancelled" ? time.wasToEnd : time.ends;
  return (
    <div className={styles.countdown}>
      <p className={styles.left} data-testid="countdown">
        {label && <span className={styles.label}>{label} </span>}
        <span className={`numbers ${styles.number} ${seconds !== null && seconds <= SOON ? styles.soon : ""}`}>
          {left}
        </span>
      </p>
      <dl className={styles.exact}>
        {isBefore && (
          <div>
            <dt>{time.starts}</dt>
            <dd>
              <ExactTime iso={times.start_date_time} />
            </dd>
          </div>
        )}
        <div>
          <dt>{endLabel}</dt>
          <dd>
            <ExactTime iso={times.effective_end} />
          </dd>
        </div>
      </dl>
      {extendedTo && <p className={styles.extended}>{time.extended(clockTime(extendedTo))}</p>}
    </div>
  );
}
