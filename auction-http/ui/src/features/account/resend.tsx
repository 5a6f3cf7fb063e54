import { useState } from "react";
import { answered, api } from "../../api/client";
import { isProblem } from "../../api/problem";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { useSubmit } from "../../design/form";
import { useTexts } from "../../i18n";
import { duration } from "../../i18n/format";
import { useServerSecond } from "../../live/ticker";
import styles from "./account.module.css";
import { Failure } from "./failure";
import { nextMailAt, noteMailed } from "./mailed";

/** After how long one may ask again who was told that the code before still works, in seconds. */
const ASK_AGAIN = 30;

/** Asks for another code, once the one before is dead: until then it says how long that takes. */
export function Resend({
  email,
  isDead,
  sent,
  missing,
}: {
  email: string;
  isDead: boolean;
  sent: () => void;
  /** There is no address to mail to. */
  missing: () => void;
}) {
  const t = useTexts();
  const second = useServerSecond();
  const [hasSent, setHasSent] = useState(false);
  const { submit, busy, fields, failure } = useSubmit(ask, (_, to: string) => {
    noteMailed(to);
    setHasSent(true);
    announce(t.account.verify.resent);
    sent();
  });
  const wrong = fields.email?.join(" ") ?? failure;
  const left = isDead && !hasSent ? 0 : nextMailAt(email) - second;
  return (
    <div className={styles.form}>
      <Failure text={wrong} />
      {hasSent && !wrong && <p>{t.account.verify.resent}</p>}
      {left > 0 ? (
        <p className={`${styles.wait} numbers`}>{t.account.verify.wait(duration(left))}</p>
      ) : (
        <Button busy={busy} onClick={() => (email ? submit(email) : missing())}>
          {t.account.verify.resend}
        </Button>
      )}
    </div>
  );
}

async function ask(email: string): Promise<void> {
  try {
    await answered(api.POST("/api/resend-otp/", { body: { email } }));
  } catch (problem) {
    if (isProblem(problem) && problem.code === "otp_still_valid") noteMailed(email, ASK_AGAIN);
    throw problem;
  }
}
