/** What is going on: all parts come at once, so that none pushes another away. */
import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Icon } from "../../design/icon";
import { useLate } from "../../design/late";
import { useTexts } from "../../i18n";
import { GridSkeleton, LotGrid } from "../../lot/grid";
import { Failed } from "./failed";
import styles from "./landing-page.module.css";
import { LiveNote } from "./live-note";
import { NothingOpen } from "./nothing-open";
import { type List, useSteady } from "./steady";
import { PART, useCategories, useFeatured, usePart } from "./use-lists";

export function LandingParts() {
  const t = useTexts();
  const queries = useQueryClient();
  const featured = useFeatured();
  const ending = usePart("ending", { status: "started", ordering: "end_date_time" });
  const opening = usePart("opening", { status: "scheduled", ordering: "start_date_time" });
  const categories = useCategories();
  const parts = [featured, ending, opening];
  const isThere = parts.every((part) => part.data) && !categories.isPending;
  const failure = parts.find((part) => part.isError && !part.data)?.error;
  const isLate = useLate(!isThere && !failure);

  if (failure) {
    return (
      <div className={styles.parts}>
        <Failed error={failure} retry={() => void queries.refetchQueries({ queryKey: ["auctions"], type: "active" })} />
      </div>
    );
  }
  if (!isThere) {
    return (
      <div className={styles.parts} aria-busy={isLate}>
        {isLate && <GridSkeleton cards={PART} label={t.common.loading} />}
      </div>
    );
  }
  if (parts.every((part) => part.data?.rows.length === 0)) return <NothingOpen />;
  return (
    <div className={styles.parts}>
      <LiveNote />
      <Part title={t.browse.featured} list={featured.data} large />
      <Part
        title={t.browse.endingSoon}
        list={ending.data}
        more={<More to="/auctions?status=started">{t.browse.moreEnding}</More>}
      />
      <Part
        title={t.browse.openingSoon}
        list={opening.data}
        more={<More to="/auctions?status=scheduled">{t.browse.moreOpening}</More>}
      />
      {categories.data && categories.data.length > 0 && (
        <section className={styles.part} aria-labelledby="categories">
          <h2 id="categories">{t.browse.categories}</h2>
          <ul className={styles.categories}>
            {categories.data.map(({ slug, name, description }) => (
              <li key={slug}>
                <Link to={`/auctions?category=${slug}`}>{name}</Link>
                {description && <p>{description}</p>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Part({
  title,
  list: fresh,
  more,
  large = false,
}: {
  title: string;
  list: List | undefined;
  more?: ReactNode;
  large?: boolean;
}) {
  const { list } = useSteady(title, fresh);
  if (!list || list.rows.length === 0) return null;
  return (
    <section className={styles.part} aria-label={title}>
      <div className={styles.partHead}>
        <h2>{title}</h2>
        {more}
      </div>
      <LotGrid rows={list.rows} large={large} />
    </section>
  );
}

function More({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className={styles.more}>
      {children}
      <Icon name="right" size={16} />
    </Link>
  );
}
