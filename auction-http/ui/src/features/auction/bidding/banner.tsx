import { Button, ButtonLink } from "../../../design/button";
import { Notice, type Tone } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { money } from "../../../i18n/format";
import type { Auction, You } from "../../../live/wire";
import type { Standing } from "./standing";
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
};

/** The one place that says where one stands. */
export function Banner({
  standing,
  auction,
  you,
  again,
  busy,
}: {
  standing: Standing;
  auction: Auction;
  you: You | null;
  /** Takes the lead back; `null` where that is not possible now. */
  again: ((amount: string) => void) | null;
  busy: boolean;
}) {
  const t = useTexts();
  const sentence = useSentence(standing, auction);
  const amount = (text: string) => money(text, auction.currency);
  const { minimum_bid } = auction;
  const maximum = standing === "leading" || standing === "leading_reserve" ? you?.max : null;
  return (
    <Notice
      tone={TONES[standing]}
      {...(TONES[standing] === "plain" && { icon: "gavel" as const })}
      actions={
        standing === "outbid" && again && minimum_bid ? (
          <Button look="primary" busy={busy} onClick={(event) => !isSecond(event) && again(minimum_bid)}>
            {t.auction.banner.rebid(amount(minimum_bid))}
          </Button>
        ) : standing === "won" || standing === "bought" ? (
          <ButtonLink to="/won-auctions" size="small">
            {t.auction.banner.toWon}
          </ButtonLink>
        ) : null
      }
    >
      {/* Anew for each standing. Only what does not change with the price is an alert: it is said once. */}
      <p key={standing} data-standing={standing} role={standing === "outbid" ? "alert" : undefined}>
        <strong>{sentence}</strong>
      </p>
      {maximum && <p className="numbers">{t.auction.banner.yourMaximum(amount(maximum))}</p>}
    </Notice>
  );
}

function useSentence(standing: Standing, { current_price, outcome, currency, is_seller }: Auction): string {
  const { banner } = useTexts().auction;
  const price = money(outcome?.price ?? current_price, currency);
  switch (standing) {
    case "leading":
      return banner.leading;
    case "leading_reserve":
      return banner.leadingReserve;
    case "outbid":
      return banner.outbid;
    case "won":
      return banner.won(price);
    case "bought":
      return banner.bought(price);
    case "lost":
      return banner.lost(price);
    case "reserve_missed":
      return banner.reserveMissed;
    case "sold":
      return is_seller && outcome?.winner ? banner.soldTo(price, outcome.winner) : banner.sold(price);
    case "unsold_reserve":
      return banner.unsoldReserve;
    case "unsold":
      return banner.unsold;
    case "cancelled":
      return banner.cancelled;
  }
}
