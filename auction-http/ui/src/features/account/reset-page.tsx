import { useEffect, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { answered, api } from "../../api/client";
import { forgetSession } from "../../api/session";
import { Button, ButtonLink } from "../../design/button";
import { useTexts } from "../../i18n";
import { Page } from "../../shell/page";
import styles from "./account.module.css";
import { Failure } from "./failure";
import { focusHeading } from "./focus-heading";
import type { Arrival } from "./login-page";
import { NewPasswordField } from "./new-password-field";
import { useForm } from "./use-form";
import { useVisitor } from "./use-visitor";

/** Where the mailed link leads: a new password, with the secret of the link. */
export default function ResetPage() {
  const t = useTexts();
  useVisitor();
  const [search, setSearch] = useSearchParams();
  const [token] = useState(() => search.get("token"));
  const [isDead, setIsDead] = useState(false);
  // The secret does not stay where others can read it: over a shoulder, in the history, in a copied address.
  useEffect(() => {
    if (search.has("token")) setSearch({}, { replace: true, preventScrollReset: true });
  }, [search, setSearch]);

  if (!token) return <Dead title={t.account.reset.missingTitle} text={t.account.reset.missing} />;
  if (isDead) return <Dead title={t.account.reset.deadTitle} text={t.account.reset.dead} />;
  return (
    <Page title={t.account.reset.title} lead={t.account.reset.lead} narrow>
      <NewPassword
        token={token}
        dead={() => {
          setIsDead(true);
          focusHeading();
        }}
      />
    </Page>
  );
}

function NewPassword({ token, dead }: { token: string; dead: () => void }) {
  const t = useTexts();
  const navigate = useNavigate();
  const form = useForm(["password"], {
    required: ["password"],
    call: ({ password }) => answered(api.POST("/api/reset-password/", { body: { token, password } })),
    done: () => {
      // Every session has ended, this one too, where there was one.
      forgetSession();
      const state: Arrival = { from: "reset" };
      void navigate("/login", { replace: true, state });
    },
  });
  const isDead = form.problem?.code === "invalid_reset_token";
  useEffect(() => {
    if (isDead) dead();
  }, [isDead, dead]);
  return (
    <form {...form.props} className={`${styles.panel} ${styles.form}`}>
      <Failure text={form.failure} />
      <NewPasswordField label={t.account.fields.newPassword} errors={form.errors.password} />
      <Button type="submit" look="primary" wide busy={form.busy}>
        {t.account.reset.submit}
      </Button>
    </form>
  );
}

/** Why the link does nothing, and what does. */
function Dead({ title, text }: { title: string; text: string }) {
  const t = useTexts();
  return (
    <Page title={title} narrow>
      <div className={styles.panel}>
        <Failure text={text} />
        <div className={styles.actions}>
          <ButtonLink to="/forgot-password" look="primary">
            {t.account.reset.another}
          </ButtonLink>
          <ButtonLink to="/login">{t.account.forgot.toLogin}</ButtonLink>
        </div>
      </div>
    </Page>
  );
}
