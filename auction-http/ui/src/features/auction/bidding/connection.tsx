import { useEffect, useRef } from "react";
import { announce } from "../../../design/announce";
import { useTexts } from "../../../i18n";
import { clockTime } from "../../../i18n/format";
import type { Connection } from "../../../live/socket";
import styles from "./connection.module.css";

/** Whether what is shown is what is, and from when it is where it is not. */
export function ConnectionState({ connection, heardAt }: { connection: Connection; heardAt: number | null }) {
  const t = useTexts();
  const before = useRef(connection);
  useEffect(() => {
    const [was, is] = [before.current, connection];
    before.current = connection;
    if (was === "live" && is !== "live") announce(t.auction.connection.lost);
    if (is === "live" && (was === "reconnecting" || was === "offline")) announce(t.auction.connection.backAgain);
  }, [connection, t]);
  return (
    <p className={`${styles.connection} ${styles[connection]}`} data-connection={connection}>
      <span className={styles.dot} aria-hidden="true" />
      {t.auction.connection[connection]}
      {heardAt !== null && (
        <span className={`${styles.asOf} numbers`}>{t.auction.connection.asOf(clockTime(heardAt))}</span>
      )}
    </p>
  );
}
