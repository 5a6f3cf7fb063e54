import { Navigate, Outlet, useLocation } from "react-router";
import { useSession } from "../api/session";

/** Pages for people who are signed in: others sign in first, and come back. */
export function Members() {
  const { token } = useSession();
  const { pathname, search } = useLocation();
  if (token === null) return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  return <Outlet />;
}
