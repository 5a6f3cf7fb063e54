/** Asks before what was changed is lost: on the way to another page, and when the tab is closed. */
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { Button } from "../../design/button";
import { Dialog } from "../../design/dialog";
import { useTexts } from "../../i18n";
import styles from "./confirm.module.css";

/** `isDirty` is asked when one leaves. */
export function Leave({ isDirty }: { isDirty: () => boolean }) {
  const t = useTexts();
  const blocker = useBlocker(isDirty);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty()) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isDirty]);
  if (blocker.state !== "blocked") return null;
  return (
    <Dialog title={t.sell.leaveTitle} onClose={blocker.reset}>
      <p>{t.sell.leave}</p>
      <div className={styles.answers}>
        <Button look="primary" onClick={blocker.reset}>
          {t.sell.leaveStay}
        </Button>
        <Button look="danger" onClick={blocker.proceed}>
          {t.sell.leaveGo}
        </Button>
      </div>
    </Dialog>
  );
}
