import { Button } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { sentenceOf } from "../../i18n/problems";

/** Something could not be loaded, and can be tried again. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTexts();
  return (
    <Notice tone="bad" role="alert" actions={<Button onClick={retry}>{t.common.retry}</Button>}>
      <p>
        {t.common.failed} {sentenceOf(error, t)}
      </p>
    </Notice>
  );
}
