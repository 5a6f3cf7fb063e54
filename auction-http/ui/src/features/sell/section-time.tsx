/** When the auction runs: times of a named zone. */
import { useMemo } from "react";
import { Select, TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import { utcTime } from "../../i18n/format";
import { FIELDS } from "./fields";
import styles from "./form.module.css";
import type { LotForm } from "./use-lot-form";
import { browserZone, offsetName, readWall, zoneLabel, zones } from "./zone";

export function TimeSection({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set } = form;
  const own = browserZone();
  const all = useMemo(() => zones([own]), [own]);
  return (
    <>
      <Select
        id="lot-zone"
        label={t.sell.fields.zone}
        hint={t.sell.fields.zoneHint}
        value={values.zone}
        onChange={(event) => set("zone", event.target.value)}
      >
        {all.map((zone) => (
          <option key={zone} value={zone}>
            {zone === own ? t.sell.fields.yourZone(zoneLabel(zone)) : zoneLabel(zone)}
          </option>
        ))}
      </Select>
      <fieldset className={styles.choice}>
        <legend>{t.sell.fields.starts}</legend>
        <label>
          <input type="radio" name="starts" checked={values.starts === "now"} onChange={() => set("starts", "now")} />
          {t.sell.fields.startsNow}
        </label>
        <label>
          <input type="radio" name="starts" checked={values.starts === "at"} onChange={() => set("starts", "at")} />
          {t.sell.fields.startsAt}
        </label>
      </fieldset>
      <div className={styles.pair}>
        {values.starts === "at" && <Time form={form} name="start" later="startLater" field="start_date_time" />}
        <Time form={form} name="end" later="endLater" field="end_date_time" />
      </div>
    </>
  );
}

function Time({
  form: { values, set, wrong },
  name,
  later,
  field,
}: {
  form: LotForm;
  name: "start" | "end";
  later: "startLater" | "endLater";
  field: "start_date_time" | "end_date_time";
}) {
  const t = useTexts();
  const reading = readWall(values[name], values.zone);
  const at =
    reading.kind === "one"
      ? reading.at
      : reading.kind === "twice"
        ? values[later]
          ? reading.second
          : reading.first
        : null;
  const skipped =
    reading.kind === "never" ? [t.sell.wrong.skipped(reading.from.slice(11), reading.to.slice(11))] : undefined;
  const { id } = FIELDS[field];
  return (
    <div className={styles.time}>
      <TextField
        id={id}
        type="datetime-local"
        label={
          <>
            {t.sell.fields[name]} <span className={styles.zone}>{at === null ? "" : offsetName(values.zone, at)}</span>
          </>
        }
        value={values[name]}
        onChange={(event) => set(name, event.target.value)}
        errors={wrong.fields[field] ?? skipped}
        aria-required="true"
      />
      {reading.kind === "twice" && (
        <Select
          label={t.sell.fields.which}
          value={values[later] ? "second" : "first"}
          onChange={(event) => set(later, event.target.value === "second")}
        >
          <option value="first">{t.sell.fields.first(offsetName(values.zone, reading.first))}</option>
          <option value="second">{t.sell.fields.second(offsetName(values.zone, reading.second))}</option>
        </Select>
      )}
      <p className={styles.utc}>{at === null ? "" : t.sell.fields.inUtc(utcTime(new Date(at).toISOString()))}</p>
    </div>
  );
}
