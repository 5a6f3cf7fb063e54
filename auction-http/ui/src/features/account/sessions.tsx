import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { isProblem } from "../../api/problem";
import type { components } from "../../api/schema";
import { useSession } from "../../api/session";
import { Button } from "../../design/button";
import { useSubmit } from "../../design/form";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import { day, dayAndTime } from "../../i18n/format";
import styles from "./account.module.css";
import { deviceOf } from "./device";
import { DoneNote } from "./done-note";
import { Failure } from "./failure";
import { Loading } from "./loading";
import profile from "./profile.module.css";

type Row = components["schemas"]["SessionRow"];

/** Where somebody is signed in, and how to end that. */
export function Sessions() {
  const { token } = useSession();
  const sessions = useQuery({ queryKey: ["sessions", token], queryFn: () => answered(api.GET("/api/sessions/")) });
  return <Loading query={sessions}>{(rows) => <Rows rows={rows} />}</Loading>;
}

function Rows({ rows }: { rows: Row[] }) {
  const t = useTexts();
  const queries = useQueryClient();
  const [done, say] = useState<string | null>(null);
  const { submit, busy, failure } = useSubmit(endAll, (_, { said }: Ending) => say(said));
  const end = (ending: Ending) =>
    submit(ending, { onSettled: () => void queries.invalidateQueries({ queryKey: ["sessions"] }) });
  const others = rows.filter((row) => !row.is_current);
  const nameOf = ({ device }: Row) => {
    const known = deviceOf(device);
    return known ? t.account.sessions.on(known.browser, known.system) : device || t.account.sessions.unknown;
  };
  return (
    <div className={styles.form}>
      <Failure text={failure} />
      <ul className={profile.rows}>
        {rows.map((row) => (
          <li key={row.id} className={profile.row}>
            <div className={profile.device}>
              <div>{nameOf(row)}</div>
              <div className={profile.when}>
                {t.account.sessions.since(dayAndTime(row.created_at))}, {t.account.sessions.until(day(row.expires_at))}
              </div>
            </div>
            {row.is_current ? (
              <span className={profile.current}>
                <Icon name="check" size={16} />
                {t.account.sessions.current}
              </span>
            ) : (
              <Button
                size="small"
                busy={busy}
                aria-label={t.account.sessions.endOf(nameOf(row), dayAndTime(row.created_at))}
                onClick={() => end({ rows: [row], said: t.account.sessions.ended(nameOf(row)) })}
              >
                {t.account.sessions.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        {others.length > 1 && (
          <Button look="danger" busy={busy} onClick={() => end({ rows: others, said: t.account.sessions.endedOthers })}>
            {t.account.sessions.endOthers}
          </Button>
        )}
        {others.length === 0 && !done && <p className={styles.aside}>{t.account.sessions.alone}</p>}
        <DoneNote text={done} takesFocus />
      </div>
    </div>
  );
}

type Ending = { rows: Row[]; said: string };

async function endAll({ rows }: Ending): Promise<void> {
  for (const { id } of rows) {
    try {
      await answered(api.DELETE("/api/sessions/{id}/", { params: { path: { id } } }));
    } catch (problem) {
      // It had ended by then.
      if (!isProblem(problem) || problem.status !== 404) throw problem;
    }
  }
}
