/** What is sold. */
import { useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { Select, TextArea, TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import { FIELDS } from "./fields";
import type { LotForm } from "./use-lot-form";

const TITLE_CHARS_MAX = 200;
const DESCRIPTION_CHARS_MAX = 20_000;

export function LotSection({ form }: { form: LotForm }) {
  const t = useTexts();
  const { values, set, wrong } = form;
  const categories = useQuery({
    queryKey: ["categories"],
    queryFn: () => answered(api.GET("/api/categories/")),
    staleTime: 300_000,
  }).data;
  return (
    <>
      <TextField
        id={FIELDS.title.id}
        label={t.sell.fields.title}
        hint={t.sell.fields.titleHint}
        value={values.title}
        maxLength={TITLE_CHARS_MAX}
        onChange={(event) => set("title", event.target.value)}
        errors={wrong.fields.title}
        autoComplete="off"
        aria-required="true"
      />
      <TextArea
        id={FIELDS.description.id}
        label={t.sell.fields.description}
        hint={t.sell.fields.descriptionHint}
        optional
        rows={7}
        value={values.description}
        maxLength={DESCRIPTION_CHARS_MAX}
        onChange={(event) => set("description", event.target.value)}
        errors={wrong.fields.description}
      />
      <Select
        id={FIELDS.category.id}
        label={t.sell.fields.category}
        optional
        value={values.category}
        onChange={(event) => set("category", event.target.value)}
        errors={wrong.fields.category}
      >
        <option value="">{t.sell.fields.noCategory}</option>
        {categories?.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </>
  );
}
