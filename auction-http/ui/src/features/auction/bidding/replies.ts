/** How bids and purchases went, as sentences. Pure. */
import { UNSETTLED } from "../../../api/once";
import type { Catalogue } from "../../../i18n/en";
import { count, money } from "../../../i18n/format";
import { hidesBids, isStock } from "../../../live/format";
import type { Pending, Reply } from "../../../live/reducer";
import type { Auction } from "../../../live/wire";
import { sentenceFor } from "./refusals";

/** What is said of the last bid; `null` where there is none. */
export function replyText(
  sent: Pending | undefined,
  reply: Reply | null,
  auction: Auction,
  t: Catalogue,
): string | null {
  const texts = t.auction.reply;
  const words = t.formats.reply;
  const sum = (amount: string) => money(amount, auction.currency);
  if (sent) return sent.kind === "max" ? texts.pendingMaximum(sum(sent.amount)) : texts.pending(sum(sent.amount));
  switch (reply?.result) {
    case undefined:
      return null;
    case "leading":
      return reply.kind === "max"
        ? texts.acceptedMaximum(sum(reply.amount), sum(reply.price))
        : texts.accepted(sum(reply.amount));
    case "outbid_at_once":
      return texts.outbidAtOnce(sum(reply.amount), sum(reply.price));
    case "received": {
      const { amount, quantity } = reply;
      if (quantity === undefined) return words.received(sum(amount));
      return words.receivedUnits(t.common.units(quantity, count(quantity)), sum(amount));
    }
    case "refused":
      return texts.refused(sum(reply.amount), sentenceFor(reply.refusal, auction, t));
    case "unknown":
      return hidesBids(auction) ? words.unknown(sum(reply.amount)) : texts.unknown(sum(reply.amount));
  }
}

/** What is said of a purchase that was not confirmed; `why` is the refusal as a sentence. */
export function notBought(auction: Auction, code: string | null, why: string, { auction: texts, formats }: Catalogue) {
  const [buy, isOpen] = [isStock(auction) ? formats.stock : texts.buy, code === UNSETTLED];
  return { tone: isOpen ? "brass" : "bad", text: isOpen ? buy.unknown : buy.failed(why) } as const;
}
