/** How an auction is held, where it is not an English one. */
import { useTexts } from "../i18n";
import { kindOf } from "../live/format";
import type { Auction } from "../live/wire";
import styles from "./status.module.css";

export function FormatBadge({ lot }: { lot: Pick<Auction, "format" | "terms"> }) {
  const t = useTexts();
  const kind = kindOf(lot);
  if (kind === "english") return null;
  return (
    <span className={styles.badge} data-format={kind}>
      {t.common.formats[kind]}
    </span>
  );
}
