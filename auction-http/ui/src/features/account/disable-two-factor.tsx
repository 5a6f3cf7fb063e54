import { answered, api } from "../../api/client";
import { Button } from "../../design/button";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { unspaced } from "./digits";
import { EitherCodeField } from "./either-code-field";
import { Failure } from "./failure";
import { PasswordField } from "./password-field";
import { useForm } from "./use-form";

/** Turns the second factor off, with the password and a code. */
export function DisableTwoFactor({ done }: { done: () => void }) {
  const t = useTexts();
  const form = useForm(["password", "code"], {
    required: ["password", "code"],
    codes: { invalid_password: "password", invalid_code: "code" },
    call: ({ password, code }) => answered(api.POST("/api/2fa/disable/", { body: { password, code: unspaced(code) } })),
    done,
  });
  return (
    <section className={styles.panel} aria-labelledby="disable">
      <h2 id="disable">{t.account.twoFactor.disableTitle}</h2>
      <p>{t.account.twoFactor.disableLead}</p>
      <form {...form.props} className={styles.form}>
        <Failure text={form.failure} />
        <PasswordField name="password" label={t.account.fields.password} errors={form.errors.password} />
        <EitherCodeField errors={form.errors.code} />
        <div className={styles.actions}>
          <Button type="submit" look="danger" busy={form.busy}>
            {t.account.twoFactor.disable}
          </Button>
        </div>
      </form>
    </section>
  );
}
