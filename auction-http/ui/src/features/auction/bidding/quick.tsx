/** Buttons that carry a whole amount. A click bids what stood on the button when it was pressed. */
import { useId, useRef } from "react";
import { Button } from "../../../design/button";
import { useTexts } from "../../../i18n";
import { money } from "../../../i18n/format";
import styles from "./box.module.css";
import { isSecond } from "./use-bidding";

export function QuickBids({
  amounts,
  currency,
  busy,
  idle,
  onBid,
}: {
  amounts: readonly string[];
  currency: string;
  busy: boolean;
  /** Why there is nothing to bid for now; `null` where there is. */
  idle: string | null;
  onBid: (amount: string) => void;
}) {
  const t = useTexts();
  const why = useId();
  return (
    <fieldset className={styles.quick}>
      <legend>{t.auction.box.quick}</legend>
      <div className={styles.amounts}>
        {amounts.map((amount, index) => (
          <QuickBid
            // A button is its place: what stands on it changes, and the focus stays.
            // biome-ignore lint/suspicious/noArrayIndexKey: the minimum, one step more, two steps more
            key={index}
            amount={amount}
            text={t.auction.box.bid(money(amount, currency))}
            isFirst={index === 0}
            busy={busy}
            {...(idle !== null && { why })}
            onBid={onBid}
          />
        ))}
      </div>
      {idle !== null && (
        <p id={why} className={styles.idle}>
          {idle}
        </p>
      )}
    </fieldset>
  );
}

function QuickBid({
  amount,
  text,
  isFirst,
  busy,
  why,
  onBid,
}: {
  amount: string;
  text: string;
  isFirst: boolean;
  busy: boolean;
  why?: string;
  onBid: (amount: string) => void;
}) {
  // A price may move between the press and the release: what one pressed counts.
  const pressed = useRef<string | null>(null);
  return (
    <Button
      look={isFirst ? "primary" : "secondary"}
      busy={busy}
      aria-disabled={busy || why !== undefined || undefined}
      aria-describedby={why}
      className="numbers"
      onPointerDown={() => {
        pressed.current = amount;
      }}
      onClick={(event) => {
        // A click by key has no press.
        const shown = event.detail > 0 ? (pressed.current ?? amount) : amount;
        pressed.current = null;
        if (why === undefined && !isSecond(event)) onBid(shown);
      }}
    >
      {text}
    </Button>
  );
}
