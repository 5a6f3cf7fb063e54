/** Where an auction stands, as a text with an icon. */
import { Icon, type IconName } from "../design/icon";
import { useTexts } from "../i18n";
import type { Status } from "../live/wire";
import styles from "./status.module.css";

const ICONS: Record<Status, IconName> = {
  draft: "menu",
  scheduled: "clock",
  started: "gavel",
  paused: "pause",
  ended: "check",
  cancelled: "close",
};

export function StatusBadge({ status }: { status: Status }) {
  const t = useTexts();
  return (
    <span className={`${styles.badge} ${styles[status] ?? ""}`}>
      <Icon name={ICONS[status]} size={14} />
      {t.common.status[status]}
    </span>
  );
}
