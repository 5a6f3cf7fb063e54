import { Button, ButtonLink } from "../../../design/button";
import { Notice, type Tone } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import type { Catalogue } from "../../../i18n/en";
import { count, money } from "../../../i18n/format";
import { kindOf } from "../../../live/format";
import type { LiveState } from "../../../live/reducer";
import type { OwnBid } from "../../../live/wire";
import styles from "./banner.module.css";
import { mineOf, rebidOf } from "./rebid";
import type { Standing } from "./standing";
import { bought, type Units, won } from "./units";
import { isSecond } from "./use-bidding";

const TONES: Record<Standing, Tone> = {
  leading: "good",
  leading_reserve: "brass",
  outbid: "bad",
  won: "good",
  bought: "good",
  lost: "plain",
  reserve_missed: "brass",
  sold: "plain",
  unsold_reserve: "plain",
  unsold: "plain",
  cancelled: "plain",
  sealed: "good",
  ranked: "brass",
  units: "good",
  won_units: "good",
  lost_units: "plain",
  sold_units: "plain",
};

/** In which of them something is to be paid. */
const WON: readonly Standing[] = ["won", "bought", "units", "won_units"];

/** The one place that says where one stands. */
export function Banner({
  standing,
  live,
  own,
  again,
  busy,
}: {
  standing: Standing;
  live: LiveState;
  own: readonly OwnBid[] | undefined;
  /** Takes the lead back; `null` where that is not possible now. */
  again: ((amount: string) => void) | null;
  busy: boolean;
}) {
  const t = useTexts();
  const { auction } = live;
  const { status } = auction;
  const rebid = rebidOf(auction, mineOf(live.you, own));
  const amount = (text: string) => money(text, auction.currency);
  const isOver = status === "ended";
  return (
    <Notice
      tone={TONES[standing]}
      {...(TONES[standing] === "plain" && { icon: "gavel" as const })}
      actions={
        standing === "outbid" && again && rebid ? (
          <Button look="primary" busy={busy} onClick={(event) => !isSecond(event) && again(rebid)}>
            {t.auction.banner.rebid(amount(rebid))}
          </Button>
        ) : WON.includes(standing) && isOver ? (
          <ButtonLink to="/won-auctions" size="small">
            {t.auction.banner.toWon}
          </ButtonLink>
        ) : null
      }
    >
      {/* Anew for each standing. Only what does not change with the price is an alert: it is said once. */}
      <p
        key={standing}
        data-standing={standing}
        role={standing === "outbid" ? "alert" : undefined}
        className={standing === "ranked" ? styles.rank : undefined}
      >
        <strong>{sentenceOf(standing, live, own, t)}</strong>
      </p>
      <Detail standing={standing} live={live} own={own} />
    </Notice>
  );
}

/** What only oneself is told besides. */
function Detail({
  standing,
  live: { auction, you },
  own,
}: {
  standing: Standing;
  live: LiveState;
  own: readonly OwnBid[] | undefined;
}) {
  const t = useTexts();
  const { formats, auction: texts } = t;
  const max = you?.max ?? own?.find((bid) => bid.kind === "sealed" && !bid.withdrawn)?.price;
  const isSum = kindOf(auction) === "multi_unit";
  const line = max && !isSum ? money(max, auction.currency) : null;
  const kind = kindOf(auction);
  switch (standing) {
    case "leading":
    case "leading_reserve":
      return line && kind === "english" ? <p className="numbers">{texts.banner.yourMaximum(line)}</p> : null;
    case "sealed":
      return line && <p className="numbers">{formats.seal.yours(line)}</p>;
    case "ranked":
      return (
        <>
          {line && <p className="numbers">{formats.seal.yours(line)}</p>}
          <p>{formats.banner.rankedOf}</p>
        </>
      );
    default:
      return null;
  }
}

function sentenceOf(
  standing: Standing,
  { auction, you, rows, names, awards }: LiveState,
  own: readonly OwnBid[] | undefined,
  t: Catalogue,
): string {
  const { banner } = t.auction;
  const { currency, outcome, is_seller } = auction;
  const price = money(outcome?.price ?? auction.current_price, currency);
  const sum = (units: Units | null, say: (units: string, amount: string) => string, otherwise: string) =>
    units === null ? otherwise : say(t.common.units(units.units, count(units.units)), money(units.sum, currency));
  const words = t.formats.banner;
  const isReverse = kindOf(auction) === "reverse";
  switch (standing) {
    case "leading":
      return isReverse ? words.leading : banner.leading;
    case "leading_reserve":
      return banner.leadingReserve;
    case "outbid":
      return isReverse ? words.underbid : banner.outbid;
    case "won":
      return isReverse ? words.won(price) : banner.won(price);
    case "bought":
      return banner.bought(price);
    case "lost":
      return isReverse ? words.lost(price) : banner.lost(price);
    case "reserve_missed":
      return banner.reserveMissed;
    case "sold":
      if (is_seller && outcome?.winner)
        return isReverse ? words.agreedWith(price, outcome.winner) : banner.soldTo(price, outcome.winner);
      return isReverse ? words.agreed(price) : banner.sold(price);
    case "unsold_reserve":
      return isReverse ? words.missed : banner.unsoldReserve;
    case "unsold":
      return kindOf(auction) === "dutch" || kindOf(auction) === "fixed_price" ? words.unsoldStock : banner.unsold;
    case "cancelled":
      return banner.cancelled;
    case "sealed":
      return words.sealed;
    case "ranked":
      return you?.rank ? words.ranked(you.rank) : words.sealed;
    case "units":
      return sum(bought(own, rows), words.units, words.wonSome);
    case "won_units":
      return sum(won(awards, names), words.wonUnits, words.wonSome);
    case "lost_units":
      return words.lostUnits;
    case "sold_units": {
      const units = outcome?.units ?? 0;
      return words.soldUnits(t.common.units(units, count(units)));
    }
  }
}
