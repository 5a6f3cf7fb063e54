import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { useTexts } from "../i18n";
import styles from "./field.module.css";
import { Icon } from "./icon";

type Shared = { label: ReactNode; hint?: ReactNode; errors?: string[] | undefined; optional?: boolean };

/** The ids that tie a control to its hint and its errors. */
function useTies({ hint, errors, id: given }: Shared & { id?: string | undefined }) {
  const made = useId();
  const id = given ?? made;
  const hasErrors = (errors?.length ?? 0) > 0;
  const describedBy = [hint ? `${id}-hint` : "", hasErrors ? `${id}-errors` : ""].filter(Boolean).join(" ");
  return {
    id,
    hasErrors,
    control: { id, "aria-invalid": hasErrors || undefined, "aria-describedby": describedBy || undefined },
  };
}

function Frame({ id, label, hint, errors, optional, children }: Shared & { id: string; children: ReactNode }) {
  const t = useTexts();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
        {optional && <span className={styles.optional}> {t.common.optional}</span>}
      </label>
      {hint && (
        <div id={`${id}-hint`} className={styles.hint}>
          {hint}
        </div>
      )}
      {children}
      {errors && errors.length > 0 && (
        <ul id={`${id}-errors`} className={styles.errors}>
          {errors.map((error) => (
            <li key={error}>
              <Icon name="warning" size={16} />
              {error}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A line to type in, with its label, its hint and what is wrong with it. */
export function TextField({
  label,
  hint,
  errors,
  optional,
  prefix,
  ...rest
}: Shared &
  Omit<InputHTMLAttributes<HTMLInputElement>, "prefix"> & { prefix?: string; ref?: React.Ref<HTMLInputElement> }) {
  const { id, control } = useTies({ label, hint, errors, id: rest.id });
  const input = <input type="text" {...rest} {...control} className={styles.control} />;
  return (
    <Frame id={id} label={label} hint={hint} errors={errors} {...(optional && { optional })}>
      {prefix ? (
        <div className={styles.prefixed}>
          <span aria-hidden="true">{prefix}</span>
          {input}
        </div>
      ) : (
        input
      )}
    </Frame>
  );
}

export function TextArea({
  label,
  hint,
  errors,
  optional,
  ...rest
}: Shared & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const { id, control } = useTies({ label, hint, errors, id: rest.id });
  return (
    <Frame id={id} label={label} hint={hint} errors={errors} {...(optional && { optional })}>
      <textarea rows={6} {...rest} {...control} className={styles.control} />
    </Frame>
  );
}

export function Select({
  label,
  hint,
  errors,
  optional,
  children,
  ...rest
}: Shared & SelectHTMLAttributes<HTMLSelectElement>) {
  const { id, control } = useTies({ label, hint, errors, id: rest.id });
  return (
    <Frame id={id} label={label} hint={hint} errors={errors} {...(optional && { optional })}>
      <select {...rest} {...control} className={styles.control}>
        {children}
      </select>
    </Frame>
  );
}

export function Checkbox({
  label,
  hint,
  ...rest
}: { label: ReactNode; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  const made = useId();
  const id = rest.id ?? made;
  return (
    <div className={styles.check}>
      <input type="checkbox" {...rest} id={id} aria-describedby={hint ? `${id}-hint` : undefined} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <div id={`${id}-hint`} className={styles.hint}>
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}
