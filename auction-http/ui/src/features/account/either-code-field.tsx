import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";

/** A code of the authenticator, or a recovery code in its place. */
export function EitherCodeField({ errors }: { errors: string[] | undefined }) {
  const t = useTexts();
  return (
    <div className={styles.recovery}>
      <TextField
        name="code"
        label={t.account.fields.code}
        hint={t.account.fields.eitherCodeHint}
        errors={errors}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
      />
    </div>
  );
}
