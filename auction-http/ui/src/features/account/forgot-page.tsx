import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { answered, api } from "../../api/client";
import { Button } from "../../design/button";
import { TextField } from "../../design/field";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { Page } from "../../shell/page";
import styles from "./account.module.css";
import { Failure } from "./failure";
import { useForm } from "./use-form";
import { useVisitor } from "./use-visitor";

export default function ForgotPage() {
  const t = useTexts();
  useVisitor();
  const [mailedTo, setMailedTo] = useState<string | null>(null);
  const [isBack, setIsBack] = useState(false);
  return (
    <Page title={t.account.forgot.title} lead={t.account.forgot.lead} narrow>
      {mailedTo === null ? (
        <Ask isBack={isBack} done={setMailedTo} />
      ) : (
        <Mailed
          email={mailedTo}
          again={() => {
            setIsBack(true);
            setMailedTo(null);
          }}
        />
      )}
      <p className={styles.aside}>
        <Link to="/login">{t.account.forgot.toLogin}</Link>
      </p>
    </Page>
  );
}

function Ask({ isBack, done }: { isBack: boolean; done: (email: string) => void }) {
  const t = useTexts();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isBack) input.current?.focus();
  }, [isBack]);
  const form = useForm(["email"], {
    required: ["email"],
    call: (body) => answered(api.POST("/api/forgot-password/", { body })),
    done: (_, { email }) => done(email.trim()),
  });
  return (
    <form {...form.props} className={`${styles.panel} ${styles.form}`}>
      <Failure text={form.failure} />
      <TextField
        ref={input}
        name="email"
        type="email"
        label={t.account.fields.email}
        errors={form.errors.email}
        autoComplete="email"
        maxLength={254}
      />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {t.account.forgot.submit}
      </Button>
    </form>
  );
}

/** The same for every address: nobody learns here who has an account. */
function Mailed({ email, again }: { email: string; again: () => void }) {
  const t = useTexts();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} className={styles.form}>
      <Notice
        tone="good"
        actions={
          <Button size="small" onClick={again}>
            {t.account.forgot.other}
          </Button>
        }
      >
        <p>{t.account.forgot.done(email)}</p>
        <p>{t.account.forgot.lost}</p>
      </Notice>
    </div>
  );
}
