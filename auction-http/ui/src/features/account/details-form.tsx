import { useState } from "react";
import { answered, api } from "../../api/client";
import type { Me } from "../../api/me";
import { Button } from "../../design/button";
import { TextArea, TextField } from "../../design/field";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { DoneNote } from "./done-note";
import { Failure } from "./failure";
import { useForm } from "./use-form";
import { useMeChange } from "./use-me-change";

const FIELDS = [
  "first_name",
  "last_name",
  "username",
  "phone",
  "address",
  "location",
  "website",
  "birth_date",
  "bio",
] as const;

/** What somebody says about themselves. */
export function DetailsForm({ me }: { me: Me }) {
  const t = useTexts();
  const changeMe = useMeChange();
  const [done, say] = useState<string | null>(null);
  const form = useForm(FIELDS, {
    required: ["first_name", "last_name"],
    call: ({ username, ...rest }) => {
      // A username cannot be given up, and need not be there.
      const named = username.trim() !== "" || me.username ? { username } : {};
      return answered(api.PATCH("/api/me/", { body: { ...rest, ...named } }));
    },
    done: (changed) => {
      changeMe(changed);
      say(t.common.saved);
    },
  });
  const own = (name: (typeof FIELDS)[number]) => ({
    name,
    defaultValue: me[name] ?? "",
    errors: form.errors[name],
  });
  return (
    <form {...form.props} className={styles.form} onInput={() => say(null)}>
      <Failure text={form.failure} />
      <div className={styles.pair}>
        <TextField
          {...own("first_name")}
          label={t.account.fields.firstName}
          autoComplete="given-name"
          maxLength={150}
        />
        <TextField {...own("last_name")} label={t.account.fields.lastName} autoComplete="family-name" maxLength={150} />
      </div>
      <TextField
        {...own("username")}
        label={t.account.profile.username}
        hint={t.account.profile.usernameHint}
        optional
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={50}
      />
      <div className={styles.pair}>
        <TextField
          {...own("phone")}
          label={t.account.profile.phone}
          optional
          type="tel"
          autoComplete="tel"
          maxLength={300}
        />
        <TextField
          {...own("birth_date")}
          label={t.account.profile.birthDate}
          optional
          type="date"
          autoComplete="bday"
        />
      </div>
      <TextField
        {...own("address")}
        label={t.account.profile.address}
        optional
        autoComplete="street-address"
        maxLength={300}
      />
      <div className={styles.pair}>
        <TextField {...own("location")} label={t.account.profile.location} optional maxLength={100} />
        <TextField
          {...own("website")}
          label={t.account.profile.website}
          optional
          type="url"
          autoComplete="url"
          maxLength={2000}
        />
      </div>
      <TextArea {...own("bio")} label={t.account.profile.bio} optional rows={4} maxLength={2000} />
      <div className={styles.actions}>
        <Button type="submit" look="primary" busy={form.busy}>
          {t.common.save}
        </Button>
        <DoneNote text={done} />
      </div>
    </form>
  );
}
