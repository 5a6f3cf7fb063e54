import { lazy, Suspense, type ToggleEvent, useEffect, useRef } from "react";
import { Link, NavLink, useLocation } from "react-router";
import { useMe, useSignOut } from "../api/me";
import { useSession } from "../api/session";
import { ButtonLink } from "../design/button";
import { Icon } from "../design/icon";
import { useTexts, wholeLanguage } from "../i18n";
import styles from "./header.module.css";

/** For those who are signed in: nobody else fetches it. */
const Bell = lazy(async () => {
  const [{ Bell }] = await Promise.all([import("../features/watch/bell"), wholeLanguage()]);
  return { default: Bell };
});

/** Between the button of a menu and the menu, in pixels. */
const MENU_GAP = 6;

export function Header() {
  const t = useTexts();
  const me = useMe();
  // Known at once, so that nothing moves when the name arrives.
  const isMember = useSession().token !== null;
  return (
    <header className={styles.header}>
      <div className={`${styles.inside} ${isMember ? "" : styles.visitor}`}>
        <Link to="/" className={styles.brand}>
          <span className={styles.mark}>
            <Icon name="gavel" size={22} />
          </span>
          <span className={styles.site}>{t.common.site}</span>
        </Link>
        <nav aria-label={t.shell.nav} className={styles.nav}>
          <NavLink to="/auctions">{t.shell.auctions}</NavLink>
          {isMember && (
            <>
              <NavLink to="/my-auctions">{t.shell.myAuctions}</NavLink>
              <NavLink to="/won-auctions">{t.shell.wonAuctions}</NavLink>
              <NavLink to="/sell">{t.shell.sell}</NavLink>
            </>
          )}
        </nav>
        <div className={styles.tools}>
          {isMember && (
            <Suspense fallback={<span className={styles.place} />}>
              {me ? <Bell /> : <span className={styles.place} />}
            </Suspense>
          )}
          {isMember ? (
            <Account name={me?.first_name ?? ""} />
          ) : (
            <>
              <ButtonLink to="/login" look="quiet" size="small">
                {t.shell.signIn}
              </ButtonLink>
              <ButtonLink to="/register" look="primary" size="small">
                {t.shell.register}
              </ButtonLink>
            </>
          )}
        </div>
      </div>
    </header>
  );
}

/** What one can do with one's account, in a popover. */
function Account({ name }: { name: string }) {
  const t = useTexts();
  const signOut = useSignOut();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes whenever one goes somewhere
  useEffect(() => {
    if (menu.current?.matches(":popover-open")) menu.current.hidePopover();
  }, [key]);
  const place = (event: ToggleEvent) => {
    if (event.newState !== "open" || !button.current || !menu.current) return;
    const { bottom, right } = button.current.getBoundingClientRect();
    menu.current.style.insetBlockStart = `${bottom + MENU_GAP}px`;
    menu.current.style.insetInlineEnd = `${document.documentElement.clientWidth - right}px`;
  };
  return (
    <>
      <button ref={button} type="button" popoverTarget="account-menu" className={styles.account}>
        <Icon name="user" />
        <span className={styles.name}>{name}</span>
        <span className="hidden-visually">{t.shell.account}</span>
      </button>
      <div id="account-menu" popover="auto" ref={menu} className={styles.menu} onBeforeToggle={place}>
        <Link to="/profile">{t.shell.profile}</Link>
        <Link to="/two-factor">{t.shell.security}</Link>
        <Link to="/notifications">{t.shell.notifications(0)}</Link>
        <button type="button" onClick={signOut}>
          {t.shell.signOut}
        </button>
      </div>
    </>
  );
}
