/** The terms that most sellers leave to the house. */
import { useEffect, useRef } from "react";
import { Select, TextField } from "../../design/field";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { Choose } from "./choose";
import { FIELDS, inOrder } from "./fields";
import styles from "./form.module.css";
import { fitting, hidesLead } from "./format";
import { Seconds } from "./seconds";
import type { LotForm } from "./use-lot-form";
import { PERIODS_S, RETRACTIONS_S, WINDOWS_S } from "./values";

/** How long the name of a group may be, in letters. */
const GROUP_CHARS_MAX = 64;

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
  const fits = fitting(values);
  const isSoft = values.closing === "reset" || values.closing === "add";
  const isLeft = values.closing === "";
  const closing = values.closing as keyof typeof t.sell.closingHints;
  return (
    <details ref={details} className={styles.details}>
      <summary>
        <h2>{t.sell.sections.terms}</h2>
        <span>{t.sell.sections.termsMore}</span>
      </summary>
      <div className={styles.fields}>
        {fits.increments && <Increments form={form} />}
        {fits.firstBid && <Choose form={form} name="firstBid" field="terms.first_bid" />}
        {fits.closing && (
          <Choose
            form={form}
            name="closing"
            field="terms.closing"
            hint={isLeft && hidesLead(values) ? t.sell.closingHidden : t.sell.closingHints[closing]}
            without={fits.candle ? undefined : "candle"}
          />
        )}
        {fits.closing && isSoft && (
          <>
            <div className={styles.pair}>
              <Seconds
                label={t.sell.fields.window}
                choices={WINDOWS_S}
                value={values.window}
                choose={(seconds) => set("window", seconds)}
              />
              {values.closing === "add" && (
                <Seconds
                  label={t.sell.fields.extension}
                  choices={WINDOWS_S}
                  value={values.extension}
                  choose={(seconds) => set("extension", seconds)}
                />
              )}
            </div>
            <TextField
              id={FIELDS["terms.closing.group"].id}
              label={t.sell.fields.group}
              hint={t.sell.fields.groupHint}
              optional
              value={values.group}
              maxLength={GROUP_CHARS_MAX}
              onChange={(event) => set("group", event.target.value)}
              errors={wrong.fields["terms.closing.group"]}
              autoComplete="off"
            />
          </>
        )}
        {fits.candle && values.closing === "candle" && (
          <Seconds
            id={FIELDS["terms.closing.period_s"].id}
            label={t.sell.fields.period}
            choices={PERIODS_S}
            value={values.period}
            choose={(seconds) => set("period", seconds)}
            errors={wrong.fields["terms.closing.period_s"]}
          />
        )}
        {fits.retraction && <Retraction form={form} />}
        <Choose form={form} name="joinUntil" field="terms.join_until" />
        {isTrap && <Notice tone="brass">{t.sell.fields.joinTrap}</Notice>}
        {fits.buyNow && (
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
        )}
        <Choose form={form} name="earlyClose" field="terms.early_close" />
      </div>
    </details>
  );
}

function Retraction({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set } = form;
  return (
    <>
      <Choose form={form} name="retraction" field="terms.retraction" hint={t.sell.fields.retractionHint} />
      {values.retraction === "allowed" && (
        <div className={styles.pair}>
          <Seconds
            label={t.sell.fields.freeUntil}
            choices={RETRACTIONS_S}
            value={values.freeUntil}
            choose={(seconds) => set("freeUntil", seconds)}
          />
          <Seconds
            label={t.sell.fields.grace}
            choices={RETRACTIONS_S}
            value={values.grace}
            choose={(seconds) => set("grace", seconds)}
          />
        </div>
      )}
    </>
  );
}

function Increments({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set, wrong } = form;
  return (
    <>
      <Choose
        form={form}
        name="increments"
        field="terms.increments"
        {...(values.format === "reverse" && { label: t.sell.fields.decrements })}
      />
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
