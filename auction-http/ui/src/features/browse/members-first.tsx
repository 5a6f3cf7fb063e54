import { useLocation } from "react-router";
import { ButtonLink } from "../../design/button";
import { Empty } from "../../design/notice";
import { useTexts } from "../../i18n";

/** The house shows its auctions to members only, and nobody is signed in. */
export function MembersFirst() {
  const t = useTexts();
  const { pathname, search } = useLocation();
  const next = pathname === "/" ? "/auctions" : pathname + search;
  return (
    <Empty
      icon="user"
      title={t.browse.membersTitle}
      actions={
        <>
          <ButtonLink to={`/login?next=${encodeURIComponent(next)}`} look="primary">
            {t.shell.signIn}
          </ButtonLink>
          <ButtonLink to="/register">{t.shell.register}</ButtonLink>
        </>
      }
    >
      {t.browse.members}
    </Empty>
  );
}
