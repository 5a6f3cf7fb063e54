import { useEffect, useRef } from "react";
import { Button } from "../../design/button";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import { SEARCH_MAX } from "./filters";
import styles from "./search-form.module.css";
import type { Change } from "./use-filters";
import { useTyped } from "./use-typed";

/** For how long typing has to rest before it is looked for, in milliseconds. */
const REST = 350;

export function SearchForm({ value, change }: { value: string; change: Change }) {
  const t = useTexts();
  const { text, setText, hand } = useTyped(value);
  const timer = useRef<number | undefined>(undefined);
  // What rests is looked for among the filters of that moment.
  const latest = useRef(change);
  latest.current = change;
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = (next: string) => {
    clearTimeout(timer.current);
    hand(next.trim());
    latest.current({ search: next.trim() }, "typing");
  };
  return (
    <search>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          look(text);
        }}
      >
        <label htmlFor="search" className={styles.label}>
          {t.browse.search}
        </label>
        <div className={styles.line}>
          <input
            id="search"
            type="search"
            enterKeyHint="search"
            autoComplete="off"
            maxLength={SEARCH_MAX}
            className={styles.input}
            aria-describedby="search-hint"
            value={text}
            onChange={(event) => {
              const next = event.target.value;
              setText(next);
              clearTimeout(timer.current);
              timer.current = window.setTimeout(() => look(next), REST);
            }}
          />
          <Button type="submit" look="primary">
            <Icon name="search" />
            <span className={styles.name}>{t.browse.search}</span>
          </Button>
        </div>
        <p id="search-hint" className={styles.hint}>
          {t.browse.searchHint}
        </p>
      </form>
    </search>
  );
}
