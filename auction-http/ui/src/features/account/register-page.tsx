import { useState } from "react";
import { Link, Navigate, useNavigate, useSearchParams } from "react-router";
import { answered, api } from "../../api/client";
import { config } from "../../api/config";
import { signIn, useSession } from "../../api/session";
import { Button } from "../../design/button";
import { TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import { Page } from "../../shell/page";
import styles from "./account.module.css";
import { Failure } from "./failure";
import type { Arrival } from "./login-page";
import { keepPassword, noteMailed } from "./mailed";
import { NewPasswordField } from "./new-password-field";
import { safeNext, withNext } from "./next";
import { useForm, type Values } from "./use-form";
import { useVisitor } from "./use-visitor";

const FIELDS = ["first_name", "last_name", "email", "password"] as const;
type Registration = Values<(typeof FIELDS)[number]>;

export default function RegisterPage() {
  const t = useTexts();
  useVisitor();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const next = safeNext(search.get("next"));
  const { token, expired } = useSession();
  const [person, setPerson] = useState({ email: "", first_name: "", last_name: "" });
  // No field is looked at here: the server says all that is wrong at once, the rules of the password included.
  const form = useForm(FIELDS, {
    call: register,
    done: (signedIn, { email, password }) => {
      const address = email.trim();
      if (signedIn) {
        signIn(signedIn);
      } else if (config.email_verification === "required") {
        keepPassword(address, password);
        noteMailed(address);
        void navigate(withNext("/verify-otp", next, { email: address }));
      } else {
        const state: Arrival = { from: "registered", email: address };
        void navigate(withNext("/login", next), { state });
      }
    },
  });
  if (token !== null && !expired) return <Navigate to={next} replace />;

  const told = (name: keyof typeof person) => ({
    name,
    errors: form.errors[name],
    value: person[name],
    onChange: (event: { target: { value: string } }) => setPerson({ ...person, [name]: event.target.value }),
  });
  return (
    <Page title={t.account.register.title} lead={t.account.register.lead} narrow>
      <form {...form.props} className={`${styles.panel} ${styles.form}`}>
        <Failure text={form.failure} />
        <div className={styles.pair}>
          <TextField
            {...told("first_name")}
            label={t.account.fields.firstName}
            autoComplete="given-name"
            maxLength={150}
          />
          <TextField
            {...told("last_name")}
            label={t.account.fields.lastName}
            autoComplete="family-name"
            maxLength={150}
          />
        </div>
        <TextField
          {...told("email")}
          label={t.account.fields.email}
          type="email"
          autoComplete="email"
          maxLength={254}
        />
        <NewPasswordField
          label={t.account.fields.password}
          errors={form.errors.password}
          person={{ email: person.email, names: [person.first_name, person.last_name] }}
        />
        <Button type="submit" look="primary" wide busy={form.busy}>
          {t.account.register.submit}
        </Button>
      </form>
      <p className={styles.aside}>
        {t.account.register.known} <Link to={withNext("/login", next)}>{t.account.register.signIn}</Link>
      </p>
    </Page>
  );
}

/** Registers; where the house asks for no proof of the address, signs in as well and answers the token. */
async function register(body: Registration): Promise<string | null> {
  await answered(api.POST("/api/register/", { body }));
  if (config.email_verification === "required") return null;
  const { email, password } = body;
  // An address that somebody has is answered in the same way: then the sign-in page says so.
  const login = await answered(api.POST("/api/login/", { body: { email, password } })).catch(() => null);
  return login && "token" in login ? login.token : null;
}
