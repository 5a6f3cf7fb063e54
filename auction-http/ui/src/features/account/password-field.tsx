import { type ComponentProps, useId, useState } from "react";
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";

/** A password, which can be shown while one types it. */
export function PasswordField({ label, ...rest }: ComponentProps<typeof TextField> & { label: string }) {
  const t = useTexts();
  const id = useId();
  const [isShown, setIsShown] = useState(false);
  return (
    <div className={styles.secret}>
      <TextField
        id={id}
        autoComplete="current-password"
        {...rest}
        label={label}
        type={isShown ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
      />
      <button type="button" className={styles.reveal} aria-controls={id} onClick={() => setIsShown(!isShown)}>
        {isShown ? t.account.hide : t.account.show}
        <span className="hidden-visually"> {label}</span>
      </button>
    </div>
  );
}
