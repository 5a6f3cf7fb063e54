/** How the last bid went: on its way, taken, not taken, or taken and beaten at once. */
import { Button } from "../../../design/button";
import { Notice, type Tone } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { count, money } from "../../../i18n/format";
import type { Pending, Reply } from "../../../live/reducer";
import type { Auction } from "../../../live/wire";
import styles from "./messages.module.css";
import { sentenceFor } from "./refusals";
import { isSecond } from "./use-bidding";

const TONES: Record<Reply["result"], Tone> = {
  leading: "good",
  outbid_at_once: "brass",
  received: "good",
  refused: "bad",
  unknown: "brass",
};

export function Messages({
  pending,
  reply,
  auction,
  isAtField,
  instead,
  dismiss,
}: {
  pending: readonly Pending[];
  reply: Reply | null;
  auction: Auction;
  /** The field where the amount was typed says itself why it was refused. */
  isAtField: boolean;
  /** Bids the new minimum; `null` where that is not possible now. */
  instead: ((kind: Pending["kind"], amount: string) => void) | null;
  dismiss: () => void;
}) {
  const t = useTexts();
  const sent = pending.at(-1);
  const refused = reply?.result === "refused" ? reply : null;
  const minimum = refused?.refusal.minimum_bid;
  const text = useText(sent, reply, auction);
  return (
    <div role="status" className={styles.messages} data-reply={sent ? "pending" : reply?.result}>
      {text && (sent || !isAtField) && (
        <Notice
          tone={sent || !reply ? "plain" : TONES[reply.result]}
          actions={
            !sent && (
              <>
                {refused && minimum && instead && (
                  <Button size="small" onClick={(event) => !isSecond(event) && instead(refused.kind, minimum)}>
                    {t.auction.reply.instead(money(minimum, auction.currency))}
                  </Button>
                )}
                <Button size="small" look="quiet" onClick={dismiss}>
                  {t.auction.reply.dismiss}
                </Button>
              </>
            )
          }
        >
          <p>{text}</p>
        </Notice>
      )}
    </div>
  );
}

function useText(sent: Pending | undefined, reply: Reply | null, auction: Auction): string | null {
  const t = useTexts();
  const texts = t.auction.reply;
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
      if (quantity === undefined) return t.formats.reply.received(sum(amount));
      return t.formats.reply.receivedUnits(t.common.units(quantity, count(quantity)), sum(amount));
    }
    case "refused":
      return texts.refused(sum(reply.amount), sentenceFor(reply.refusal, auction, t));
    case "unknown":
      return texts.unknown(sum(reply.amount));
  }
}
