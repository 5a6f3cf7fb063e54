/** One's own notices: how many are unread, and each as it comes. All tabs and the server agree on what is read. */
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { answered, api } from "../api/client";
import { config, socketUrl } from "../api/config";
import type { components } from "../api/schema";
import { currentSession, useSession } from "../api/session";
import { LiveSocket } from "./socket";

export type NoticeRow = components["schemas"]["Notification"];

/** Tells the other tabs of the site that something was read. */
const tabs = new BroadcastChannel(`auction:notices:${config.base}`);

/** Under which keys notices are kept: how many are unread, and lists of them. */
export const noticeKeys = {
  unread: (token: string | null) => ["notices", token, "unread"],
  lists: (token: string | null) => ["notices", token, "list"],
};

async function countUnread(): Promise<number> {
  return (await answered(api.GET("/api/notifications/unread_count/"))).unread_count;
}

/** How many notices are unread; `null` until it is known. */
export function useUnread(): number | null {
  const { token } = useSession();
  const { data } = useQuery({
    queryKey: noticeKeys.unread(token),
    queryFn: countUnread,
    // The socket says it first and keeps it up; it is asked for only after something was read.
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? null;
}

/** Keeps what is known of notices up to date, and calls `arrived` for each that comes. For one component at a time. */
export function useNoticeFeed(arrived: (notice: NoticeRow) => void) {
  const { token, expired } = useSession();
  const queries = useQueryClient();
  const latest = useRef(arrived);
  latest.current = arrived;
  useEffect(() => {
    if (token === null || expired) return;
    const unread = noticeKeys.unread(token);
    const lists = () => queries.invalidateQueries({ queryKey: noticeKeys.lists(token) });
    const socket = new LiveSocket({
      url: () => socketUrl("notifications/"),
      token: () => token,
      message: (message) => {
        if (typeof message.unread_count === "number") {
          queries.setQueryData(unread, message.unread_count);
          void lists();
        } else if (typeof message.id === "number" && typeof message.kind === "string") {
          // An answer that is on its way may or may not count it: it is asked for again then.
          if (queries.isFetching({ queryKey: unread }) > 0) void recount(queries, token);
          else queries.setQueryData(unread, (count: number | undefined) => (count ?? 0) + 1);
          void lists();
          latest.current(message as unknown as NoticeRow);
        }
      },
      state: () => undefined,
      // Whether the token is dead is found out by the next call.
      refused: () => void api.GET("/api/me/").catch(() => undefined),
    });
    const reread = () => refresh(queries, token);
    tabs.addEventListener("message", reread);
    return () => {
      tabs.removeEventListener("message", reread);
      socket.close();
    };
  }, [token, expired, queries]);
}

/** Asks how many are unread. Without an answer the number stays as it is, until the socket says another. */
async function recount(queries: QueryClient, token: string | null) {
  const queryKey = noticeKeys.unread(token);
  await queries.cancelQueries({ queryKey });
  await queries.fetchQuery({ queryKey, queryFn: countUnread, staleTime: 0 }).catch(() => undefined);
}

function refresh(queries: QueryClient, token: string | null) {
  return Promise.all([recount(queries, token), queries.invalidateQueries({ queryKey: noticeKeys.lists(token) })]);
}

/** Marks one notice as read, or all of them, here and in all tabs. */
export function useMarkRead() {
  const queries = useQueryClient();
  const done = useCallback(async () => {
    tabs.postMessage("read");
    await refresh(queries, currentSession().token);
  }, [queries]);
  const one = useCallback(
    async (id: number) => {
      await answered(api.POST("/api/notifications/{id}/read/", { params: { path: { id } } }));
      await done();
    },
    [done],
  );
  const all = useCallback(async () => {
    await answered(api.POST("/api/notifications/read_all/"));
    await done();
  }, [done]);
  return { one, all };
}
