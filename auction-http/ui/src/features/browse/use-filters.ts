import { useCallback, useMemo } from "react";
import { useLocation, useNavigate } from "react-router";
import { type Filters, readFilters, withFilters, writeFilters } from "./filters";

export type Change = (change: Partial<Filters>, how?: "typing") => void;

/**
 * The filters in the address. Each change is a step that Back undoes; what is typed in one go is one step.
 */
export function useFilters(): [Filters, Change] {
  const { search, state } = useLocation();
  const navigate = useNavigate();
  const filters = useMemo(() => readFilters(new URLSearchParams(search)), [search]);
  const wasTyping = (state as { typing?: boolean } | null)?.typing === true;
  const change = useCallback<Change>(
    (change, how) => {
      const next = writeFilters(withFilters(filters, change));
      if (next === writeFilters(filters)) return;
      const typing = how === "typing";
      void navigate(
        { pathname: "/auctions", search: next },
        { preventScrollReset: true, replace: typing && wasTyping, state: { typing } },
      );
    },
    [filters, navigate, wasTyping],
  );
  return [filters, change];
}
