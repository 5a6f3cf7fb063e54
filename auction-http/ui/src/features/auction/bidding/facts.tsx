/** The terms of an auction in words. */
import { memo } from "react";
import { Link } from "react-router";
import { useTexts } from "../../../i18n";
import type { Catalogue } from "../../../i18n/en";
import { count, exactTime, inPercent, lengthOf, money } from "../../../i18n/format";
import type { Auction } from "../../../live/wire";
import { ExactTime } from "../../../lot/time-left";
import styles from "./facts.module.css";
import { incrementAt } from "./increments";
import { termsOf } from "./terms";

/** How many basis points the whole has. */
const BASIS_POINTS = 10_000;
/** How often an end may move where the terms name no bound. */
const EXTENSIONS_MAX = 10_000;

export const Facts = memo(function Facts({ auction }: { auction: Auction }) {
  const t = useTexts();
  const { facts } = t.auction;
  const { starting_price, currency, start_date_time, effective_end, status, seller } = auction;
  const isOver = status === "ended";
  const offer = buyNow(auction, t);
  return (
    <dl className={styles.facts}>
      <dt>{facts.startingPrice}</dt>
      <dd className="numbers">{money(starting_price, currency)}</dd>
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
      <dt>{facts.firstBid}</dt>
      <dd>{firstBid(auction, t)}</dd>
      <dt>{facts.increments}</dt>
      <dd>{steps(auction, t)}</dd>
      <dt>{facts.closing}</dt>
      <dd>{closing(auction, t)}</dd>
      <dt>{facts.reserve}</dt>
      <dd>{reserve(auction, t)}</dd>
      <dt>{facts.joining}</dt>
      <dd>{joining(auction, t)}</dd>
      {offer && (
        <>
          <dt>{facts.buyNow}</dt>
          <dd>{offer}</dd>
        </>
      )}
      <dt>{facts.seller}</dt>
      <dd>
        {facts.sellerNumber(count(seller))}
        {" · "}
        <Link to={`/auctions?seller=${seller}`}>{facts.others}</Link>
      </dd>
    </dl>
  );
});

function firstBid(auction: Auction, { auction: { words } }: Catalogue): string {
  const price = money(auction.starting_price, auction.currency);
  const { first_bid } = termsOf(auction);
  if (first_bid === "at_least") return words.firstAtLeast(price);
  return first_bid === "plus_increment" ? words.firstPlus(price) : words.firstAbove(price);
}

function steps(auction: Auction, { auction: { words } }: Catalogue): string {
  const { current_price, currency, minimum_bid } = auction;
  const sum = (amount: string) => money(amount, currency);
  const { increments } = termsOf(auction);
  const now = sum(incrementAt(increments, current_price) ?? current_price);
  switch (increments?.kind) {
    case "smallest_unit":
      return words.smallestUnit;
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

function closing(auction: Auction, { auction: { words } }: Catalogue): string {
  const { kind, window_s, extend_s, hard_end, max_extensions } = termsOf(auction).closing ?? { kind: "hard" };
  if (!window_s || kind === "hard") return words.hard;
  const window = lengthOf(window_s);
  const rule = kind === "add" ? words.add(window, lengthOf(extend_s ?? window_s)) : words.reset(window);
  const bounds = [
    hard_end ? words.hardEnd(exactTime(hard_end)) : null,
    max_extensions && max_extensions < EXTENSIONS_MAX ? words.most(count(max_extensions)) : null,
  ];
  return [rule, ...bounds.filter((bound) => bound !== null)].join(", ");
}

function reserve(auction: Auction, { auction: { words }, common }: Catalogue): string {
  if (auction.reserve === "none") return words.noReserve;
  const state = common.reserve[auction.reserve];
  const { reserve: amount } = termsOf(auction);
  return amount ? words.reservePublic(money(amount, auction.currency), state) : words.reserve(state);
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
