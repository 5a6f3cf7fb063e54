/** The auctions that one has joined, and one's bids. */
import { Link, useSearchParams } from "react-router";
import { useTexts } from "../../i18n";
import { Page } from "../../shell/page";
import { Joined } from "./joined";
import styles from "./my-auctions.module.css";
import { OwnBids } from "./own-bids";

export default function MyAuctionsPage() {
  const t = useTexts();
  const [params] = useSearchParams();
  const isBids = params.get("view") === "bids";
  return (
    <Page title={t.watch.mineTitle} lead={t.watch.mineLead}>
      <nav aria-label={t.watch.views} className={styles.views}>
        <Link to="/my-auctions" aria-current={isBids ? undefined : "page"}>
          {t.watch.joined}
        </Link>
        <Link to="/my-auctions?view=bids" aria-current={isBids ? "page" : undefined}>
          {t.watch.bids}
        </Link>
      </nav>
      {isBids ? <OwnBids /> : <Joined />}
    </Page>
  );
}
