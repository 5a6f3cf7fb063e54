import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";
import styles from "./notice.module.css";

export type Tone = "plain" | "good" | "bad" | "brass";

const ICONS: Record<Tone, IconName> = { plain: "clock", good: "check", bad: "warning", brass: "star" };

/** A box that says one thing, with what can be done about it. */
export function Notice({
  tone = "plain",
  icon,
  role,
  children,
  actions,
}: {
  tone?: Tone;
  icon?: IconName;
  role?: "alert" | "status";
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <Icon name={icon ?? ICONS[tone]} />
      <div className={styles.text}>{children}</div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** A page, or a part of one, in which there is nothing yet, and what comes next. */
export function Empty({
  title,
  children,
  actions,
  icon = "gavel",
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: IconName;
}) {
  return (
    <div className={styles.empty}>
      <Icon name={icon} size={48} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
