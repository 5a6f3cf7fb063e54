/** Striking a bid, for the staff: why is kept with the auction. */
import { type FormEvent, useRef, useState } from "react";
import { strike } from "../../../api/errands";
import { Keys } from "../../../api/once";
import { announce } from "../../../design/announce";
import { Button } from "../../../design/button";
import { Dialog } from "../../../design/dialog";
import { TextField } from "../../../design/field";
import { useSubmit } from "../../../design/form";
import { Notice } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { money } from "../../../i18n/format";
import type { Auction, Row } from "../../../live/wire";
import styles from "./formats.module.css";
import { REASON_CHARS_MAX } from "./reason";

export default function Strike({ auction, row, onClose }: { auction: Auction; row: Row; onClose: () => void }) {
  const t = useTexts();
  const texts = t.formats.strike;
  const [reason, setReason] = useState("");
  const [isMissing, setMissing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const [keys] = useState(() => new Keys());
  const { submit, busy, failure, fields } = useSubmit(
    (why: string) => keys.handIn(why, (key, signal) => strike(auction.id, row.id, why, key, signal)),
    () => {
      announce(texts.done);
      onClose();
    },
  );
  const hand = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setMissing(reason.trim() === "");
    if (reason.trim() === "") input.current?.focus();
    else submit(reason.trim());
  };
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form className={styles.dialog} onSubmit={hand} noValidate>
        <p className="numbers">
          <strong>
            {money(row.price, auction.currency)} · {row.user}
          </strong>
        </p>
        <p>{texts.means}</p>
        <TextField
          ref={input}
          label={texts.reason}
          hint={texts.reasonHint}
          maxLength={REASON_CHARS_MAX}
          autoComplete="off"
          aria-required="true"
          value={reason}
          errors={isMissing ? [texts.reasonNeeded] : fields.reason}
          onChange={(event) => {
            setMissing(false);
            setReason(event.target.value);
          }}
        />
        {failure && (
          <Notice tone="bad" role="alert">
            {failure}
          </Notice>
        )}
        <div className={styles.actions}>
          <Button type="submit" look="danger" busy={busy}>
            {texts.confirm}
          </Button>
          <Button onClick={onClose}>{t.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
