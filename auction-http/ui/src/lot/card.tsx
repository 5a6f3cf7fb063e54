/** An auction in a list: one link, with what one wants to know before one follows it. */
import { useId, useState } from "react";
import { Link } from "react-router";
import { Icon } from "../design/icon";
import { useTexts } from "../i18n";
import { count, money } from "../i18n/format";
import { isSealed, isStock, tellsCount } from "../live/format";
import { useSecondsUntil } from "../live/ticker";
import { usePrice } from "../live/use-price";
import { useLiveRow } from "../live/use-states";
import type { Auction } from "../live/wire";
import styles from "./card.module.css";
import { FormatBadge } from "./format-badge";
import { Picture } from "./picture";
import { priceKind } from "./price-line";
import { reserveKind } from "./reserve";
import { StatusBadge } from "./status";
import { TimeLeft } from "./time-left";

/** Below how many seconds the time that is left stands out. */
const LAST_SECONDS = 60;

/** `row` is kept up to date where the page has a feed. The first cards of a page fetch their pictures at once. */
export function LotCard({ row, eager = false }: { row: Auction; eager?: boolean }) {
  const t = useTexts();
  const id = useId();
  const { auction, watch } = useLiveRow(row);
  const amount = usePrice(auction);
  const units = auction.outcome?.units;
  const price = units ? t.common.units(units, count(units)) : money(amount, auction.currency);
  return (
    <article className={styles.card} ref={watch} data-auction={auction.id}>
      <div className={styles.picture}>
        <Picture src={auction.thumbnail ?? auction.image} alt="" eager={eager} />
        <div className={styles.marks}>
          <StatusBadge status={auction.status} />
          <FormatBadge lot={auction} />
          <Mark auction={auction} />
        </div>
      </div>
      <div className={styles.body}>
        <h3 className={styles.title}>
          <Link to={`/auction/${auction.id}`} aria-describedby={`${id}-price ${id}-time`}>
            {auction.title}
          </Link>
        </h3>
        <p id={`${id}-price`} className={styles.price}>
          <span className={styles.label}>{t.browse[priceKind(auction)]}</span> <Amount text={price} />
        </p>
        <p className={styles.facts}>
          <Bids auction={auction} />{" "}
          {!isStock(auction) && (
            <span className={auction.reserve === "met" ? styles.met : ""}>
              {auction.reserve === "met" && <Icon name="check" size={14} />}
              {t.common.reserve[reserveKind(auction)]}
            </span>
          )}
        </p>
        <p id={`${id}-time`} className={styles.time}>
          <Time auction={auction} />
        </p>
      </div>
    </article>
  );
}

/** How much there is of what people want to know before they look: bids, or units. */
function Bids({ auction }: { auction: Auction }) {
  const t = useTexts();
  const { bid_count, units_left } = auction;
  if (isStock(auction))
    return units_left == null ? null : <span>{t.common.unitsLeft(units_left, count(units_left))}</span>;
  if (isSealed(auction) && !tellsCount(auction) && bid_count === 0) return <span>{t.common.sealed}</span>;
  return <span>{t.common.bids(bid_count, count(bid_count))}</span>;
}

/** What the auction is to its reader. */
function Mark({ auction }: { auction: Auction }) {
  const t = useTexts();
  const isOver = auction.status === "ended" || auction.status === "cancelled";
  if (auction.is_seller) return <span className={styles.mark}>{t.browse.yours}</span>;
  if (auction.leading && !isOver)
    return (
      <span className={`${styles.mark} ${styles.leading}`}>
        <Icon name="star" size={14} />
        {t.browse.leading}
      </span>
    );
  if (!auction.is_participant) return null;
  return (
    <span className={styles.mark}>
      <Icon name="check" size={14} />
      {t.browse.joined}
    </span>
  );
}

/** An amount that lights up for a moment when it has changed under one's eyes. */
function Amount({ text }: { text: string }) {
  const [first] = useState(text);
  return (
    <span key={text} className={`${styles.amount} ${text === first ? "" : styles.changed}`}>
      {text}
    </span>
  );
}

function Time({ auction }: { auction: Auction }) {
  const left = useSecondsUntil(auction.effective_end);
  const isLast = auction.status === "started" && left <= LAST_SECONDS;
  return (
    <span className={isLast ? styles.last : ""}>
      <Icon name="clock" size={16} />
      <TimeLeft {...auction} />
    </span>
  );
}
