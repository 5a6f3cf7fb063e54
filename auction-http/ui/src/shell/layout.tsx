import { Suspense } from "react";
import { Outlet, ScrollRestoration, useNavigation } from "react-router";
import { useSaid } from "../design/announce";
import { useTexts } from "../i18n";
import { Expired } from "./expired";
import { Footer } from "./footer";
import { Header } from "./header";
import styles from "./layout.module.css";

/** A line that grows while a page takes long to come. */
function Underway() {
  const { state } = useNavigation();
  return state === "idle" ? null : <div className={styles.underway} aria-hidden="true" />;
}

/** What stands around every page. */
export function Layout() {
  const t = useTexts();
  const said = useSaid();
  return (
    <div className={styles.layout}>
      {/* biome-ignore lint/a11y/useValidAnchor: a link to a part of the page, which also takes the focus */}
      <a
        className={styles.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {t.shell.skip}
      </a>
      <Underway />
      <Header />
      <main id="main" tabIndex={-1} className={styles.main}>
        <Suspense fallback={<div className={styles.waiting} />}>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <Expired />
      <div className="hidden-visually" aria-live="polite">
        {said.polite}
      </div>
      <div className="hidden-visually" aria-live="assertive">
        {said.assertive}
      </div>
      <ScrollRestoration />
    </div>
  );
}
