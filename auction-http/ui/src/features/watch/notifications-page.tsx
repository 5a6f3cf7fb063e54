/** All of one's notices. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { useSession } from "../../api/session";
import { announce } from "../../design/announce";
import { Button, ButtonLink } from "../../design/button";
import { useSubmit } from "../../design/form";
import { Empty, Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { type NoticeRow, noticeKeys, useMarkRead, useUnread } from "../../live/use-notices";
import { Page } from "../../shell/page";
import { Failed, Waiting } from "./loading";
import { Row } from "./notice-row";
import styles from "./notifications.module.css";
import { wordsOf } from "./words";

/** How many are shown at first, and more at each time of asking. */
const STEP = 25;
/** How many the server answers at once. */
const ROWS_MAX = 500;

export default function NotificationsPage() {
  const t = useTexts();
  const { token } = useSession();
  const unread = useUnread();
  const mark = useMarkRead();
  const [shown, setShown] = useState(STEP);
  const list = useInfiniteQuery({
    queryKey: [...noticeKeys.lists(token), "all"],
    queryFn: async ({ pageParam }) => {
      const query = pageParam === null ? {} : { before: pageParam };
      return (await answered(api.GET("/api/notifications/", { params: { query } }))) as NoticeRow[];
    },
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < ROWS_MAX ? undefined : (last.at(-1)?.id ?? undefined)),
  });
  const one = useSubmit(mark.one);
  const all = useSubmit(
    () => mark.all(),
    () => announce(t.watch.markedAll),
  );
  const rows = list.data?.pages.flat() ?? [];
  // A line without words holds the place until it is known.
  const known = unread === null ? "\u00a0" : unread > 0 ? t.watch.unread(unread, count(unread)) : t.watch.allRead;
  const hasMore = rows.length > shown || list.hasNextPage;
  function more() {
    setShown(shown + STEP);
    if (rows.length < shown + STEP && list.hasNextPage) void list.fetchNextPage();
  }
  const failure = one.failure ?? all.failure;
  return (
    <Page
      title={t.watch.noticesTitle}
      lead={rows.length > 0 && known}
      actions={
        rows.length > 0 && (
          <Button busy={all.busy} onClick={() => all.submit(undefined)}>
            {t.watch.markAll}
          </Button>
        )
      }
    >
      {failure && (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      )}
      {list.isPending && <Waiting rows={5} />}
      {list.isError && rows.length === 0 && <Failed error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <Empty
          icon="bell"
          title={t.watch.noNotices}
          actions={
            <ButtonLink to="/auctions" look="primary">
              {t.watch.browse}
            </ButtonLink>
          }
        >
          {t.watch.noNoticesMore}
        </Empty>
      )}
      {rows.length > 0 && (
        <ul className={styles.list}>
          {rows.slice(0, shown).map((notice) => (
            <Row key={notice.id} notice={notice} read={(id) => one.submit(id)}>
              {!notice.is_read && (
                <Button
                  look="quiet"
                  size="small"
                  aria-label={t.watch.markReadOf(wordsOf(notice, t).sentence)}
                  onClick={(event) => {
                    // The button goes away with what it does: the focus stays in the row.
                    event.currentTarget.closest("li")?.querySelector("a")?.focus();
                    one.submit(notice.id);
                  }}
                >
                  {t.watch.markRead}
                </Button>
              )}
            </Row>
          ))}
        </ul>
      )}
      {hasMore && (
        <p className={styles.more}>
          <Button busy={list.isFetchingNextPage} onClick={more}>
            {t.common.more}
          </Button>
        </p>
      )}
    </Page>
  );
}
