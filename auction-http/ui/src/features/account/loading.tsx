import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { sentenceOf } from "../../i18n/problems";
import styles from "./account.module.css";

/** What was fetched; until then room for it, and where it fails a way to try again. */
export function Loading<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const t = useTexts();
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <Notice
        tone="bad"
        role="alert"
        actions={
          <Button size="small" busy={query.isFetching} onClick={() => void query.refetch()}>
            {t.common.retry}
          </Button>
        }
      >
        {t.common.failed} {sentenceOf(query.error, t)}
      </Notice>
    );
  }
  return <div className={styles.room} aria-busy="true" />;
}
