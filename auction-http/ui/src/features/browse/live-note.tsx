import { useContext } from "react";
import { useTexts } from "../../i18n";
import type { Feed } from "../../live/feed";
import { Live, useFeedConnection } from "../../live/use-states";
import styles from "./live-note.module.css";

/** Whether the prices that are shown are those of this moment. */
export function LiveNote() {
  const feed = useContext(Live);
  return <p className={styles.note}>{feed && <Connected feed={feed} />}</p>;
}

function Connected({ feed }: { feed: Feed }) {
  const t = useTexts();
  const connection = useFeedConnection(feed);
  if (connection === "connecting") return null;
  const dot = <span className={`${styles.dot} ${connection === "live" ? styles.live : ""}`} aria-hidden="true" />;
  return (
    <>
      {dot}
      {t.browse[connection]}
    </>
  );
}
