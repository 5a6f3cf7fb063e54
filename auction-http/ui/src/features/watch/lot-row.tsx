/** An auction in a list of one's own: picture, title, what is said of it, and what can be done. */
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Auction } from "../../live/wire";
import { Picture } from "../../lot/picture";
import styles from "./lot-row.module.css";

export type Fact = { label: string; value: ReactNode };

export function LotRow({
  id,
  lot,
  to,
  badges,
  facts,
  actions,
}: {
  id?: string;
  lot: Auction;
  to: string;
  badges: ReactNode;
  facts: Fact[];
  actions?: ReactNode;
}) {
  return (
    <li id={id} className={styles.row}>
      {/* The title beside it is the same link. */}
      <Link to={to} className={styles.picture} tabIndex={-1} aria-hidden="true">
        <Picture src={lot.thumbnail ?? lot.image} alt="" />
      </Link>
      <div className={styles.about}>
        <div className={styles.badges}>{badges}</div>
        <h3 className={styles.title}>
          <Link to={to}>{lot.title}</Link>
        </h3>
        <dl className={styles.facts}>
          {facts.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="numbers">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </li>
  );
}

export function LotList({ children }: { children: ReactNode }) {
  return <ul className={styles.list}>{children}</ul>;
}
