/** How the last bid went: on its way, taken, not taken, or taken and beaten at once. */
import { Button } from "../../../design/button";
import { Notice, type Tone } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { money } from "../../../i18n/format";
import type { Pending, Reply } from "../../../live/reducer";
import type { Auction } from "../../../live/wire";
import styles from "./messages.module.css";
import { replyText } from "./replies";
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
  const text = replyText(sent, reply, auction, t);
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
