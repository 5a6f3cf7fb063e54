/** How an end is drawn: what the house has committed to, and after the end the draw itself, which anybody can check. */
import { type ReactNode, useState } from "react";
import { announce } from "../../../design/announce";
import { Button } from "../../../design/button";
import { Notice } from "../../../design/notice";
import { useTexts } from "../../../i18n";
import { exactTime } from "../../../i18n/format";
import type { LiveState } from "../../../live/reducer";
import { ExactTime } from "../../../lot/time-left";
import { CopyButton } from "../../account/copy-button";
import { termsOf } from "../bidding/terms";
import { candleNote } from "./candle-note";
import { type Verdict, verdictOn } from "./draw";
import styles from "./formats.module.css";

export default function Candle({ live: { auction, draw } }: { live: LiveState }) {
  const t = useTexts();
  const { candle } = t.formats;
  const { period_s, sample_s, commitment } = termsOf(auction).closing ?? {};
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!period_s) return null;
  const { note, waiting } = candleNote({ auction, draw }, period_s, t);
  if (auction.status === "cancelled") return <Part note={note} />;

  const check = async () => {
    if (!draw || !commitment) return;
    setBusy(true);
    const found = await verdictOn({
      auction: auction.id,
      seed: draw.seed,
      commitment,
      endsAt: Date.parse(auction.effective_end),
      endedAt: Date.parse(draw.ended_at),
      periodS: period_s,
      sampleS: sample_s ?? 1,
    });
    setBusy(false);
    setVerdict(found);
    announce(sentence(found));
  };
  const sentence = (found: Verdict) => {
    switch (found.result) {
      case "matches":
        return candle.matches;
      case "other_commitment":
        return candle.otherCommitment;
      case "other_end":
        return candle.otherEnd(exactTime(new Date(found.endedAt).toISOString()));
      case "cannot":
        return candle.cannot;
    }
  };
  return (
    <Part note={note}>
      <dl className={styles.proof}>
        {commitment && (
          <>
            <dt>{candle.commitment}</dt>
            <dd>
              <code className={styles.digits} data-testid="commitment">
                {commitment}
              </code>
              <CopyButton text={commitment} />
              <span className={styles.hint}>{candle.commitmentHint}</span>
            </dd>
          </>
        )}
        {draw && (
          <>
            <dt>{candle.seed}</dt>
            <dd>
              <code className={styles.digits} data-testid="seed">
                {draw.seed}
              </code>
            </dd>
            <dt>{candle.drawn}</dt>
            <dd>
              <ExactTime iso={draw.ended_at} />
              <span className={styles.hint}>{candle.drawnHint}</span>
            </dd>
          </>
        )}
      </dl>
      {draw && (
        <div className={styles.actions}>
          <Button busy={isBusy} onClick={() => void check()}>
            {isBusy ? candle.checking : candle.check}
          </Button>
        </div>
      )}
      {waiting && <p className={styles.hint}>{waiting}</p>}
      {verdict && (
        <div data-verdict={verdict.result}>
          <Notice tone={verdict.result === "matches" ? "good" : verdict.result === "cannot" ? "plain" : "bad"}>
            {sentence(verdict)}
          </Notice>
        </div>
      )}
    </Part>
  );
}

function Part({ note, children }: { note: string; children?: ReactNode }) {
  const t = useTexts();
  return (
    <section className={styles.part} aria-labelledby="candle">
      <h2 id="candle">{t.formats.candle.title}</h2>
      <p>{note}</p>
      {children}
    </section>
  );
}
