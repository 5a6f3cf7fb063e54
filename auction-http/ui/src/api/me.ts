/** Who is signed in. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answered, api } from "./client";
import type { components } from "./schema";
import { forgetSession, useSession } from "./session";

export type Me = components["schemas"]["Me"];

/** The account of who is signed in; `null` for a visitor, `undefined` until it is known. */
export function useMe(): Me | null | undefined {
  const { token, expired } = useSession();
  const { data } = useQuery({
    queryKey: ["me", token],
    queryFn: () => answered(api.GET("/api/me/")),
    enabled: token !== null && !expired,
    staleTime: 60_000,
  });
  return token === null ? null : data;
}

/** Whether somebody belongs to the house. */
export function isStaff(me: Me | null | undefined): boolean {
  return me?.roles.some((role) => role === "staff" || role === "admin") ?? false;
}

export function useSignOut(): () => void {
  const queries = useQueryClient();
  return useCallback(() => {
    // The server ends the session where it can be reached; here it ends in any case.
    void api.POST("/api/logout/").catch(() => undefined);
    forgetSession();
    queries.removeQueries({
      predicate: (query) => query.queryKey[0] !== "auctions" && query.queryKey[0] !== "auction",
    });
    void queries.invalidateQueries();
  }, [queries]);
}
