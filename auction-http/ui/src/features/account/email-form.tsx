import { useEffect, useRef, useState } from "react";
import { answered, api } from "../../api/client";
import type { Me } from "../../api/me";
import { Button } from "../../design/button";
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { CodeField } from "./code-field";
import { unspaced } from "./digits";
import { DoneNote } from "./done-note";
import { EitherCodeField } from "./either-code-field";
import { Failure } from "./failure";
import { PasswordField } from "./password-field";
import { useForm } from "./use-form";
import { useMeChange } from "./use-me-change";

/** Another address: asked for with the password, and confirmed with the code that is mailed to it. */
export function EmailForm({ me }: { me: Me }) {
  const t = useTexts();
  const changeMe = useMeChange();
  const [next, setNext] = useState<string | null>(null);
  const [isBack, setIsBack] = useState(false);
  const [done, say] = useState<string | null>(null);
  return (
    <>
      <p>{t.account.email.now(me.email)}</p>
      <DoneNote text={done} takesFocus />
      {next === null ? (
        <Ask
          hasFactor={me.two_factor_enabled}
          isBack={isBack}
          done={(email) => {
            say(null);
            setNext(email);
          }}
        />
      ) : (
        <Confirm
          email={next}
          again={() => {
            setIsBack(true);
            setNext(null);
          }}
          done={() => {
            changeMe({ ...me, email: next });
            say(t.account.email.done(next));
            setIsBack(false);
            setNext(null);
          }}
        />
      )}
    </>
  );
}

function Ask({
  hasFactor,
  isBack,
  done,
}: {
  hasFactor: boolean;
  /** Somebody came back from the second step: the field takes the focus. */
  isBack: boolean;
  done: (email: string) => void;
}) {
  const t = useTexts();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isBack) input.current?.focus();
  }, [isBack]);
  const form = useForm(["email", "password", "code"], {
    required: hasFactor ? ["email", "password", "code"] : ["email", "password"],
    codes: { invalid_password: "password", invalid_code: "code", code_required: "code" },
    call: ({ email, password, code }) =>
      answered(api.POST("/api/change-email/", { body: { email, password, code: unspaced(code) } })),
    done: (_, { email }) => done(email.trim()),
  });
  return (
    <form {...form.props} className={styles.form}>
      <Failure text={form.failure} />
      <TextField
        ref={input}
        name="email"
        type="email"
        label={t.account.email.next}
        errors={form.errors.email}
        autoComplete="email"
        maxLength={254}
      />
      <PasswordField name="password" label={t.account.fields.currentPassword} errors={form.errors.password} />
      {hasFactor && <EitherCodeField errors={form.errors.code} />}
      <div className={styles.actions}>
        <Button type="submit" busy={form.busy}>
          {t.account.email.submit}
        </Button>
      </div>
    </form>
  );
}

function Confirm({ email, again, done }: { email: string; again: () => void; done: () => void }) {
  const t = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const form = useForm(["otp"], {
    required: ["otp"],
    codes: { invalid_otp: "otp" },
    call: (body) => answered(api.POST("/api/change-email/verify/", { body })),
    done,
  });
  useEffect(() => input.current?.focus(), []);
  return (
    <form {...form.props} className={styles.form}>
      <p>{t.account.email.mailed(email)}</p>
      <Failure text={form.failure} />
      <CodeField
        ref={input}
        name="otp"
        label={t.account.fields.mailedCode}
        hint={t.account.fields.mailedCodeHint}
        errors={form.errors.otp}
      />
      <div className={styles.actions}>
        <Button type="submit" look="primary" busy={form.busy}>
          {t.account.email.confirm}
        </Button>
        <Button look="quiet" onClick={again}>
          {t.account.email.other}
        </Button>
      </div>
    </form>
  );
}
