/** The pictures of a lot: they are sent as soon as they are chosen, one after the other. */
import { useRef, useState } from "react";
import { answered, api } from "../../api/client";
import { isProblem } from "../../api/problem";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import { sentenceOf } from "../../i18n/problems";
import type { Auction } from "../../live/wire";
import { Picture } from "../../lot/picture";
import { FIELDS } from "./fields";
import styles from "./pictures.module.css";
import type { LotForm } from "./use-lot-form";

const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const BYTES_MAX = 10 * 1024 * 1024;
const PICTURES_MAX = 10;

export function Pictures({ form }: { form: LotForm }) {
  const t = useTexts();
  const { auction, setAuction, place, wrong } = form;
  const chooser = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [progress, setProgress] = useState<{ number: number; of: number } | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  const [isOver, setOver] = useState(false);
  const [refused, setRefused] = useState<string[]>([]);
  const pictures = auction?.thumbnails ?? [];
  const title = form.values.title.trim() || t.sell.pictures.untitled;

  async function add(files: readonly File[]) {
    if (files.length === 0 || progress) return;
    setRefused([]);
    const owner = await place();
    if (!owner) {
      setRefused([t.sell.pictures.first]);
      return;
    }
    const errors: string[] = [];
    let [now, added] = [owner, 0];
    for (const [index, file] of files.entries()) {
      const wrongWith = unsuitable(file, now.images.length);
      if (wrongWith) {
        errors.push(t.sell.pictures[wrongWith](file.name));
        continue;
      }
      setProgress({ number: index + 1, of: files.length });
      try {
        now = await upload(now.id, file);
        added += 1;
        setAuction(now);
      } catch (problem) {
        const why = isProblem(problem) ? problem.fields.image?.join(" ") : undefined;
        errors.push(t.sell.pictures.refused(file.name, why ?? sentenceOf(problem, t)));
      }
    }
    setProgress(null);
    setRefused(errors);
    if (added > 0) announce(t.sell.pictures.added(added));
  }

  async function remove(index: number) {
    if (!auction || isRemoving) return;
    setRemoving(true);
    setRefused([]);
    const params = { path: { id: auction.id } };
    try {
      await answered(api.DELETE("/api/auctions/{id}/images/{n}/", { params: { path: { id: auction.id, n: index } } }));
      setAuction(await answered(api.GET("/api/auctions/{id}/", { params })));
      announce(t.sell.pictures.removed(index + 1));
      // The button is gone: the next one takes the focus, or the one that adds.
      const buttons = list.current?.querySelectorAll("button") ?? [];
      requestAnimationFrame(() =>
        (buttons[index + 1] ?? buttons[index - 1] ?? document.getElementById(FIELDS.image.id))?.focus(),
      );
    } catch (problem) {
      setRefused([sentenceOf(problem, t)]);
    } finally {
      setRemoving(false);
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way, the button does the same
    <div
      className={`${styles.pictures} ${isOver ? styles.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void add([...event.dataTransfer.files]);
      }}
    >
      <p id={`${FIELDS.image.id}-hint`} className={styles.hint}>
        {t.sell.pictures.hint}
      </p>
      {pictures.length > 0 && (
        <ul ref={list} className={styles.list}>
          {pictures.map((address, index) => (
            <li key={address}>
              <Picture src={address} alt={t.sell.pictures.alt(index + 1, title)} eager />
              {index === 0 && <span className={styles.cover}>{t.sell.pictures.cover}</span>}
              <button
                type="button"
                className={styles.remove}
                aria-disabled={isRemoving || undefined}
                onClick={() => void remove(index)}
              >
                <Icon name="close" size={18} />
                <span className="hidden-visually">{t.sell.pictures.remove(index + 1)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.add}>
        <Button
          id={FIELDS.image.id}
          busy={progress !== null || form.errand === "pictures"}
          aria-describedby={`${FIELDS.image.id}-hint`}
          onClick={() => chooser.current?.click()}
        >
          {t.sell.pictures.add}
        </Button>
        <input
          ref={chooser}
          type="file"
          hidden
          multiple
          accept={TYPES.join(",")}
          onChange={(event) => {
            void add([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
        <span role="status" className={styles.hint}>
          {progress ? t.sell.pictures.adding(progress.number, progress.of) : t.sell.pictures.drop}
        </span>
      </div>
      {(refused.length > 0 || wrong.fields.image) && (
        <ul role="alert" className={styles.refused}>
          {[...refused, ...(wrong.fields.image ?? [])].map((sentence) => (
            <li key={sentence}>
              <Icon name="warning" size={16} />
              {sentence}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Why a file is not worth sending. The server looks at what is in it. */
function unsuitable(file: File, had: number): "tooLarge" | "wrongType" | "tooMany" | null {
  if (!TYPES.includes(file.type)) return "wrongType";
  if (file.size > BYTES_MAX) return "tooLarge";
  return had >= PICTURES_MAX ? "tooMany" : null;
}

async function upload(id: number, file: File): Promise<Auction> {
  const form = new FormData();
  form.append("image", file);
  return await answered(
    api.POST("/api/auctions/{id}/images/", {
      params: { path: { id } },
      // The description of the call speaks of texts where a form has files.
      body: { image: [] },
      bodySerializer: () => form,
    }),
  );
}
