/** Asks for the password again when the server no longer takes the token, over whatever page one is on. */
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import type { Me } from "../api/me";
import { forgetSession, useSession } from "../api/session";
import { Dialog } from "../design/dialog";
import { useTexts, wholeLanguage } from "../i18n";

const SignInForm = lazy(
  async () => (await Promise.all([import("../features/account/sign-in-form"), wholeLanguage()]))[0],
);

export function Expired() {
  const t = useTexts();
  const { token, expired } = useSession();
  const queries = useQueryClient();
  if (!expired) return null;
  const email = queries.getQueryData<Me>(["me", token])?.email;
  return (
    <Dialog title={t.shell.expiredTitle} onClose={forgetSession}>
      <p>{t.shell.expired}</p>
      <Suspense fallback={null}>
        <SignInForm {...(email && { email })} done={() => void queries.invalidateQueries()} />
      </Suspense>
    </Dialog>
  );
}
