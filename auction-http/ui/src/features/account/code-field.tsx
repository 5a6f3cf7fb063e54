import { type ReactNode, type Ref, useState } from "react";
import { TextField } from "../../design/field";
import styles from "./account.module.css";
import { CODE_DIGITS, digitsOf } from "./digits";

/**
 * A code of six digits: one field, which takes a paste with spaces and what a phone reads out of a message. Its form is
 * handed in when the last digit is there.
 */
export function CodeField({
  name,
  label,
  hint,
  errors,
  ref,
}: {
  name: string;
  label: string;
  hint: ReactNode;
  errors: string[] | undefined;
  ref?: Ref<HTMLInputElement>;
}) {
  const [digits, setDigits] = useState("");
  return (
    <div className={styles.code}>
      <TextField
        {...(ref && { ref })}
        name={name}
        label={label}
        hint={hint}
        errors={errors}
        inputMode="numeric"
        autoComplete="one-time-code"
        spellCheck={false}
        value={digits}
        onChange={(event) => {
          const next = digitsOf(event.target.value);
          setDigits(next);
          const { form } = event.target;
          // Once the field shows it: the form reads its fields.
          if (next.length === CODE_DIGITS && next !== digits) queueMicrotask(() => form?.requestSubmit());
        }}
      />
    </div>
  );
}
