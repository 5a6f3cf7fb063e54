import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { config } from "../../api/config";
import type { Me } from "../../api/me";
import { ApiProblem, problemOf } from "../../api/problem";
import { announce } from "../../design/announce";
import { Button, ButtonLink } from "../../design/button";
import { useSubmit } from "../../design/form";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { Failure } from "./failure";

/** Whether somebody may sell, and how one comes to. */
export function Selling({ me }: { me: Me }) {
  const t = useTexts();
  const queries = useQueryClient();
  const [isWaiting, setIsWaiting] = useState(false);
  const { submit, busy, failure } = useSubmit(becomeSeller, (waits) => {
    setIsWaiting(waits);
    announce(waits ? t.account.selling.waiting : t.account.selling.became);
    // Its button goes.
    document.getElementById("selling")?.focus();
    void queries.invalidateQueries({ queryKey: ["me"] });
  });
  if (me.roles.some((role) => role === "seller" || role === "admin")) {
    return (
      <>
        <p>{t.account.selling.can}</p>
        <div className={styles.actions}>
          <ButtonLink to="/sell">{t.account.selling.toSell}</ButtonLink>
        </div>
      </>
    );
  }
  if (isWaiting) return <Notice tone="brass">{t.account.selling.waiting}</Notice>;
  if (config.sellers === "staff") return <p>{t.account.selling.staff}</p>;
  const isOpen = config.sellers === "open";
  return (
    <>
      <p>{isOpen ? t.account.selling.open : t.account.selling.approval}</p>
      {failure && (
        <div role="alert">
          <Failure text={failure} />
        </div>
      )}
      <div className={styles.actions}>
        <Button busy={busy} onClick={() => submit()}>
          {isOpen ? t.account.selling.become : t.account.selling.ask}
        </Button>
      </div>
    </>
  );
}

/** Asks; answers whether the house has to decide first. */
async function becomeSeller(): Promise<boolean> {
  const { response, error } = await api.POST("/api/become-seller/").catch((cause) => {
    throw new ApiProblem(0, "unreachable", {}, {}, cause);
  });
  if (!response.ok) throw problemOf(response, error);
  return response.status === 202;
}
