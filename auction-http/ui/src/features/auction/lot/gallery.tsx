/** The pictures of a lot: one large, the others small, and each in a dialog where one looks closer. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { announce } from "../../../design/announce";
import { Icon } from "../../../design/icon";
import { useTexts } from "../../../i18n";
import { count } from "../../../i18n/format";
import { Picture } from "../../../lot/picture";
import styles from "./gallery.module.css";
import { Zoom } from "./zoom";

/** How long pictures have to lie still before the one that is seen counts as chosen, in milliseconds. */
const STILL_AFTER = 120;
/** By what somebody takes the pictures into their own hand. */
const HANDS = ["pointerdown", "touchstart", "wheel"] as const;

type Props = { images: readonly string[]; thumbnails: readonly string[]; title: string };

/** To which picture a key leads. */
export function picturedBy(key: string, index: number, total: number): number | null {
  switch (key) {
    case "ArrowLeft":
      return Math.max(0, index - 1);
    case "ArrowRight":
      return Math.min(total - 1, index + 1);
    case "Home":
      return 0;
    case "End":
      return total - 1;
    default:
      return null;
  }
}

/** What a picture is called. */
export function usePictureName(title: string, total: number): (index: number) => string {
  const t = useTexts();
  return (index) => (total > 1 ? t.lot.picture(count(index + 1), count(total), title) : t.lot.onlyPicture(title));
}

export function Gallery({ images, thumbnails, title }: Props) {
  const t = useTexts();
  const total = images.length;
  const [chosen, setChosen] = useState(0);
  const [isZoomed, setZoomed] = useState(false);
  const index = Math.min(chosen, Math.max(0, total - 1));
  const name = usePictureName(title, total);
  const track = useRef<HTMLUListElement>(null);
  const heading = useRef<number | null>(null);
  useSettled(track, heading, setChosen);

  // Who comes back from the dialog is at the picture that was seen there.
  const wasZoomed = useRef(false);
  useEffect(() => {
    if (wasZoomed.current && !isZoomed) {
      track.current?.querySelectorAll("button")[index]?.focus({ preventScroll: true });
      showSlide(track.current, index);
    }
    wasZoomed.current = isZoomed;
  }, [isZoomed, index]);

  const go = (next: number) => {
    if (next === index) return;
    setChosen(next);
    heading.current = next;
    showSlide(track.current, next);
    announce(name(next));
  };
  const byKey = (event: KeyboardEvent) => {
    const next = event.altKey || event.ctrlKey || event.metaKey ? null : picturedBy(event.key, index, total);
    if (next === null || total < 2) return;
    event.preventDefault();
    const isOnPicture = track.current?.contains(document.activeElement);
    go(next);
    if (isOnPicture) track.current?.querySelectorAll("button")[next]?.focus({ preventScroll: true });
  };

  if (total === 0) {
    return (
      <div className={styles.gallery}>
        <div className={`${styles.stage} ${styles.none}`}>
          <Picture src={null} alt={t.lot.noPicture(title)} />
        </div>
      </div>
    );
  }
  return (
    <section aria-label={t.lot.pictures} className={styles.gallery} onKeyDown={isZoomed ? undefined : byKey}>
      <div className={styles.stage}>
        <ul ref={track} className={styles.track}>
          {images.map((image, place) => (
            <li key={image} className={styles.slide}>
              <button
                type="button"
                className={styles.open}
                title={t.lot.enlarge}
                aria-haspopup="dialog"
                tabIndex={place === index ? 0 : -1}
                onClick={() => setZoomed(true)}
              >
                <Picture src={image} alt={name(place)} eager={place === 0} />
              </button>
            </li>
          ))}
        </ul>
        <span className={styles.glass}>
          <Icon name="zoom" size={18} />
        </span>
        {total > 1 && <Arrows index={index} total={total} go={go} />}
      </div>
      {total > 1 && <Thumbnails images={images} thumbnails={thumbnails} index={index} go={go} />}
      {isZoomed && <Zoom images={images} title={title} index={index} go={go} onClose={() => setZoomed(false)} />}
    </section>
  );
}

type Steps = { index: number; total: number; go: (index: number) => void };

function Arrows({ index, total, go }: Steps) {
  const t = useTexts();
  return (
    <>
      <button
        type="button"
        className={`${styles.arrow} ${styles.previous}`}
        aria-disabled={index === 0}
        onClick={() => go(Math.max(0, index - 1))}
      >
        <Icon name="left" size={24} />
        <span className="hidden-visually">{t.lot.previous}</span>
      </button>
      <button
        type="button"
        className={`${styles.arrow} ${styles.next}`}
        aria-disabled={index === total - 1}
        onClick={() => go(Math.min(total - 1, index + 1))}
      >
        <Icon name="right" size={24} />
        <span className="hidden-visually">{t.lot.next}</span>
      </button>
      <span className={styles.place} aria-hidden="true">
        {t.lot.place(count(index + 1), count(total))}
      </span>
    </>
  );
}

type Small = Omit<Props, "title"> & Omit<Steps, "total">;

function Thumbnails({ images, thumbnails, index, go }: Small) {
  const t = useTexts();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const chosen = list.current?.children[index];
    if (!list.current || !(chosen instanceof HTMLElement)) return;
    // Within the list alone: the page stays where it is.
    const middle = chosen.offsetLeft - (list.current.clientWidth - chosen.offsetWidth) / 2;
    list.current.scrollTo({ left: middle });
  }, [index]);
  return (
    <ul ref={list} className={styles.thumbnails}>
      {images.map((image, place) => (
        <li key={image}>
          <button
            type="button"
            className={styles.thumbnail}
            aria-current={place === index ? "true" : undefined}
            onClick={() => go(place)}
          >
            <Picture src={thumbnails[place] ?? image} alt={t.lot.show(count(place + 1), count(images.length))} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function showSlide(track: HTMLUListElement | null, index: number) {
  const slide = track?.children[index];
  if (track && slide instanceof HTMLElement) track.scrollTo({ left: slide.offsetLeft });
}

/**
 * Tells which picture lies in the middle when somebody has swiped to it. Pictures that pass by on the way to one that
 * was asked for do not count, however slowly they pass.
 */
function useSettled(
  track: { current: HTMLUListElement | null },
  heading: { current: number | null },
  settled: (index: number) => void,
) {
  useEffect(() => {
    const element = track.current;
    if (!element) return;
    let timer: number | undefined;
    const lie = () => {
      const index = Math.round(Math.abs(element.scrollLeft) / Math.max(1, element.clientWidth));
      if (heading.current !== null && heading.current !== index) return;
      heading.current = null;
      settled(index);
    };
    const scrolled = () => {
      clearTimeout(timer);
      timer = window.setTimeout(lie, STILL_AFTER);
    };
    const taken = () => {
      heading.current = null;
    };
    element.addEventListener("scroll", scrolled, { passive: true });
    for (const hand of HANDS) element.addEventListener(hand, taken, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener("scroll", scrolled);
      for (const hand of HANDS) element.removeEventListener(hand, taken);
    };
  }, [track, heading, settled]);
}
