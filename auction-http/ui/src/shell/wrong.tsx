import { Button } from "../design/button";
import { useTexts } from "../i18n";
import { Page } from "./page";

/** A page broke. */
export function Wrong() {
  const t = useTexts();
  return (
    <Page title={t.shell.wrongTitle} narrow>
      <p>{t.shell.wrong}</p>
      <p>
        <Button look="primary" onClick={() => location.reload()}>
          {t.shell.reload}
        </Button>
      </p>
    </Page>
  );
}
