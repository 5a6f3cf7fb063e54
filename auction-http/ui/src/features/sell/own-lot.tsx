/** One of one's own auctions, with what can be done with it. */
import { Button, ButtonLink } from "../../design/button";
import { useTexts } from "../../i18n";
import { count, money } from "../../i18n/format";
import { isStock, tellsCount } from "../../live/format";
import { usePrice } from "../../live/use-price";
import type { Auction } from "../../live/wire";
import { FormatBadge } from "../../lot/format-badge";
import { StatusBadge } from "../../lot/status";
import { ExactTime, TimeLeft } from "../../lot/time-left";
import { LotRow } from "../watch/lot-row";
import { type Action, actionsOf } from "./actions";
import styles from "./selling.module.css";

const DANGEROUS: readonly Action[] = ["remove", "cancel", "close"];

export function OwnLot({ lot, isStaff, act }: { lot: Auction; isStaff: boolean; act: (action: Action) => void }) {
  const t = useTexts();
  const actions = actionsOf(lot, isStaff);
  const mayEdit = lot.status === "draft" || lot.status === "scheduled";
  const isLive = lot.status === "started" || lot.status === "paused";
  return (
    <LotRow
      id={`own-${lot.id}`}
      lot={lot}
      to={lot.status === "draft" ? `/sell/${lot.id}` : `/auction/${lot.id}`}
      badges={
        <>
          <StatusBadge status={lot.status} />
          <FormatBadge lot={lot} />
        </>
      }
      facts={[usePriceFact(lot), useBidsFact(lot), useTime(lot)]}
      actions={
        <>
          {mayEdit && (
            <ButtonLink to={`/sell/${lot.id}`} size="small" aria-label={t.sell.of(t.sell.actions.edit, lot.title)}>
              {t.sell.actions.edit}
            </ButtonLink>
          )}
          {actions.map((action) => (
            <Button
              key={action}
              size="small"
              look={
                action === "publish" || action === "resume"
                  ? "primary"
                  : DANGEROUS.includes(action)
                    ? "danger"
                    : "secondary"
              }
              aria-label={t.sell.of(t.sell.actions[action], lot.title)}
              onClick={() => act(action)}
            >
              {t.sell.actions[action]}
            </Button>
          ))}
          {isLive && actions.length === 0 && <span className={styles.byHouse}>{t.sell.byHouse}</span>}
        </>
      }
    />
  );
}

/** How many bids there are, or how many units are left. */
function useBidsFact(lot: Auction) {
  const t = useTexts();
  if (isStock(lot))
    return { label: t.watch.units, value: t.common.unitsLeft(lot.units_left ?? 0, count(lot.units_left ?? 0)) };
  const isTold = tellsCount(lot) || lot.status === "ended";
  return { label: t.watch.total, value: isTold ? count(lot.bid_count) : t.common.sealed };
}

function usePriceFact(lot: Auction) {
  const t = useTexts();
  const now = usePrice(lot);
  const { outcome, currency } = lot;
  if (outcome?.units) return { label: t.browse.sold, value: t.common.units(outcome.units, count(outcome.units)) };
  if (outcome?.price) return { label: t.sell.hammer, value: money(outcome.price, currency) };
  if (outcome) {
    const unsold = t.sell.unsold as Record<string, string>;
    return { label: t.sell.hammer, value: unsold[outcome.result] ?? t.watch.unsold };
  }
  const label = lot.bid_count > 0 || isStock(lot) ? t.sell.price : t.sell.starting;
  return { label, value: money(now, currency) };
}

function useTime(lot: Auction) {
  const t = useTexts();
  const value = lot.status === "draft" ? <ExactTime iso={lot.start_date_time} /> : <TimeLeft {...lot} />;
  return { label: lot.status === "draft" ? t.sell.fields.start : t.watch.time, value };
}
