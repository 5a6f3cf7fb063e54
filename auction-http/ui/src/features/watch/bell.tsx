/** The bell in the header: how many notices are unread, said when one comes, and the newest ones in a popover. */
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { announce } from "../../design/announce";
import { Icon } from "../../design/icon";
import { texts, useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { type NoticeRow, useNoticeFeed, useUnread } from "../../live/use-notices";
import styles from "./bell.module.css";
import { Gatherer } from "./gather";
import { wordsOf } from "./words";

const Newest = lazy(() => import("./newest"));

/** The highest number that the badge shows. */
const BADGE_MAX = 99;

function say(notices: NoticeRow[]) {
  const last = notices.at(-1);
  const t = texts();
  if (last) announce(t.watch.arrived(notices.length, wordsOf(last, t).sentence));
}

export function Bell() {
  const t = useTexts();
  const unread = useUnread() ?? 0;
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  const [gatherer] = useState(() => new Gatherer(say));
  useNoticeFeed((notice) => gatherer.add(notice));
  useEffect(() => () => gatherer.stop(), [gatherer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes whenever one goes somewhere
  useEffect(() => {
    if (panel.current?.matches(":popover-open")) panel.current.hidePopover();
  }, [pathname]);
  return (
    <>
      <button type="button" popoverTarget="notices" className={styles.bell}>
        <Icon name="bell" size={22} />
        <span className="hidden-visually">{t.shell.notifications(unread)}</span>
        {unread > 0 && (
          <span className={styles.badge} aria-hidden="true">
            {unread > BADGE_MAX ? `${count(BADGE_MAX)}+` : count(unread)}
          </span>
        )}
      </button>
      <div
        id="notices"
        ref={panel}
        popover="auto"
        role="dialog"
        aria-label={t.watch.newest}
        className={styles.panel}
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        <Suspense fallback={<div className={styles.waiting} />}>{isOpen && <Newest />}</Suspense>
      </div>
    </>
  );
}
