/** A term that is chosen out of a few, or left to the house. */
import { Select } from "../../design/field";
import { useTexts } from "../../i18n";
import { FIELDS, type FieldName } from "./fields";
import type { LotForm } from "./use-lot-form";
import { KEPT } from "./values";

type Name =
  | "visibility"
  | "increments"
  | "firstBid"
  | "closing"
  | "joinUntil"
  | "earlyClose"
  | "retraction"
  | "revisions"
  | "count"
  | "pricing"
  | "shows";

export function Choose({
  form: { values, set, wrong },
  name,
  field,
  hint,
  label,
  isOpen = true,
  without,
}: {
  form: LotForm;
  name: Name;
  field: FieldName;
  hint?: string | undefined;
  label?: string;
  /** Whether it can be left to the house. */
  isOpen?: boolean;
  /** A choice that does not go with the others that were made. */
  without?: string | undefined;
}) {
  const t = useTexts();
  const choices = Object.entries(t.sell.choices[name]);
  return (
    <Select
      id={FIELDS[field].id}
      label={label ?? t.sell.fields[name]}
      hint={hint}
      value={values[name]}
      onChange={(event) => set(name, event.target.value)}
      errors={wrong.fields[field]}
    >
      {isOpen && <option value="">{t.sell.house}</option>}
      {choices
        .filter(([value]) => value !== without && (value !== KEPT || values[name] === KEPT))
        .map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
    </Select>
  );
}
