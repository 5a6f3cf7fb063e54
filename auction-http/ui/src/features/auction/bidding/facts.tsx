/** The terms of an auction in words. */
import { Fragment, memo } from "react";
import { Link } from "react-router";
import { useTexts } from "../../../i18n";
import type { Catalogue } from "../../../i18n/en";
import { count, exactTime, inPercent, lengthOf, money } from "../../../i18n/format";
import { isStock, kindOf } from "../../../live/format";
import type { Auction } from "../../../live/wire";
import { reserveKind } from "../../../lot/reserve";
import { ExactTime } from "../../../lot/time-left";
import styles from "./facts.module.css";
import { type Fact, formatFacts } from "./format-facts";
import { incrementAt } from "./increments";
import { termsOf } from "./terms";

/** How many basis points the whole has. */
const BASIS_POINTS = 10_000;
/** How often an end may move where the terms name no bound. */
const EXTENSIONS_MAX = 10_000;

export const Facts = memo(function Facts({ auction }: { auction: Auction }) {
  const t = useTexts();
  const { facts } = t.auction;
  const { currency, start_date_time, effective_end, status, seller } = auction;
  const isOver = status === "ended";
  return (
    <dl className={styles.facts}>
      {formatFacts(auction, t).map(([label, text]) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd className="numbers">{text}</dd>
        </Fragment>
      ))}
      <dt>{facts.currency}</dt>
      <dd>{currency}</dd>
      <dt>{status === "draft" || status === "scheduled" ? facts.starts : facts.started}</dt>
      <dd>
        <ExactTime iso={start_date_time} />
      </dd>
      <dt>{isOver ? facts.ended : facts.ends}</dt>
      <dd>
        <ExactTime iso={effective_end} />
      </dd>
      {ruleFacts(auction, t).map(([label, text]) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd>{text}</dd>
        </Fragment>
      ))}
      <dt>{facts.seller}</dt>
      <dd>
        {facts.sellerNumber(count(seller))}
        {" · "}
        <Link to={`/auctions?seller=${seller}`}>{facts.others}</Link>
      </dd>
    </dl>
  );
});

/** What holds of bids and of the end, as far as it can matter in this format. */
function ruleFacts(auction: Auction, t: Catalogue): Fact[] {
  const { facts } = t.auction;
  const kind = kindOf(auction);
  const isStocked = isStock(auction);
  const offer = buyNow(auction, t);
  const { retraction } = termsOf(auction);
  const rows: (Fact | null)[] = [
    kind === "english" ? [facts.firstBid, firstBid(auction, t)] : null,
    kind === "english" ? [facts.increments, steps(auction, t)] : null,
    kind === "reverse" ? [t.formats.facts.steps, steps(auction, t)] : null,
    [facts.closing, closing(auction, t)],
    isStocked ? null : [facts.reserve, reserve(auction, t)],
    [facts.joining, joining(auction, t)],
    offer ? [facts.buyNow, offer] : null,
    retraction?.kind === "allowed"
      ? [
          t.formats.facts.retraction,
          t.formats.facts.allowed(lengthOf(retraction.free_until_s), lengthOf(retraction.grace_s)),
        ]
      : null,
  ];
  return rows.filter((row) => row !== null);
}

function firstBid(auction: Auction, { auction: { words } }: Catalogue): string {
  const price = money(auction.starting_price, auction.currency);
  const { first_bid } = termsOf(auction);
  if (first_bid === "at_least") return words.firstAtLeast(price);
  return first_bid === "plus_increment" ? words.firstPlus(price) : words.firstAbove(price);
}

function steps(auction: Auction, { auction: { words }, formats }: Catalogue): string {
  const { current_price, currency, minimum_bid } = auction;
  const sum = (amount: string) => money(amount, currency);
  const { increments } = termsOf(auction);
  const now = sum(incrementAt(increments, current_price) ?? current_price);
  switch (increments?.kind) {
    case "smallest_unit":
      return kindOf(auction) === "reverse" ? formats.facts.anyLower : words.smallestUnit;
    case "fixed":
      return words.fixed(sum(increments.step));
    case "table":
      return words.table(now);
    case "percent":
      return words.percent(inPercent(increments.basis_points / BASIS_POINTS), sum(increments.floor));
    case "grid":
      return words.grid(now);
    default:
      return words.unknownStep(sum(minimum_bid ?? current_price));
  }
}

function closing(auction: Auction, { auction: { words }, formats }: Catalogue): string {
  const { kind, window_s, extend_s, hard_end, max_extensions, group, period_s } = termsOf(auction).closing ?? {
    kind: "hard",
  };
  if (kind === "candle" && period_s) return formats.facts.candle(lengthOf(period_s));
  if (!window_s || kind === "hard") return words.hard;
  const window = lengthOf(window_s);
  const rule = kind === "add" ? words.add(window, lengthOf(extend_s ?? window_s)) : words.reset(window);
  const bounds = [
    hard_end ? words.hardEnd(exactTime(hard_end)) : null,
    group ? formats.facts.grouped(group) : null,
    max_extensions && max_extensions < EXTENSIONS_MAX ? words.most(count(max_extensions)) : null,
  ];
  return [rule, ...bounds.filter((bound) => bound !== null)].join(", ");
}

function reserve(auction: Auction, { auction: { words }, common, formats }: Catalogue): string {
  const isReverse = kindOf(auction) === "reverse";
  if (auction.reserve === "none") return isReverse ? formats.facts.noReserveReverse : words.noReserve;
  const kind = reserveKind(auction);
  const state = common.reserve[kind];
  const { reserve: amount } = termsOf(auction);
  if (!amount) return isReverse ? formats.facts.reserveReverse(state) : words.reserve(state);
  const sum = money(amount, auction.currency);
  return kind === "set" ? sum : words.reservePublic(sum, state);
}

function joining(auction: Auction, { auction: { words } }: Catalogue): string {
  const { participation, join_until } = termsOf(auction);
  if (participation === "open") return words.joinOpen;
  return join_until === "end" ? words.joinEnd : words.joinStart;
}

function buyNow(auction: Auction, { auction: { words } }: Catalogue): string | null {
  const { buy_now } = termsOf(auction);
  if (!buy_now) return null;
  const price = money(buy_now.price, auction.currency);
  if (buy_now.rule === "until_first_bid") return words.untilFirstBid(price);
  return buy_now.rule === "until_reserve_met" ? words.untilReserve(price) : words.always(price);
}
