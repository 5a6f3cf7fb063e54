/** Where the price starts, and below which nothing is sold. */
import { config } from "../../api/config";
import { Select, TextField } from "../../design/field";
import { currentLanguage, useTexts } from "../../i18n";
import { Choose } from "./choose";
import { FIELDS } from "./fields";
import styles from "./form.module.css";
import { fitting } from "./format";
import type { LotForm } from "./use-lot-form";

/** What can be chosen besides the currency of the house. */
const CURRENCIES = ["USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "MXN", "BRL", "SEK", "NOK", "DKK", "PLN", "CZK"];

export function PriceSection({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set, wrong, auction } = form;
  const isFixed = auction !== null && auction.status !== "draft";
  const known = [...new Set([values.currency, config.currency, ...CURRENCIES])];
  const names = new Intl.DisplayNames(currentLanguage(), { type: "currency" });
  return (
    <>
      <div className={styles.pair}>
        <TextField
          id={FIELDS.starting_price.id}
          label={t.sell.prices[values.format]}
          prefix={values.currency}
          inputMode="decimal"
          value={values.price}
          onChange={(event) => set("price", event.target.value)}
          errors={wrong.fields.starting_price}
          autoComplete="off"
          aria-required="true"
        />
        <Select
          id={FIELDS.currency.id}
          label={t.sell.fields.currency}
          hint={isFixed ? t.sell.fields.currencyFixed : undefined}
          value={values.currency}
          disabled={isFixed}
          onChange={(event) => set("currency", event.target.value)}
          errors={wrong.fields.currency}
        >
          {known.map((code) => (
            <option key={code} value={code}>
              {code} · {names.of(code)}
            </option>
          ))}
        </Select>
      </div>
      {fitting(values).reserve && <Reserve form={form} />}
    </>
  );
}

function Reserve({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set, wrong } = form;
  const isReverse = values.format === "reverse";
  return (
    <div className={styles.pair}>
      <TextField
        id={FIELDS["terms.reserve"].id}
        label={isReverse ? t.sell.fields.limit : t.sell.fields.reserve}
        hint={isReverse ? t.sell.fields.limitHint : t.sell.fields.reserveHint}
        optional
        prefix={values.currency}
        inputMode="decimal"
        value={values.reserve}
        onChange={(event) => set("reserve", event.target.value)}
        errors={wrong.fields["terms.reserve"]}
        autoComplete="off"
      />
      {values.reserve.trim() !== "" && (
        <Choose form={form} name="visibility" field="terms.reserve_visibility" hint={t.sell.fields.visibilityHint} />
      )}
    </div>
  );
}
