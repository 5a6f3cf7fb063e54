/** The form of a lot, new or there already. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { Button } from "../../design/button";
import { useTexts } from "../../i18n";
import type { Auction } from "../../live/wire";
import { Page, SAME_PAGE } from "../../shell/page";
import styles from "./form.module.css";
import { Leave } from "./leave";
import { Pictures } from "./pictures";
import { Card, Preview } from "./preview";
import { FormatSection } from "./section-format";
import { LotSection } from "./section-lot";
import { PriceSection } from "./section-price";
import { TermsSection } from "./section-terms";
import { TimeSection } from "./section-time";
import { Summary } from "./summary";
import { useLotForm } from "./use-lot-form";

export function Editor({ start, created }: { start: Auction | null; created: (id: number) => void }) {
  const t = useTexts();
  const navigate = useNavigate();
  const { key } = useLocation();
  const mayLeave = useRef(false);
  const [isPreview, setPreview] = useState(false);
  const [said, setSaid] = useState("");
  const form = useLotForm(start, ({ id }) => {
    // The draft has an address now; the form stays as it is.
    mayLeave.current = true;
    created(id);
    void navigate(`/sell/${id}`, { replace: true, state: SAME_PAGE });
  });
  const { auction, isDirty } = form;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one has arrived
  useEffect(() => {
    mayLeave.current = false;
  }, [key]);
  const dirty = useRef(isDirty);
  dirty.current = isDirty;
  const wouldLose = useCallback(() => dirty.current && !mayLeave.current, []);

  const isDraft = auction === null || auction.status === "draft";
  async function save() {
    setSaid("");
    const kept = await form.save();
    if (kept) setSaid(kept.status === "draft" ? t.sell.savedDraft : t.sell.savedChanges);
  }
  async function publish() {
    setSaid("");
    const kept = await form.publish();
    if (!kept) return;
    mayLeave.current = true;
    void navigate("/sell", { state: { published: { id: kept.id, title: kept.title, status: kept.status } } });
  }
  return (
    <Page
      title={auction === null ? t.sell.newTitle : t.sell.editTitle}
      heading={auction === null ? t.sell.newTitle : t.sell.editOf(auction.title)}
      lead={auction === null ? t.sell.newLead : isDraft ? t.sell.draftLead : t.sell.scheduledLead}
    >
      <div className={styles.both}>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            // Enter keeps what was typed; it never publishes.
            event.preventDefault();
            void save();
          }}
        >
          <Summary wrong={form.wrong} refusals={form.refusals} />
          <section className={styles.section} aria-labelledby="section-lot">
            <h2 id="section-lot">{t.sell.sections.lot}</h2>
            <LotSection form={form} />
          </section>
          <section className={styles.section} aria-labelledby="section-pictures">
            <h2 id="section-pictures">{t.sell.sections.pictures}</h2>
            <Pictures form={form} />
          </section>
          <section className={styles.section} aria-labelledby="section-format">
            <h2 id="section-format">{t.sell.sections.format}</h2>
            <FormatSection form={form} />
          </section>
          <section className={styles.section} aria-labelledby="section-price">
            <h2 id="section-price">{t.sell.sections.price}</h2>
            <PriceSection form={form} />
          </section>
          <section className={styles.section} aria-labelledby="section-time">
            <h2 id="section-time">{t.sell.sections.time}</h2>
            <TimeSection form={form} />
          </section>
          <TermsSection form={form} />
          <div className={styles.foot}>
            <span className={styles.said}>{isDirty ? "" : said}</span>
            <Button onClick={() => setPreview(true)}>{t.sell.preview}</Button>
            <Button type="submit" look={isDraft ? "secondary" : "primary"} busy={form.errand === "save"}>
              {isDraft ? t.sell.saveDraft : t.sell.saveChanges}
            </Button>
            {isDraft && (
              <Button look="primary" busy={form.errand === "publish"} onClick={() => void publish()}>
                {t.sell.publish}
              </Button>
            )}
          </div>
        </form>
        <aside className={styles.aside} aria-label={t.sell.previewCard}>
          <p>{t.sell.previewCard}</p>
          <Card form={form} />
        </aside>
      </div>
      {isPreview && <Preview form={form} onClose={() => setPreview(false)} />}
      <Leave isDirty={wouldLose} />
    </Page>
  );
}
