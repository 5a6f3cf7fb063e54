/** Becoming a seller, as the house has it. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { config } from "../../api/config";
import type { Me } from "../../api/me";
import { problemOf } from "../../api/problem";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { useSubmit } from "../../design/form";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import styles from "./selling.module.css";

const SELLERS = ["seller", "staff", "admin"];

export function maySell({ roles }: Me): boolean {
  return roles.some((role) => SELLERS.includes(role));
}

const ACCEPTED = 202;

async function ask(): Promise<boolean> {
  const { response, error } = await api.POST("/api/become-seller/");
  if (!response.ok) throw problemOf(response, error);
  return response.status === ACCEPTED;
}

export function Become() {
  const t = useTexts();
  const queries = useQueryClient();
  const [isWaiting, setWaiting] = useState(false);
  const { submit, busy, failure } = useSubmit(ask, (waits) => {
    setWaiting(waits);
    announce(waits ? t.sell.become.waiting : t.sell.become.ready);
    if (!waits) void queries.invalidateQueries({ queryKey: ["me"] });
  });
  return (
    <section className={styles.become} aria-labelledby="become">
      <h2 id="become">{t.sell.become.title}</h2>
      <p>{t.sell.become[config.sellers]}</p>
      {failure && (
        <Notice tone="bad" role="alert">
          {failure}
        </Notice>
      )}
      {isWaiting && <Notice tone="brass">{t.sell.become.waiting}</Notice>}
      {config.sellers !== "staff" && !isWaiting && (
        <p>
          <Button look="primary" busy={busy} onClick={() => submit(undefined)}>
            {config.sellers === "open" ? t.sell.become.start : t.sell.become.ask}
          </Button>
        </p>
      )}
    </section>
  );
}
