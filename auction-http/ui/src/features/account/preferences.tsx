import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import type { components } from "../../api/schema";
import { useSession } from "../../api/session";
import { Button } from "../../design/button";
import { useSubmit } from "../../design/form";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { DoneNote } from "./done-note";
import { Failure } from "./failure";
import { Loading } from "./loading";
import profile from "./profile.module.css";

type Ways = components["schemas"]["Channels"];
type Wishes = Record<string, Ways>;

/** How somebody is told, by kind. */
export function Preferences() {
  const { token } = useSession();
  const wishes = useQuery({
    queryKey: ["preferences", token],
    queryFn: () => answered(api.GET("/api/notification-preferences/")),
  });
  return <Loading query={wishes}>{(stored) => <Table stored={stored} token={token} />}</Loading>;
}

function Table({ stored, token }: { stored: Wishes; token: string | null }) {
  const t = useTexts();
  const queries = useQueryClient();
  const [changes, setChanges] = useState<Wishes>({});
  const [done, say] = useState<string | null>(null);
  const { submit, busy, failure } = useSubmit(save, (saved) => {
    queries.setQueryData(["preferences", token], saved);
    setChanges({});
    say(t.account.preferences.saved);
  });
  const kinds: Record<string, string> = t.account.preferences.kinds;
  // In the order in which they happen; what the server has besides comes last.
  const names = [...new Set([...Object.keys(kinds), ...Object.keys(stored)])].filter((name) => name in stored);
  const columns = [
    ["mail", t.account.preferences.mail],
    ["in_app", t.account.preferences.inApp],
  ] as const;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) submit(changes);
      }}
    >
      <Failure text={failure} />
      <table className={profile.table}>
        <thead>
          <tr>
            <th scope="col">{t.account.preferences.kind}</th>
            {columns.map(([way, label]) => (
              <th key={way} scope="col" id={`way-${way}`}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const ways = changes[name] ?? stored[name];
            if (!ways) return null;
            return (
              <tr key={name}>
                <th scope="row" id={`kind-${name}`}>
                  {kinds[name] ?? name}
                </th>
                {columns.map(([way]) => (
                  <td key={way}>
                    <input
                      type="checkbox"
                      aria-labelledby={`kind-${name} way-${way}`}
                      checked={ways[way]}
                      onChange={(event) => {
                        say(null);
                        setChanges({ ...changes, [name]: { ...ways, [way]: event.target.checked } });
                      }}
                    />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className={styles.actions}>
        <Button type="submit" look="primary" busy={busy}>
          {t.common.save}
        </Button>
        <DoneNote text={done} />
      </div>
    </form>
  );
}

function save(body: Wishes): Promise<Wishes> {
  return answered(api.PUT("/api/notification-preferences/", { body }));
}
