import { useEffect, useState } from "react";

/** How long one waits before anything says so, in milliseconds. */
export const SOON = 200;

/** Whether `waiting` has lasted: what comes soon needs no skeleton, which would only flicker. */
export function useLate(waiting: boolean): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) return setLate(false);
    const timer = setTimeout(() => setLate(true), SOON);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && isLate;
}
