/** A span of time out of a few, and the one that stands there. */
import { Select } from "../../design/field";
import { lengthOf } from "../../i18n/format";

export function Seconds({
  id,
  label,
  hint,
  choices,
  value,
  choose,
  errors,
}: {
  id?: string;
  label: string;
  hint?: string;
  choices: readonly number[];
  value: string;
  choose: (seconds: string) => void;
  errors?: string[] | undefined;
}) {
  const known = [...new Set([...choices, Number(value)])].sort((one, other) => one - other);
  return (
    <Select
      {...(id && { id })}
      label={label}
      hint={hint}
      value={value}
      errors={errors}
      onChange={(event) => choose(event.target.value)}
    >
      {known.map((seconds) => (
        <option key={seconds} value={seconds}>
          {lengthOf(seconds)}
        </option>
      ))}
    </Select>
  );
}
