/** What stands where a list will be: nothing at first, grey bars if it takes long, and what to do if it fails. */
import { useEffect, useState } from "react";
import { Button } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { sentenceOf } from "../../i18n/problems";
import styles from "./loading.module.css";

/** How long one waits before anything is drawn, in milliseconds. */
const PATIENCE = 200;

export function Waiting({ rows }: { rows: number }) {
  const t = useTexts();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.waiting}>
      {isLong && (
        <>
          <p className="hidden-visually">{t.common.loading}</p>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bars without anything of their own
            <div key={row} className={styles.bar} />
          ))}
        </>
      )}
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTexts();
  return (
    <Notice tone="bad" role="alert" actions={<Button onClick={retry}>{t.common.retry}</Button>}>
      <strong>{t.common.failed}</strong> {sentenceOf(error, t)}
    </Notice>
  );
}
