import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { answered, api } from "../../api/client";
import { Button } from "../../design/button";
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { Failure } from "./failure";
import { keepPassword } from "./mailed";
import { PasswordField } from "./password-field";
import { useForm } from "./use-form";

/** Who one is, and the password. */
export function PasswordStep({
  who,
  password,
  back,
  done,
  secondFactor,
}: {
  who: string;
  password?: string | undefined;
  /** Why somebody is back from the second step: it took too long, or they asked. */
  back: "late" | "asked" | null;
  done: (token: string) => void;
  secondFactor: (tempToken: string, who: string) => void;
}) {
  const t = useTexts();
  const submit = useRef<HTMLDivElement>(null);
  const late = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const form = useForm(["email", "password"], {
    required: ["email", "password"],
    call: (body) => answered(api.POST("/api/login/", { body })),
    done: (answer, { email }) => {
      if ("temp_token" in answer) secondFactor(answer.temp_token, email.trim());
      else done(answer.token);
    },
  });
  // Where everything is filled in, one key is left to press.
  useEffect(() => {
    if (password) submit.current?.querySelector("button")?.focus();
  }, [password]);
  useEffect(() => {
    if (back === "late") late.current?.querySelector<HTMLElement>("[data-failure]")?.focus();
    if (back === "asked") input.current?.focus();
  }, [back]);
  const isUnverified = form.problem?.code === "account_not_verified";
  return (
    <form {...form.props} className={styles.form}>
      <Failure
        text={form.failure}
        actions={isUnverified && <Verify form={form.props.ref} label={t.account.login.verify} />}
      />
      {back === "late" && !form.failure && (
        <div ref={late}>
          <Failure text={t.problems.invalid_session} />
        </div>
      )}
      <TextField
        ref={input}
        name="email"
        label={t.account.fields.identifier}
        errors={form.errors.email}
        defaultValue={who}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
      />
      <PasswordField
        name="password"
        label={t.account.fields.password}
        errors={form.errors.password}
        defaultValue={password}
        maxLength={1000}
      />
      <div ref={submit}>
        <Button type="submit" look="primary" wide busy={form.busy}>
          {t.account.login.submit}
        </Button>
      </div>
      <p className={styles.links}>
        <Link to="/forgot-password">{t.account.login.forgot}</Link>
      </p>
    </form>
  );
}

/** Leads to the code that was mailed; the password just typed serves afterwards. */
function Verify({ form, label }: { form: React.RefObject<HTMLFormElement | null>; label: string }) {
  const data = form.current ? new FormData(form.current) : null;
  const text = (name: string) => String(data?.get(name) ?? "");
  const email = text("email").trim();
  const isAddress = email.includes("@");
  return (
    <Link
      to={isAddress ? `/verify-otp?email=${encodeURIComponent(email)}` : "/verify-otp"}
      onClick={() => {
        if (isAddress) keepPassword(email, text("password"));
      }}
    >
      {label}
    </Link>
  );
}
