import type { ReactNode } from "react";
import styles from "./account.module.css";

/** A part of the profile, which the links at its side lead to. */
export function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <h2 id={id} tabIndex={-1} className={styles.anchor}>
        {title}
      </h2>
      {children}
    </section>
  );
}
