import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { Me } from "../../api/me";
import { useSession } from "../../api/session";

/** Takes in what the server says about who is signed in, everywhere on the site. */
export function useMeChange(): (me: Me) => void {
  const queries = useQueryClient();
  const { token } = useSession();
  return useCallback((me) => void queries.setQueryData(["me", token], me), [queries, token]);
}
