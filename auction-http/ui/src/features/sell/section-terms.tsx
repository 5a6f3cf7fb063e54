/** The terms that most sellers leave to the house. */
import { useEffect, useRef } from "react";
import { Select, TextField } from "../../design/field";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { lengthOf } from "../../i18n/format";
import { Choose } from "./choose";
import { FIELDS, inOrder } from "./fields";
import styles from "./form.module.css";
import type { LotForm } from "./use-lot-form";
import { WINDOWS_S } from "./values";

export function TermsSection({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set, wrong, refusals } = form;
  const details = useRef<HTMLDetailsElement>(null);
  const isTrap = values.starts === "now" && values.joinUntil === "start";
  // What is wrong does not stay folded away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each refusal
  useEffect(() => {
    const hasWrong = inOrder(wrong).some(({ name }) => details.current?.querySelector(`#${FIELDS[name].id}`));
    if (details.current && (hasWrong || isTrap)) details.current.open = true;
  }, [refusals, isTrap]);
  const closing = values.closing as keyof typeof t.sell.closingHints;
  return (
    <details ref={details} className={styles.details}>
      <summary>
        <h2>{t.sell.sections.terms}</h2>
        <span>{t.sell.sections.termsMore}</span>
      </summary>
      <div className={styles.fields}>
        <Increments form={form} />
        <Choose form={form} name="firstBid" field="terms.first_bid" />
        <Choose form={form} name="closing" field="terms.closing" hint={t.sell.closingHints[closing]} />
        {(values.closing === "reset" || values.closing === "add") && (
          <div className={styles.pair}>
            <Seconds label={t.sell.fields.window} value={values.window} choose={(seconds) => set("window", seconds)} />
            {values.closing === "add" && (
              <Seconds
                label={t.sell.fields.extension}
                value={values.extension}
                choose={(seconds) => set("extension", seconds)}
              />
            )}
          </div>
        )}
        <Choose form={form} name="joinUntil" field="terms.join_until" />
        {isTrap && <Notice tone="brass">{t.sell.fields.joinTrap}</Notice>}
        <div className={styles.pair}>
          <TextField
            id={FIELDS["terms.buy_now"].id}
            label={t.sell.fields.buyNow}
            hint={t.sell.fields.buyNowHint}
            optional
            prefix={values.currency}
            inputMode="decimal"
            value={values.buyNow}
            onChange={(event) => set("buyNow", event.target.value)}
            errors={wrong.fields["terms.buy_now"]}
            autoComplete="off"
          />
          {values.buyNow.trim() !== "" && (
            <Select
              label={t.sell.fields.buyNowRule}
              hint={t.sell.fields.buyNowRuleHint}
              value={values.buyNowRule}
              onChange={(event) => set("buyNowRule", event.target.value)}
            >
              {Object.entries(t.sell.choices.buyNowRule).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </div>
        <Choose form={form} name="earlyClose" field="terms.early_close" />
      </div>
    </details>
  );
}

function Increments({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set, wrong } = form;
  return (
    <>
      <Choose form={form} name="increments" field="terms.increments" />
      {values.increments === "fixed" && (
        <TextField
          id={FIELDS["terms.increments.step"].id}
          label={t.sell.fields.step}
          prefix={values.currency}
          inputMode="decimal"
          value={values.step}
          onChange={(event) => set("step", event.target.value)}
          errors={wrong.fields["terms.increments.step"]}
        />
      )}
      {values.increments === "percent" && (
        <div className={styles.pair}>
          <TextField
            id={FIELDS["terms.increments.basis_points"].id}
            label={t.sell.fields.percent}
            prefix="%"
            inputMode="decimal"
            value={values.percent}
            onChange={(event) => set("percent", event.target.value)}
            errors={wrong.fields["terms.increments.basis_points"]}
          />
          <TextField
            id={FIELDS["terms.increments.floor"].id}
            label={t.sell.fields.floor}
            optional
            prefix={values.currency}
            inputMode="decimal"
            value={values.floor}
            onChange={(event) => set("floor", event.target.value)}
            errors={wrong.fields["terms.increments.floor"]}
          />
        </div>
      )}
    </>
  );
}

/** A span of time out of a few, and the one that stands there. */
function Seconds({ label, value, choose }: { label: string; value: string; choose: (seconds: string) => void }) {
  const known = [...new Set([...WINDOWS_S, Number(value)])].sort((one, other) => one - other);
  return (
    <Select label={label} value={value} onChange={(event) => choose(event.target.value)}>
      {known.map((seconds) => (
        <option key={seconds} value={seconds}>
          {lengthOf(seconds)}
        </option>
      ))}
    </Select>
  );
}
