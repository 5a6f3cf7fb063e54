import { useSession } from "../../api/session";
import { ButtonLink } from "../../design/button";
import { useTexts } from "../../i18n";
import { Live, useFeed } from "../../live/use-states";
import { Page } from "../../shell/page";
import { DemoBox } from "./demo-box";
import styles from "./landing-page.module.css";
import { LandingParts } from "./landing-parts";
import { MembersFirst } from "./members-first";
import { useMayBrowse } from "./use-lists";
import { useMaySell } from "./use-may-sell";

/** The first page: what the house is about, and what is going on in it. */
export default function LandingPage() {
  const t = useTexts();
  const feed = useFeed();
  const mayBrowse = useMayBrowse();
  return (
    <Page title={t.browse.title} heading={<span className={styles.hero}>{t.browse.hero}</span>} lead={t.browse.lead}>
      <div className={styles.ways}>
        <ButtonLink to="/auctions" look="primary">
          {t.browse.seeAll}
        </ButtonLink>
        <SecondWay />
      </div>
      <DemoBox />
      {mayBrowse ? (
        <Live value={feed}>
          <LandingParts />
        </Live>
      ) : (
        <MembersFirst />
      )}
    </Page>
  );
}

function SecondWay() {
  const t = useTexts();
  const { token } = useSession();
  const maySell = useMaySell();
  if (token === null) return <ButtonLink to="/register">{t.browse.registerToBid}</ButtonLink>;
  return maySell ? <ButtonLink to="/sell/new">{t.browse.sellLot}</ButtonLink> : null;
}
