import { useState } from "react";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { PasswordField } from "./password-field";
import { type PasswordRule, type Person, rulesMet } from "./password-rules";

/** A password that somebody chooses, with what makes a good one. The rules that it meets are ticked while one types. */
export function NewPasswordField({
  name = "password",
  label,
  errors,
  person = {},
}: {
  name?: string;
  label: string;
  errors: string[] | undefined;
  person?: Person;
}) {
  const [typed, setTyped] = useState("");
  return (
    <PasswordField
      name={name}
      label={label}
      errors={errors}
      autoComplete="new-password"
      maxLength={1000}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      hint={<Rules met={rulesMet(typed, person)} />}
    />
  );
}

function Rules({ met }: { met: Record<PasswordRule, boolean> }) {
  const t = useTexts();
  return (
    <>
      {t.account.rules.title}
      <ul className={styles.rules}>
        {(["length", "mixed", "own"] as const).map((rule) => (
          <li key={rule} className={met[rule] ? styles.met : undefined}>
            <span className={styles.mark}>{met[rule] && <Icon name="check" size={14} />}</span>
            {t.account.rules[rule]}
            {met[rule] && <span className="hidden-visually">, {t.account.rules.met}</span>}
          </li>
        ))}
        <li>
          <span className={styles.unseen} />
          {t.account.rules.common}
        </li>
      </ul>
    </>
  );
}
