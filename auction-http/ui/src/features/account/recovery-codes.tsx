import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { Button } from "../../design/button";
import { Dialog } from "../../design/dialog";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { CopyButton } from "./copy-button";
import { saveText } from "./save-text";
import factor from "./two-factor.module.css";

/** The codes that are shown only once: whoever leaves without saying that they are kept is asked. */
export function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const t = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  const blocker = useBlocker(true);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
  const text = codes.join("\n");
  const save = () =>
    saveText(t.account.twoFactor.fileName, `${t.account.twoFactor.fileHead(t.common.site)}\n\n${text}\n`);
  return (
    <section className={styles.form} aria-labelledby="codes">
      <Notice tone="good">{t.account.twoFactor.enabled}</Notice>
      <div className={styles.panel}>
        <h2 id="codes" ref={heading} tabIndex={-1} className={styles.anchor}>
          {t.account.twoFactor.codesTitle}
        </h2>
        <p>{t.account.twoFactor.codesLead}</p>
        <ul className={factor.codes} aria-label={t.account.twoFactor.codes}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className={styles.actions}>
          <CopyButton text={text} />
          <Button onClick={save}>{t.account.twoFactor.download}</Button>
          <Button look="primary" onClick={done}>
            {t.account.twoFactor.kept}
          </Button>
        </div>
      </div>
      {blocker.state === "blocked" && (
        <Dialog title={t.account.twoFactor.leaveTitle} onClose={() => blocker.reset()}>
          <div className={styles.form}>
            <p>{t.account.twoFactor.leave}</p>
            <div className={styles.actions}>
              <Button look="primary" onClick={() => blocker.reset()}>
                {t.account.twoFactor.stay}
              </Button>
              <Button look="danger" onClick={() => blocker.proceed()}>
                {t.account.twoFactor.leaveAnyway}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </section>
  );
}
