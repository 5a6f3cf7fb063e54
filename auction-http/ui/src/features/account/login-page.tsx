import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, useLocation, useSearchParams } from "react-router";
import { config, type DemoPerson } from "../../api/config";
import { useSession } from "../../api/session";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { Page } from "../../shell/page";
import styles from "./account.module.css";
import { safeNext, withNext } from "./next";
import SignInForm from "./sign-in-form";
import { useVisitor } from "./use-visitor";

/** What brought somebody here, as the page before said it. */
export type Arrival = { email?: string; from: "verified" | "registered" | "reset" };

function isArrival(state: unknown): state is Arrival {
  return typeof state === "object" && state !== null && "from" in state;
}

export default function LoginPage() {
  const t = useTexts();
  useVisitor();
  const queries = useQueryClient();
  const { token, expired } = useSession();
  const [search] = useSearchParams();
  const { state } = useLocation();
  const [person, setPerson] = useState<DemoPerson | null>(null);
  const next = safeNext(search.get("next"));
  if (token !== null && !expired) return <Navigate to={next} replace />;

  const arrival = isArrival(state) ? state : null;
  const news = {
    verified: t.account.verify.done,
    registered: t.account.login.registered,
    reset: t.account.login.reset,
  };
  return (
    <Page title={t.account.login.title} lead={!arrival && next !== "/" ? t.account.login.goOn : undefined} narrow>
      {arrival && (
        <Notice tone="good" role="status">
          {news[arrival.from]}
        </Notice>
      )}
      <div className={styles.panel}>
        <SignInForm
          key={person?.email ?? ""}
          email={person?.email ?? arrival?.email}
          password={person?.password}
          done={() => void queries.invalidateQueries()}
        />
      </div>
      <p className={styles.aside}>
        {t.account.login.none} <Link to={withNext("/register", next)}>{t.account.login.register}</Link>
      </p>
      {config.demo.length > 0 && (
        <Demo
          choose={(chosen) => {
            setPerson(chosen);
            announce(t.account.login.filled(chosen.name));
          }}
        />
      )}
    </Page>
  );
}

/** The people of a demonstration: one click fills in the form. */
function Demo({ choose }: { choose: (person: DemoPerson) => void }) {
  const t = useTexts();
  return (
    <section className={styles.form} aria-labelledby="demo">
      <h2 id="demo">{t.account.login.demoTitle}</h2>
      <p className={styles.aside}>{t.account.login.demoLead}</p>
      <div className={styles.people}>
        {config.demo.map((person) => (
          <Button key={person.email} onClick={() => choose({ ...person })}>
            {person.name}
          </Button>
        ))}
      </div>
    </section>
  );
}
