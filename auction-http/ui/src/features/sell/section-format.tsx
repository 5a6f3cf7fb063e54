/** How the lot is sold, and what that format asks for. */
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { FORMAT_KINDS } from "../../live/format";
import { Choose } from "./choose";
import { FIELDS, type FieldName } from "./fields";
import styles from "./form.module.css";
import { Seconds } from "./seconds";
import type { LotForm } from "./use-lot-form";
import { INTERVALS_S, UNITS_MAX, type Values } from "./values";

export function FormatSection({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set, wrong } = form;
  const errors = wrong.fields["terms.format"];
  const { id } = FIELDS["terms.format"];
  return (
    <>
      <fieldset id={id} tabIndex={-1} className={styles.formats} aria-describedby={errors ? `${id}-errors` : undefined}>
        <legend className="hidden-visually">{t.sell.fields.format}</legend>
        {FORMAT_KINDS.map((kind) => (
          <label key={kind} className={styles.format}>
            <input
              type="radio"
              name="format"
              value={kind}
              checked={values.format === kind}
              onChange={() => {
                set("format", kind);
                // A drawn end goes with English auctions only.
                if (kind !== "english" && values.closing === "candle") set("closing", "");
              }}
              aria-labelledby={`${id}-${kind}-name`}
              aria-describedby={`${id}-${kind}`}
            />
            <span>
              <span id={`${id}-${kind}-name`} className={styles.formatName}>
                {t.common.formats[kind]}
              </span>
              <span id={`${id}-${kind}`} className={styles.formatHint}>
                {t.formats.how[kind]}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      {errors && (
        <p id={`${id}-errors`} className={styles.wrong}>
          {errors.join(" ")}
        </p>
      )}
      <FormatFields form={form} />
    </>
  );
}

function FormatFields({ form }: { form: LotForm }) {
  const t = useTexts();
  const { fields } = t.sell;
  const { format, interval } = form.values;
  switch (format) {
    case "english":
      return null;
    case "sealed_first_price":
    case "vickrey":
      return (
        <div className={styles.pair}>
          <Choose form={form} name="revisions" field="terms.format.revisions" isOpen={false} />
          <Choose form={form} name="count" field="terms.format.count" isOpen={false} />
        </div>
      );
    case "multi_unit":
      return (
        <>
          <div className={styles.pair}>
            <Units form={form} name="quantity" field="terms.format.quantity" isNeeded />
            <Units form={form} name="minFill" field="terms.format.min_fill" hint={fields.minFillHint} />
          </div>
          <div className={styles.pair}>
            <Choose form={form} name="pricing" field="terms.format.pricing" isOpen={false} />
            <Choose form={form} name="count" field="terms.format.count" isOpen={false} />
          </div>
        </>
      );
    case "dutch":
      return (
        <>
          <div className={styles.pair}>
            <Money form={form} name="clockStep" field="terms.format.step" isNeeded />
            <Seconds
              id={FIELDS["terms.format.interval_s"].id}
              label={fields.interval}
              choices={INTERVALS_S}
              value={interval}
              choose={(seconds) => form.set("interval", seconds)}
              errors={form.wrong.fields["terms.format.interval_s"]}
            />
          </div>
          <div className={styles.pair}>
            <Money form={form} name="clockFloor" field="terms.format.floor" hint={fields.clockFloorHint} isNeeded />
            <Units form={form} name="quantity" field="terms.format.quantity" hint={fields.quantityHint} />
          </div>
        </>
      );
    case "reverse":
      return (
        <div className={styles.pair}>
          <Choose form={form} name="shows" field="terms.format.visibility" isOpen={false} />
          <Money form={form} name="improvement" field="terms.format.improvement" hint={fields.improvementHint} />
        </div>
      );
    case "fixed_price":
      return (
        <div className={styles.pair}>
          <Units form={form} name="quantity" field="terms.format.quantity" hint={fields.quantityHint} />
        </div>
      );
  }
}

type FieldProps<Name extends keyof Values> = {
  form: LotForm;
  name: Name;
  field: FieldName;
  hint?: string;
  isNeeded?: boolean;
};

function Money({ form, name, field, hint, isNeeded }: FieldProps<"clockStep" | "clockFloor" | "improvement">) {
  const t = useTexts();
  return (
    <TextField
      id={FIELDS[field].id}
      label={t.sell.fields[name]}
      hint={hint}
      optional={!isNeeded}
      prefix={form.values.currency}
      inputMode="decimal"
      autoComplete="off"
      value={form.values[name]}
      onChange={(event) => form.set(name, event.target.value)}
      errors={form.wrong.fields[field]}
      aria-required={isNeeded || undefined}
    />
  );
}

function Units({ form, name, field, hint, isNeeded }: FieldProps<"quantity" | "minFill">) {
  const t = useTexts();
  return (
    <TextField
      id={FIELDS[field].id}
      label={t.sell.fields[name]}
      hint={hint ?? t.sell.fields.unitsHint(count(UNITS_MAX))}
      optional={!isNeeded}
      inputMode="numeric"
      autoComplete="off"
      value={form.values[name]}
      onChange={(event) => form.set(name, event.target.value)}
      errors={form.wrong.fields[field]}
      aria-required={isNeeded || undefined}
    />
  );
}
