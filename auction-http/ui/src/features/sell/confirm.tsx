/** Says what follows from an action before it is done. */
import { Button } from "../../design/button";
import { Dialog } from "../../design/dialog";
import { useSubmit } from "../../design/form";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { exactTime } from "../../i18n/format";
import { serverNow } from "../../live/clock";
import type { Auction } from "../../live/wire";
import { type Action, perform } from "./actions";
import styles from "./confirm.module.css";

const DANGEROUS: readonly Action[] = ["remove", "cancel", "close"];

export function Confirm({
  lot,
  action,
  onClose,
  done,
}: {
  lot: Auction;
  action: Action;
  onClose: () => void;
  done: () => void;
}) {
  const t = useTexts();
  const { submit, busy, failure } = useSubmit(() => perform(action, lot.id), done);
  const words = t.sell.confirm[action];
  const isPast = Date.parse(lot.start_date_time) <= serverNow();
  return (
    <Dialog title={words.title} onClose={onClose}>
      <div className={styles.text}>
        <p className={styles.lot}>{lot.title}</p>
        <p>{words.text}</p>
        {action === "publish" && (
          <p>
            {isPast ? t.sell.confirm.publish.startsNow : t.sell.confirm.publish.starts(exactTime(lot.start_date_time))}
          </p>
        )}
        {failure && (
          <Notice tone="bad" role="alert">
            {failure}
          </Notice>
        )}
      </div>
      <div className={styles.answers}>
        <Button look={DANGEROUS.includes(action) ? "danger" : "primary"} busy={busy} onClick={() => submit(undefined)}>
          {t.sell.actions[action]}
        </Button>
        <Button onClick={onClose}>{t.sell.keep}</Button>
      </div>
    </Dialog>
  );
}
