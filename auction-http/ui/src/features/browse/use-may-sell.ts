import { config } from "../../api/config";
import { useMe } from "../../api/me";

/** Whether this person may sell, or may at least ask to. */
export function useMaySell(): boolean {
  const me = useMe();
  return config.sellers !== "staff" || (me?.roles.includes("seller") ?? false);
}
