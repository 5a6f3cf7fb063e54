import { Link } from "react-router";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { type Filters, writeFilters } from "./filters";
import styles from "./pager.module.css";
import { pagesAround, pagesOf } from "./pages";

export function Pager({ filters, total }: { filters: Filters; total: number }) {
  const t = useTexts();
  const pages = pagesOf(total);
  if (pages === 1) return null;
  const to = (page: number) => ({ pathname: "/auctions", search: writeFilters({ ...filters, page }) });
  const { page } = filters;
  return (
    <nav aria-label={t.browse.pages} className={styles.pager}>
      {page > 1 && (
        <Link to={to(page - 1)} rel="prev" className={styles.step}>
          <Icon name="left" size={16} />
          {t.browse.previous}
        </Link>
      )}
      <ol className={styles.numbers}>
        {pagesAround(page, pages).map((number, index) =>
          number === null ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a gap has no name
            <li key={`gap ${index}`} aria-hidden="true">
              …
            </li>
          ) : (
            <li key={number}>
              <Link
                to={to(number)}
                aria-label={t.browse.page(count(number))}
                aria-current={number === page ? "page" : undefined}
              >
                {count(number)}
              </Link>
            </li>
          ),
        )}
      </ol>
      {page < pages && (
        <Link to={to(page + 1)} rel="next" className={styles.step}>
          {t.browse.next}
          <Icon name="right" size={16} />
        </Link>
      )}
    </nav>
  );
}
