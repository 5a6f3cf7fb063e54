/** The price as it stands, what it is in this format, and what is known besides. */
import { useTexts } from "../../../i18n";
import { count, duration, money } from "../../../i18n/format";
import { formatOf, isSealed, isStock, tellsCount, unitsOf } from "../../../live/format";
import { useAtServerTime } from "../../../live/ticker";
import { useNextFall, usePrice } from "../../../live/use-price";
import type { Auction } from "../../../live/wire";
import { reserveKind } from "../../../lot/reserve";
import styles from "./panel.module.css";
import fall from "./price.module.css";
import { priceLabel } from "./price-label";

export function Price({ auction }: { auction: Auction }) {
  const { currency, outcome } = auction;
  const t = useTexts();
  const price = usePrice(auction);
  const units = outcome?.units;
  return (
    <div className={styles.price}>
      <p className={styles.label}>{priceLabel(auction, t)}</p>
      <p className={`numbers ${styles.amount}`} data-testid="price">
        {units ? t.common.units(units, count(units)) : money(price, currency)}
      </p>
      <Meta auction={auction} />
    </div>
  );
}

function Meta({ auction }: { auction: Auction }) {
  const t = useTexts();
  const { bid_count, units_left } = auction;
  if (isStock(auction)) {
    const all = unitsOf(auction);
    if (all === 1 || units_left == null) return null;
    return (
      <p className={styles.meta} data-testid="units-left">
        {t.formats.left(count(units_left), count(all))}
      </p>
    );
  }
  const bids = <span data-testid="bid-count">{t.common.bids(bid_count, count(bid_count))}</span>;
  const isOpen = auction.status !== "ended" && auction.status !== "cancelled";
  return (
    <p className={styles.meta}>
      {isSealed(auction) && isOpen && (
        <>
          <span>{t.formats.sealed}</span>
          {" · "}
        </>
      )}
      {(tellsCount(auction) || !isOpen) && (
        <>
          {bids}
          {" · "}
        </>
      )}
      <span>{t.common.reserve[reserveKind(auction)]}</span>
    </p>
  );
}

/** When the price of a clock falls next, and to what. Not a live region: the announcer says what matters. */
export function Fall({ auction }: { auction: Auction }) {
  const t = useTexts();
  const format = formatOf(auction);
  const next = useNextFall(auction);
  const left = useAtServerTime((now) => (next === null ? null : Math.max(0, Math.ceil((next.at - now) / 1000))));
  if (format.kind !== "dutch") return null;
  if (auction.status === "paused") return <p className={fall.text}>{t.formats.stopped}</p>;
  if (auction.status !== "started") return null;
  if (next === null || left === null) return <p className={fall.text}>{t.formats.atFloor}</p>;
  const share = Math.min(1, left / (format.interval_s ?? 1));
  return (
    <div className={fall.fall} data-testid="fall">
      <p className={`numbers ${fall.text}`}>{t.formats.falls(money(next.price, auction.currency), duration(left))}</p>
      <span className={fall.bar} aria-hidden="true">
        {/* Anew for each step: it jumps back at once, and runs down smoothly. */}
        <span key={next.at} className={fall.rest} style={{ transform: `scaleX(${share})` }} />
      </span>
    </div>
  );
}
