import { useTexts } from "../../i18n";
import { Live, useFeed } from "../../live/use-states";
import { Page } from "../../shell/page";
import styles from "./auctions-page.module.css";
import { FilterPanel } from "./filter-panel";
import { MembersFirst } from "./members-first";
import { Results } from "./results";
import { SearchForm } from "./search-form";
import { useFilters } from "./use-filters";
import { useMayBrowse } from "./use-lists";

/** All auctions, and those among them that one looks for. */
export default function AuctionsPage() {
  const t = useTexts();
  const feed = useFeed();
  const mayBrowse = useMayBrowse();
  const [filters, change] = useFilters();
  return (
    <Page title={t.browse.all}>
      {mayBrowse ? (
        <Live value={feed}>
          <SearchForm value={filters.search} change={change} />
          <div className={styles.columns}>
            <FilterPanel filters={filters} change={change} />
            <Results filters={filters} change={change} />
          </div>
        </Live>
      ) : (
        <MembersFirst />
      )}
    </Page>
  );
}
