/** That a purchase was refused, or that nobody knows what became of it. */
import { Button } from "../../../design/button";
import { Notice } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import type { Auction } from "../../../live/wire";
import { notBought } from "./replies";

export function NotBought({
  auction,
  code,
  why,
  dismiss,
}: {
  auction: Auction;
  code: string | null;
  why: string;
  dismiss: () => void;
}) {
  const t = useTexts();
  const { tone, text } = notBought(auction, code, why, t);
  return (
    <Notice
      tone={tone}
      role="alert"
      actions={
        <Button size="small" look="quiet" onClick={dismiss}>
          {t.auction.reply.dismiss}
        </Button>
      }
    >
      {text}
    </Notice>
  );
}
