import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { answered, api } from "../../api/client";
import { Button } from "../../design/button";
import { useTexts } from "../../i18n";
import { sentenceOf } from "../../i18n/problems";
import styles from "./account.module.css";
import { CodeField } from "./code-field";
import { CopyButton } from "./copy-button";
import { inFours } from "./digits";
import { Failure } from "./failure";
import factor from "./two-factor.module.css";
import { useForm } from "./use-form";

/** A new authenticator: its secret as a picture and as text, and the first code of it. */
export function SetUpTwoFactor({ done }: { done: (recoveryCodes: string[]) => void }) {
  const t = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  // Each call draws another secret, so it is one call each time that this is opened.
  const { mutate, data, error } = useMutation({ mutationFn: () => answered(api.POST("/api/2fa/setup/")) });
  const hasAsked = useRef(false);
  useEffect(() => {
    if (hasAsked.current) return;
    hasAsked.current = true;
    mutate();
  }, [mutate]);
  useEffect(() => {
    if (data) heading.current?.focus();
  }, [data]);
  const form = useForm(["code"], {
    required: ["code"],
    codes: { invalid_code: "code" },
    call: (body) => answered(api.POST("/api/2fa/enable/", { body })),
    done: ({ recovery_codes }) => done(recovery_codes),
  });
  if (error) return <Failure text={sentenceOf(error, t)} />;
  return (
    <div className={`${styles.panel} ${factor.setUp}`} aria-busy={!data}>
      {data && (
        <>
          <section className={styles.form} aria-labelledby="scan">
            <h2 id="scan" ref={heading} tabIndex={-1} className={styles.anchor}>
              {t.account.twoFactor.scanTitle}
            </h2>
            <p>{t.account.twoFactor.scan}</p>
            <img className={factor.qr} src={data.qr_png} alt={t.account.twoFactor.qr} width="224" height="224" />
            <p>{t.account.twoFactor.type}</p>
            <p className={factor.key}>
              <span className="hidden-visually">{t.account.twoFactor.secret}: </span>
              {inFours(data.secret)}
            </p>
            <div className={styles.actions}>
              <CopyButton text={data.secret} />
            </div>
          </section>
          <section className={styles.form} aria-labelledby="enter">
            <h2 id="enter">{t.account.twoFactor.enterTitle}</h2>
            <form {...form.props} className={styles.form}>
              <Failure text={form.failure} />
              <CodeField
                name="code"
                label={t.account.fields.code}
                hint={t.account.fields.codeHint}
                errors={form.errors.code}
              />
              <Button type="submit" look="primary" busy={form.busy}>
                {t.account.twoFactor.enable}
              </Button>
            </form>
          </section>
        </>
      )}
    </div>
  );
}
