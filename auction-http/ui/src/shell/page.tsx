/** A page: its title, its one heading, and the focus when one arrives. */
import { type ReactNode, useEffect, useRef } from "react";
import { useLocation, useNavigationType } from "react-router";
import { useTexts } from "../i18n";
import styles from "./page.module.css";

/** What an address is given that belongs to the page that is shown already. */
export const SAME_PAGE = { isSamePage: true } as const;

function isSamePage(state: unknown): boolean {
  return typeof state === "object" && state !== null && "isSamePage" in state;
}

export function Page({
  title,
  heading,
  lead,
  actions,
  narrow = false,
  children,
}: {
  title: string;
  heading?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}) {
  const t = useTexts();
  const h1 = useRef<HTMLHeadingElement>(null);
  const { key, pathname, state } = useLocation();
  const how = useNavigationType();
  useEffect(() => {
    document.title = `${title} · ${t.common.site}`;
  }, [title, t]);
  // Who follows a link hears where they are. The first page of a visit, and Back, leave the focus alone, as does a page
  // that only gets an address of its own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each path
  useEffect(() => {
    if (key !== "default" && how !== "POP" && !isSamePage(state)) h1.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div className={`${styles.page} ${narrow ? styles.narrow : ""}`}>
      <header className={styles.head}>
        <div>
          <h1 ref={h1} tabIndex={-1}>
            {heading ?? title}
          </h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
