/** How one stands, as a text with an icon. */
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import { STANDING_ICONS, type Standing } from "./standing";
import styles from "./standing.module.css";

const TONES: Partial<Record<Standing, string | undefined>> = {
  leading: styles.good,
  leading_reserve: styles.brass,
  outbid: styles.bad,
  won: styles.good,
  bought: styles.good,
};

export function StandingBadge({ standing }: { standing: Standing }) {
  const t = useTexts();
  return (
    <span className={`${styles.badge} ${TONES[standing] ?? ""}`}>
      <Icon name={STANDING_ICONS[standing]} size={14} />
      {t.watch.standing[standing]}
    </span>
  );
}
