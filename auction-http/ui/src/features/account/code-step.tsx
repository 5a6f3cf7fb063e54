import { useEffect, useRef, useState } from "react";
import { answered, api } from "../../api/client";
import { Button } from "../../design/button";
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { CodeField } from "./code-field";
import { unspaced } from "./digits";
import { Failure } from "./failure";
import { useForm } from "./use-form";

/** The second step of a sign-in: what the authenticator shows, or a recovery code. */
export function CodeStep({
  tempToken,
  done,
  back,
}: {
  tempToken: string;
  done: (token: string) => void;
  /** Back to the password; `late` where the server no longer knows of the first step. */
  back: (late: boolean) => void;
}) {
  const t = useTexts();
  const [isRecovery, setIsRecovery] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const form = useForm(["code"], {
    required: ["code"],
    codes: { invalid_code: "code" },
    call: ({ code }) =>
      answered(api.POST("/api/2fa/verify/", { body: { temp_token: tempToken, code: unspaced(code) } })),
    done: ({ token }) => done(token),
  });
  const isLate = form.problem?.code === "invalid_session";
  useEffect(() => {
    if (isLate) back(true);
  }, [isLate, back]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field that has just appeared takes the focus
  useEffect(() => input.current?.focus(), [isRecovery]);
  return (
    <form {...form.props} className={styles.form}>
      <p>{t.account.login.codeLead}</p>
      <Failure text={isLate ? null : form.failure} />
      {isRecovery ? (
        <div className={styles.recovery}>
          <TextField
            ref={input}
            name="code"
            label={t.account.fields.recoveryCode}
            hint={t.account.fields.recoveryHint}
            errors={form.errors.code}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
          />
        </div>
      ) : (
        <CodeField
          ref={input}
          name="code"
          label={t.account.fields.code}
          hint={t.account.fields.codeHint}
          errors={form.errors.code}
        />
      )}
      <Button type="submit" look="primary" wide busy={form.busy}>
        {t.account.login.codeSubmit}
      </Button>
      <div className={styles.links}>
        <button type="button" className={styles.textButton} onClick={() => setIsRecovery(!isRecovery)}>
          {isRecovery ? t.account.login.useCode : t.account.login.useRecovery}
        </button>
        <button type="button" className={styles.textButton} onClick={() => back(false)}>
          {t.account.login.startAgain}
        </button>
      </div>
    </form>
  );
}
