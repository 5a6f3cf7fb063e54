/** The newest notices, in the popover of the bell. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { answered, api } from "../../api/client";
import { useSession } from "../../api/session";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { useTexts } from "../../i18n";
import { sentenceOf } from "../../i18n/problems";
import { type NoticeRow, noticeKeys, useMarkRead } from "../../live/use-notices";
import styles from "./newest.module.css";
import { Row } from "./notice-row";

/** How many are shown. */
const NEWEST = 6;

export default function Newest() {
  const t = useTexts();
  const { token } = useSession();
  const mark = useMarkRead();
  const [isMarking, setMarking] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: [...noticeKeys.lists(token), "newest"],
    queryFn: async () => {
      const query = { page: 1, page_size: NEWEST };
      return (await answered(api.GET("/api/notifications/", { params: { query } }))) as { results: NoticeRow[] };
    },
    staleTime: 0,
  });
  async function markAll() {
    setMarking(true);
    try {
      await mark.all();
      announce(t.watch.markedAll);
    } catch (problem) {
      announce(sentenceOf(problem, t), "assertive");
    } finally {
      setMarking(false);
    }
  }
  return (
    <>
      <div className={styles.head}>
        <p className={styles.title}>{t.watch.noticesTitle}</p>
        <Button look="quiet" size="small" busy={isMarking} onClick={() => void markAll()}>
          {t.watch.markAll}
        </Button>
      </div>
      {error && !data && (
        <p className={styles.none}>
          {t.common.failed}{" "}
          <Button size="small" onClick={() => void refetch()}>
            {t.common.retry}
          </Button>
        </p>
      )}
      {!data && !error && <div className={styles.waiting} />}
      {data?.results.length === 0 && <p className={styles.none}>{t.watch.noNoticesMore}</p>}
      {data && data.results.length > 0 && (
        <ul className={styles.list}>
          {data.results.map((notice) => (
            <Row key={notice.id} notice={notice} read={(id) => void mark.one(id).catch(() => undefined)} />
          ))}
        </ul>
      )}
      <p className={styles.foot}>
        <Link to="/notifications">{t.watch.seeAll}</Link>
      </p>
    </>
  );
}
