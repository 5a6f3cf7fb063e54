import { Link } from "react-router";
import { config } from "../../api/config";
import { useSession } from "../../api/session";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { either } from "../../i18n/format";

/** Says whom one can sign in as, where this is a demonstration. */
export function DemoBox() {
  const t = useTexts();
  const { token } = useSession();
  if (token !== null || config.demo.length === 0) return null;
  const names = either(config.demo.map(({ name }) => name));
  return (
    <Notice tone="brass">
      <strong>{t.browse.demoTitle}</strong> {t.browse.demo(names)} <Link to="/login">{t.browse.demoLink}</Link>
    </Notice>
  );
}
