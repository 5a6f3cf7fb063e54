/** The filters: beside the list where there is room, else folded up above it. */
import { useState } from "react";
import { Button } from "../../design/button";
import { Select } from "../../design/field";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { FORMAT_KINDS } from "../../live/format";
import styles from "./filter-panel.module.css";
import { countFilters, ENDS, type Filters, NO_FILTERS, STATUSES } from "./filters";
import { PriceField } from "./price-field";
import type { Change } from "./use-filters";
import { useCategories } from "./use-lists";

/** What seldom stands on its own: it is offered only where it is chosen already. */
const RARE: readonly string[] = ["paused"];

export function FilterPanel({ filters, change }: { filters: Filters; change: Change }) {
  const t = useTexts();
  const [isOpen, setOpen] = useState(false);
  const categories = useCategories();
  const on = countFilters(filters);
  const statuses = STATUSES.filter((status) => !RARE.includes(status) || status === filters.status);
  const isKnown = categories.data?.some((category) => category.slug === filters.category);
  return (
    <div className={styles.panel}>
      <button
        type="button"
        className={styles.fold}
        aria-expanded={isOpen}
        aria-controls="filters"
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="menu" />
        {on > 0 ? t.browse.filtersOn(count(on)) : t.browse.filters}
      </button>
      <form
        id="filters"
        aria-label={t.browse.filters}
        className={`${styles.filters} ${isOpen ? "" : styles.folded}`}
        onSubmit={(event) => event.preventDefault()}
      >
        <Select
          label={t.browse.status}
          value={filters.status}
          onChange={(event) => change({ status: event.target.value as Filters["status"] })}
        >
          {statuses.map((status) => (
            <option key={status} value={status}>
              {t.browse.statuses[status]}
            </option>
          ))}
        </Select>
        <Select
          label={t.browse.category}
          value={filters.category}
          onChange={(event) => change({ category: event.target.value })}
        >
          <option value="">{t.browse.anyCategory}</option>
          {filters.category && !isKnown && <option value={filters.category}>{filters.category}</option>}
          {categories.data?.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </Select>
        <Select
          label={t.browse.format}
          value={filters.format}
          onChange={(event) => change({ format: event.target.value as Filters["format"] })}
        >
          <option value="any">{t.browse.anyFormat}</option>
          {FORMAT_KINDS.map((format) => (
            <option key={format} value={format}>
              {t.common.formats[format]}
            </option>
          ))}
        </Select>
        <fieldset className={styles.prices}>
          <legend>{t.browse.price}</legend>
          <PriceField label={t.browse.from} value={filters.min_price} change={(min_price) => change({ min_price })} />
          <PriceField label={t.browse.to} value={filters.max_price} change={(max_price) => change({ max_price })} />
        </fieldset>
        <Select
          label={t.browse.ends}
          value={filters.ends}
          onChange={(event) => change({ ends: event.target.value as Filters["ends"] })}
        >
          {ENDS.map((ends) => (
            <option key={ends} value={ends}>
              {t.browse.endsWithin[ends]}
            </option>
          ))}
        </Select>
        <Button
          className={styles.clear}
          look="quiet"
          size="small"
          disabled={on === 0}
          onClick={(event) => {
            // The button has nothing more to do; the focus stays in the form.
            event.currentTarget.form?.querySelector("select")?.focus();
            change({ ...NO_FILTERS, search: filters.search, ordering: filters.ordering });
          }}
        >
          {t.browse.clear}
        </Button>
        {/* Enter in a field hands its value in. */}
        <button type="submit" hidden />
      </form>
    </div>
  );
}
