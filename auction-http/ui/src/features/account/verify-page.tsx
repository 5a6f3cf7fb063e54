import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { answered, api } from "../../api/client";
import { signIn, useSession } from "../../api/session";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import { Page } from "../../shell/page";
import styles from "./account.module.css";
import { CodeField } from "./code-field";
import { Failure } from "./failure";
import type { Arrival } from "./login-page";
import { takePassword } from "./mailed";
import { safeNext, withNext } from "./next";
import { Resend } from "./resend";
import { useForm } from "./use-form";
import { useVisitor } from "./use-visitor";

/** The code that was mailed to an address proves that it is one's own. */
export default function VerifyPage() {
  const t = useTexts();
  useVisitor();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { token } = useSession();
  const [search] = useSearchParams();
  const known = search.get("email");
  const next = safeNext(search.get("next"));
  const [email, setEmail] = useState(known ?? "");
  const code = useRef<HTMLInputElement>(null);
  const address = useRef<HTMLInputElement>(null);

  const form = useForm(["email", "otp"], {
    required: ["email", "otp"],
    codes: { invalid_otp: "otp", expired_otp: "otp" },
    call: verify,
    done: (signedIn, values) => {
      if (signedIn) signIn(signedIn);
      if (signedIn || token !== null) {
        announce(t.account.verify.doneSignedIn);
        void queries.invalidateQueries();
        void navigate(next, { replace: true });
      } else {
        const state: Arrival = { from: "verified", email: values.email };
        void navigate(withNext("/login", next), { replace: true, state });
      }
    },
  });
  // Somebody comes here with a code in hand.
  useEffect(() => {
    if (known) code.current?.focus();
  }, [known]);
  return (
    <Page title={t.account.verify.title} lead={known ? t.account.verify.mailed(known) : t.account.verify.enter} narrow>
      <div className={styles.panel}>
        <form {...form.props} className={styles.form}>
          <Failure text={form.failure} />
          {known ? (
            <input type="hidden" name="email" value={known} />
          ) : (
            <TextField
              ref={address}
              name="email"
              type="email"
              label={t.account.fields.email}
              errors={form.errors.email}
              autoComplete="email"
              maxLength={254}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
          <CodeField
            ref={code}
            name="otp"
            label={t.account.fields.mailedCode}
            hint={t.account.fields.mailedCodeHint}
            errors={form.errors.otp}
          />
          <Button type="submit" look="primary" wide busy={form.busy}>
            {t.account.verify.submit}
          </Button>
        </form>
        <Resend
          email={email.trim()}
          isDead={form.problem?.code === "expired_otp"}
          sent={() => code.current?.focus()}
          missing={() => address.current?.focus()}
        />
      </div>
      <p className={styles.aside}>
        {t.account.verify.lost} <Link to={withNext("/register", next)}>{t.account.verify.again}</Link>
      </p>
    </Page>
  );
}

/** Proves the address; signs in, where it was registered in this tab, and answers the token. */
async function verify({ email, otp }: { email: string; otp: string }): Promise<string | null> {
  await answered(api.POST("/api/verify-otp/", { body: { email, otp } }));
  const password = takePassword(email);
  if (password === null) return null;
  // The address is proved whatever comes of this.
  const login = await answered(api.POST("/api/login/", { body: { email, password } })).catch(() => null);
  return login && "token" in login ? login.token : null;
}
