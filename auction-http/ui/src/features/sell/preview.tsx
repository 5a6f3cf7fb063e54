/** The lot as bidders will see it, out of what stands in the form. */
import type { ReactNode } from "react";
import { Dialog } from "../../design/dialog";
import { useTexts } from "../../i18n";
import { exactTime, money } from "../../i18n/format";
import { FormatBadge } from "../../lot/format-badge";
import { Picture } from "../../lot/picture";
import { type ReserveKind, reserveKind } from "../../lot/reserve";
import { StatusBadge } from "../../lot/status";
import styles from "./preview.module.css";
import type { LotForm } from "./use-lot-form";
import type { Values } from "./values";

const UNKNOWN = "—";

export function Preview({ form, onClose }: { form: LotForm; onClose: () => void }) {
  const t = useTexts();
  const { values, auction } = form;
  const { price, reserve, buyNow, start, end } = form.read().parts;
  const title = values.title.trim() || t.sell.previewNoTitle;
  const amount = (value: string | null) => (value === null ? UNKNOWN : money(value, values.currency));
  const time = (at: number | null) => (at === null ? UNKNOWN : exactTime(new Date(at).toISOString()));
  const startsAt = values.starts === "now" ? t.sell.previewAtOnce : time(start);
  const pictures = auction?.images ?? [];
  return (
    <Dialog title={t.sell.previewTitle} onClose={onClose} wide>
      <div className={styles.both}>
        <section aria-labelledby="preview-card">
          <h3 id="preview-card" className={styles.label}>
            {t.sell.previewCard}
          </h3>
          <Card form={form} />
        </section>
        <section aria-labelledby="preview-page">
          <h3 id="preview-page" className={styles.label}>
            {t.sell.previewPage}
          </h3>
          <article className={styles.page}>
            <p className={styles.pageTitle}>{title}</p>
            <div className={styles.gallery}>
              {pictures.length === 0 && <Picture src={null} alt={t.sell.previewNoPicture} />}
              {pictures.map((address, index) => (
                <Picture key={address} src={address} alt={t.sell.pictures.alt(index + 1, title)} eager />
              ))}
            </div>
            <dl className={styles.facts}>
              <Fact label={t.formats.format}>{t.common.formats[values.format]}</Fact>
              <Fact label={t.sell.prices[values.format]}>{amount(price)}</Fact>
              {reserve && (
                <Fact label={values.format === "reverse" ? t.sell.fields.limit : t.sell.previewReserve}>
                  {values.visibility === "public" ? amount(reserve) : t.common.reserve[reserveShown(values)]}
                </Fact>
              )}
              {buyNow && <Fact label={t.sell.previewBuyNow}>{amount(buyNow)}</Fact>}
              <Fact label={t.sell.previewStarts}>{startsAt}</Fact>
              <Fact label={t.sell.previewEnds}>{time(end)}</Fact>
            </dl>
            <p className={styles.description}>{values.description.trim() || t.sell.previewNoText}</p>
          </article>
        </section>
      </div>
    </Dialog>
  );
}

/** The lot as it stands in lists. */
export function Card({ form: { values, auction, read } }: { form: LotForm }) {
  const t = useTexts();
  const { price } = read().parts;
  const title = values.title.trim() || t.sell.previewNoTitle;
  return (
    <article className={styles.card}>
      <Picture src={auction?.thumbnail} alt={auction?.thumbnail ? title : t.sell.previewNoPicture} eager />
      <div className={styles.inside}>
        <div>
          <StatusBadge status={values.starts === "now" ? "started" : "scheduled"} />{" "}
          <FormatBadge lot={{ format: values.format, terms: {} }} />
        </div>
        <p className={styles.cardTitle}>{title}</p>
        <p className={styles.price}>{price === null ? UNKNOWN : money(price, values.currency)}</p>
        <p className={styles.muted}>{t.common.bids(0, "0")}</p>
      </div>
    </article>
  );
}

/** What everybody reads of a reserve before the first bid. */
function reserveShown({ visibility, format, shows }: Values): ReserveKind {
  if (visibility === "hidden") return "none";
  const terms = { format: { kind: format, visibility: shows } } as never;
  return reserveKind({ format, terms, reserve: "not_met", status: "scheduled", outcome: null });
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="numbers">{children}</dd>
    </div>
  );
}
