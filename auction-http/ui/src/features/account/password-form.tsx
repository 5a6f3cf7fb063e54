import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import type { Me } from "../../api/me";
import { Button } from "../../design/button";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { unspaced } from "./digits";
import { DoneNote } from "./done-note";
import { EitherCodeField } from "./either-code-field";
import { Failure } from "./failure";
import { NewPasswordField } from "./new-password-field";
import { PasswordField } from "./password-field";
import { useForm } from "./use-form";

/** Another password. */
export function PasswordForm({ me }: { me: Me }) {
  const t = useTexts();
  const [round, setRound] = useState(0);
  const [done, say] = useState<string | null>(null);
  return (
    <>
      <p className={styles.aside}>{t.account.password.lead}</p>
      <DoneNote text={done} takesFocus />
      <Fields
        key={round}
        me={me}
        done={() => {
          say(t.account.password.done);
          setRound(round + 1);
        }}
      />
    </>
  );
}

function Fields({ me, done }: { me: Me; done: () => void }) {
  const t = useTexts();
  const queries = useQueryClient();
  const hasFactor = me.two_factor_enabled;
  const form = useForm(["password", "new_password", "code"], {
    required: hasFactor ? ["password", "new_password", "code"] : ["password", "new_password"],
    codes: { invalid_password: "password", invalid_code: "code", code_required: "code" },
    call: ({ code, ...rest }) =>
      answered(api.POST("/api/change-password/", { body: { ...rest, code: unspaced(code) } })),
    done: () => {
      void queries.invalidateQueries({ queryKey: ["sessions"] });
      done();
    },
  });
  return (
    <form {...form.props} className={styles.form}>
      <Failure text={form.failure} />
      {/* So that whoever keeps the password knows whose it is. */}
      <input type="email" autoComplete="username" value={me.email} readOnly hidden />
      <PasswordField name="password" label={t.account.fields.currentPassword} errors={form.errors.password} />
      <NewPasswordField
        name="new_password"
        label={t.account.fields.newPassword}
        errors={form.errors.new_password}
        person={{ email: me.email, names: [me.first_name, me.last_name] }}
      />
      {hasFactor && <EitherCodeField errors={form.errors.code} />}
      <div className={styles.actions}>
        <Button type="submit" busy={form.busy}>
          {t.account.password.submit}
        </Button>
      </div>
    </form>
  );
}
