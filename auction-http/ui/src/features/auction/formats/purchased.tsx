/** What one has just bought, and for how much. */
import { Button } from "../../../design/button";
import { Notice } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { compare, plus } from "../../../i18n/amount";
import { count, money } from "../../../i18n/format";
import styles from "../bidding/messages.module.css";
import type { Bought } from "../bidding/use-errands";

/** The region is there before there is anything in it, so that what comes is announced. */
export default function Purchased({
  bought,
  currency,
  dismiss,
}: {
  bought: Bought | null;
  currency: string;
  dismiss: () => void;
}) {
  const t = useTexts();
  return (
    <div role="status" className={styles.messages}>
      {bought && (
        <Notice
          tone="good"
          actions={
            <Button size="small" look="quiet" onClick={dismiss}>
              {t.auction.reply.dismiss}
            </Button>
          }
        >
          <Sentences bought={bought} currency={currency} />
        </Notice>
      )}
    </div>
  );
}

function Sentences({ bought: { price, quantity, seen }, currency }: { bought: Bought; currency: string }) {
  const t = useTexts();
  const { stock } = t.formats;
  const each = money(price, currency);
  const all = money(plus("0", price, quantity), currency);
  const hasFallen = compare(price, seen) < 0;
  return (
    <>
      <p className="numbers">
        {quantity === 1 ? stock.bought(each) : stock.boughtUnits(t.common.units(quantity, count(quantity)), all, each)}
      </p>
      {hasFallen && <p className="numbers">{quantity === 1 ? stock.fallen(each) : stock.fallenUnits(each)}</p>}
    </>
  );
}
