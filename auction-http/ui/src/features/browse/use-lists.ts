/** The lists of auctions, as somebody sees them. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import { config } from "../../api/config";
import { useSession } from "../../api/session";
import { serverTime } from "../../live/server-time";
import { type Filters, queryOf, writeFilters } from "./filters";
import type { List } from "./steady";

/** How long lists are kept for who goes Back, in milliseconds. */
const KEPT = 60 * 60_000;
/** How many cards a part of the first page shows. */
export const PART = 4;

/** Whether this visitor may see auctions at all. */
export function useMayBrowse(): boolean {
  const { token } = useSession();
  return config.public_browsing || token !== null;
}

export function useCategories() {
  return useQuery({
    queryKey: ["categories"],
    queryFn: () => answered(api.GET("/api/categories/")),
    staleTime: 5 * 60_000,
    enabled: useMayBrowse(),
  });
}

type Query = ReturnType<typeof queryOf>;

async function page(query: Query): Promise<List> {
  const found = await answered(api.GET("/api/auctions/", { params: { query } }));
  // With a page or its size the answer is never a bare list.
  if (!("results" in found)) throw new TypeError("a page was expected");
  return { rows: found.results, count: found.count };
}

/** What fits the filters. While others are fetched, the ones before stay. */
export function useAuctions(filters: Filters) {
  const { token } = useSession();
  const view = writeFilters(filters);
  const query = useQuery({
    queryKey: ["auctions", "list", view, token],
    queryFn: async () => page(queryOf(filters, await serverTime(), token !== null)),
    placeholderData: keepPreviousData,
    gcTime: KEPT,
    enabled: useMayBrowse(),
  });
  return { query, view: `${view} ${token ?? ""}` };
}

/** A part of the first page. */
export function usePart(name: string, wanted: Query, enabled = true) {
  const { token } = useSession();
  const mayBrowse = useMayBrowse();
  return useQuery({
    queryKey: ["auctions", name, token],
    queryFn: () => page({ page_size: PART, ...wanted, ...(token !== null && { scope: "all" }) }),
    gcTime: KEPT,
    enabled: mayBrowse && enabled,
  });
}

/** The dearest of what is open or coming. */
export function useFeatured() {
  const { token } = useSession();
  return useQuery({
    queryKey: ["auctions", "featured", token],
    queryFn: async (): Promise<List> => {
      const rows = await answered(api.GET("/api/auctions/featured/"));
      return { rows, count: rows.length };
    },
    gcTime: KEPT,
    enabled: useMayBrowse(),
  });
}
