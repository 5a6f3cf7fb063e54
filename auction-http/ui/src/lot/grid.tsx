/** Cards side by side, as many as there is room for. */
import type { ReactNode } from "react";
import type { Auction } from "../live/wire";
import { LotCard } from "./card";
import styles from "./grid.module.css";

/** How many cards are likely in sight at first. */
const EAGER = 4;

/** With `large`, three side by side at most. */
export function LotGrid({ rows, large = false }: { rows: readonly Auction[]; large?: boolean }) {
  return (
    <ul className={`${styles.grid} ${large ? styles.large : ""}`}>
      {rows.map((row, index) => (
        <li key={row.id}>
          <LotCard row={row} eager={index < EAGER} />
        </li>
      ))}
    </ul>
  );
}

/** Where cards will be. */
export function GridSkeleton({ cards, label }: { cards: number; label: ReactNode }) {
  return (
    <div>
      <p className="hidden-visually">{label}</p>
      <ul className={styles.grid} aria-hidden="true" data-skeleton="">
        {Array.from({ length: cards }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
          <li key={index} className={styles.bones}>
            <div className={styles.picture} />
            <div className={styles.line} />
            <div className={styles.short} />
            <div className={styles.line} />
          </li>
        ))}
      </ul>
    </div>
  );
}
