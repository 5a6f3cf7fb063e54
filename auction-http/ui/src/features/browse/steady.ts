/** Keeps the rows of a list in their places while somebody looks at them. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useNavigationType } from "react-router";
import type { Auction } from "../../live/wire";

/** For how long after one has arrived the rows may still find their places, in milliseconds. */
export const SETTLING = 1_000;

export type List = { rows: readonly Auction[]; count: number };

/** What is held with what is known by now: the same rows in the same places. */
export function refreshed(held: List, fresh: List): List {
  const known = new Map(fresh.rows.map((row) => [row.id, row]));
  return { ...held, rows: held.rows.map((row) => known.get(row.id) ?? row) };
}

/** Whether other rows, or another order of them, would be shown. */
export function differs(held: List, fresh: List): boolean {
  return held.rows.length !== fresh.rows.length || held.rows.some((row, index) => row.id !== fresh.rows[index]?.id);
}

/**
 * A list that holds still: rows are kept up to date, and stay where they are until one asks for the list anew, which
 * `view` names, comes back from elsewhere, or calls `adopt`. Who goes Back finds the list as it was.
 */
export function useSteady(view: string, fresh: List | undefined) {
  const how = useNavigationType();
  const [held, setHeld] = useState<{ view: string; list: List } | null>(null);
  const settlesUntil = useRef(0);
  const known = held?.view === view ? held.list : null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another view is an arrival
  useLayoutEffect(() => {
    settlesUntil.current = how === "POP" ? 0 : performance.now() + SETTLING;
  }, [view]);

  useEffect(() => {
    const returned = () => {
      if (!document.hidden) settlesUntil.current = performance.now() + SETTLING;
    };
    document.addEventListener("visibilitychange", returned);
    return () => document.removeEventListener("visibilitychange", returned);
  }, []);

  useLayoutEffect(() => {
    if (!fresh) return;
    const isSettling = document.hidden || performance.now() < settlesUntil.current;
    setHeld((held) =>
      held?.view === view && !isSettling ? { view, list: refreshed(held.list, fresh) } : { view, list: fresh },
    );
  }, [view, fresh]);

  const list = known ?? fresh;
  return {
    list,
    isChanged: known !== null && fresh !== undefined && differs(known, fresh),
    adopt: () => fresh && setHeld({ view, list: fresh }),
  };
}
