/** How long is left, by the server's clock. Not a live region: pages announce what matters. */
import { useTexts } from "../i18n";
import { dayAndTime, duration, exactTime, utcTime } from "../i18n/format";
import { useSecondsUntil } from "../live/ticker";
import type { Status } from "../live/wire";

type Times = { status: Status; start_date_time: string; effective_end: string };

/** A sentence about the time of an auction. */
export function useTimeText({ status, start_date_time, effective_end }: Times): string {
  const t = useTexts();
  const left = useSecondsUntil(status === "scheduled" ? start_date_time : effective_end);
  switch (status) {
    case "draft":
      return dayAndTime(start_date_time);
    case "scheduled":
      return left > 0 ? t.common.time.startsIn(duration(left)) : t.common.time.starting;
    case "started":
      return left > 0 ? t.common.time.endsIn(duration(left)) : t.common.time.closing;
    case "paused":
      return t.common.status.paused;
    case "ended":
      // What was bought at once, or closed early, ended before its end, and it is not said when.
      if (left > 0) return t.common.status.ended;
      return t.common.time.ended(dayAndTime(effective_end));
    case "cancelled":
      return t.common.status.cancelled;
  }
}

/** The same, in a line that does not move as its digits change. */
export function TimeLeft(times: Times) {
  return <span className="numbers">{useTimeText(times)}</span>;
}

/** An exact time with its zone; in UTC where one points at it. */
export function ExactTime({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={utcTime(iso)}>
      {exactTime(iso)}
    </time>
  );
}
