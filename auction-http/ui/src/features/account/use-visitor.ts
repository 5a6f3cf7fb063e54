import { useEffect } from "react";
import { forgetSession, useSession } from "../../api/session";

/**
 * For pages to which one comes without being signed in: a session that the server no longer takes is forgotten there,
 * in place of asking for its password.
 */
export function useVisitor() {
  const { expired } = useSession();
  useEffect(() => {
    if (expired) forgetSession();
  }, [expired]);
}
