/** Who won how many units, and what they pay. */
import { useTexts } from "../../../i18n";
import { count, money } from "../../../i18n/format";
import type { LiveState } from "../../../live/reducer";
import { useOwnBids } from "../bidding/use-own-bids";
import styles from "./formats.module.css";

/** How many rows are shown: a lot has more units than anybody reads. */
const ROWS_MAX = 200;

export default function Result({ live }: { live: LiveState }) {
  const t = useTexts();
  const { auction, awards, names } = live;
  const hasWon = useOwnBids(live)?.some(({ state }) => state === "won") ?? false;
  // Two people may be called alike.
  const isYou = (user: string) => hasWon && (names?.includes(user) ?? false);
  const { result } = t.formats;
  if (!awards || awards.length === 0) return null;
  return (
    <section className={styles.part} aria-labelledby="awards">
      <h2 id="awards">{result.title}</h2>
      <div className={styles.frame}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{result.winner}</th>
              <th scope="col" data-number="">
                {result.units}
              </th>
              <th scope="col" data-number="">
                {result.each}
              </th>
            </tr>
          </thead>
          <tbody className="numbers">
            {awards.slice(0, ROWS_MAX).map(({ user, quantity, price }, index) => (
              <tr
                // biome-ignore lint/suspicious/noArrayIndexKey: the order is that of the awards
                key={index}
                className={isYou(user) ? styles.yours : undefined}
              >
                <th scope="row">
                  {user}
                  {isYou(user) && <span className={styles.you}> ({result.you})</span>}
                </th>
                <td data-number="">{count(quantity)}</td>
                <td data-number="">{money(price, auction.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
