/** A notice in a list: what happened, when, and whether one has seen it. It counts as read once it is followed. */
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Icon, type IconName } from "../../design/icon";
import { useTexts } from "../../i18n";
import { dayAndTime, exactTime } from "../../i18n/format";
import type { NoticeRow } from "../../live/use-notices";
import styles from "./notice-row.module.css";
import { placeOf, wordsOf } from "./words";

const ICONS: Record<string, IconName> = {
  starting_soon: "clock",
  started: "gavel",
  ending_soon: "clock",
  ended: "check",
  outbid: "warning",
  won: "star",
  extended: "clock",
};

export function Row({
  notice,
  read,
  children,
}: {
  notice: NoticeRow;
  read: (id: number) => void;
  children?: ReactNode;
}) {
  const t = useTexts();
  const { title, sentence } = wordsOf(notice, t);
  return (
    <li className={`${styles.row} ${notice.is_read ? "" : styles.unread}`}>
      <Link
        to={placeOf(notice)}
        className={styles.link}
        onClick={() => {
          if (!notice.is_read) read(notice.id);
        }}
      >
        <span className={styles.icon}>
          <Icon name={ICONS[notice.kind] ?? "bell"} />
        </span>
        <span className={styles.text}>
          <span className={styles.title}>
            {title}
            {!notice.is_read && <span className={styles.mark}>{t.watch.isUnread}</span>}
          </span>{" "}
          <span className={styles.sentence}>{sentence}</span>{" "}
          <time dateTime={notice.created_at} title={exactTime(notice.created_at)} className={styles.time}>
            {dayAndTime(notice.created_at)}
          </time>
        </span>
      </Link>
      {children && <div className={styles.actions}>{children}</div>}
    </li>
  );
}
