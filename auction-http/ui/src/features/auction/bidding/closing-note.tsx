/** What is unusual about the end, in a line each. */
import { Icon } from "../../../design/icon";
import { useTexts } from "../../../i18n";
import { lengthOf } from "../../../i18n/format";
import type { Auction } from "../../../live/wire";
import styles from "./panel.module.css";
import { termsOf } from "./terms";

export function ClosingNote({ auction }: { auction: Auction }) {
  const t = useTexts();
  const { kind, period_s, group } = termsOf(auction).closing ?? { kind: "hard" };
  const isOver = auction.status === "ended" || auction.status === "cancelled";
  if (isOver) return null;
  const notes = [
    kind === "candle" && period_s ? t.formats.candle.note(lengthOf(period_s)) : null,
    group ? t.formats.group(group) : null,
  ];
  return notes.map(
    (note) =>
      note && (
        <p key={note} className={styles.note}>
          <Icon name="clock" size={18} />
          <span>{note}</span>
        </p>
      ),
  );
}
