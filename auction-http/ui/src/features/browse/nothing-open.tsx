/** The house has nothing to bid on: the next step is said, by who asks. */
import { useSession } from "../../api/session";
import { ButtonLink } from "../../design/button";
import { Empty } from "../../design/notice";
import { useTexts } from "../../i18n";
import styles from "./landing-page.module.css";
import { usePart } from "./use-lists";
import { useMaySell } from "./use-may-sell";

export function NothingOpen() {
  const { data } = usePart("any", { page_size: 1 });
  // It is said at once which of both it is; until that is known, nothing is.
  return <div className={styles.parts}>{data && (data.count === 0 ? <Nothing /> : <Pause />)}</div>;
}

/** There has never been an auction. */
function Nothing() {
  const t = useTexts();
  const { token } = useSession();
  const maySell = useMaySell();
  const text = token === null ? t.browse.nothingVisitor : maySell ? t.browse.nothingMember : t.browse.nothingStaff;
  return (
    <Empty title={t.browse.nothingTitle} actions={<Steps />}>
      {text}
    </Empty>
  );
}

function Steps() {
  const t = useTexts();
  const { token } = useSession();
  const maySell = useMaySell();
  if (token !== null) {
    return maySell ? (
      <ButtonLink to="/sell/new" look="primary">
        {t.browse.firstLot}
      </ButtonLink>
    ) : null;
  }
  return (
    <>
      <ButtonLink to="/register" look="primary">
        {t.shell.register}
      </ButtonLink>
      <ButtonLink to="/login?next=/sell/new">{t.shell.signIn}</ButtonLink>
    </>
  );
}

/** All has ended, and nothing is announced. */
function Pause() {
  const t = useTexts();
  return (
    <Empty
      icon="clock"
      title={t.browse.pauseTitle}
      actions={<ButtonLink to="/auctions?status=ended">{t.browse.seeEnded}</ButtonLink>}
    >
      {t.browse.pause}
    </Empty>
  );
}
