import { ButtonLink } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { withNext } from "./next";

/** To somebody whose address is not proved yet: what that means, and what mends it. */
export function Unverified({ email }: { email: string }) {
  const t = useTexts();
  return (
    <Notice
      tone="brass"
      icon="warning"
      actions={
        <ButtonLink to={withNext("/verify-otp", "/profile", { email })} size="small">
          {t.account.unverified.act}
        </ButtonLink>
      }
    >
      {t.account.unverified.text}
    </Notice>
  );
}
