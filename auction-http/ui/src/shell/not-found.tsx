import { ButtonLink } from "../design/button";
import { useTexts } from "../i18n";
import { Page } from "./page";

/** There is no such page. */
export function NotFound() {
  const t = useTexts();
  return (
    <Page title={t.shell.notFoundTitle} narrow>
      <p>{t.shell.notFound}</p>
      <p>
        <ButtonLink to="/auctions" look="primary">
          {t.shell.toAuctions}
        </ButtonLink>
      </p>
    </Page>
  );
}
