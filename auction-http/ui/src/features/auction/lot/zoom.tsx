/** One picture of a lot as large as the screen allows, and larger. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { announce } from "../../../design/announce";
import { Button } from "../../../design/button";
import { Dialog } from "../../../design/dialog";
import { Icon } from "../../../design/icon";
import { useTexts } from "../../../i18n";
import { count, inPercent } from "../../../i18n/format";
import { mediaAddress } from "../../../lot/media";
import { picturedBy, usePictureName } from "./gallery";
import styles from "./zoom.module.css";

/** How many times as large as the room that there is. */
const LEVELS = [1, 2, 4];

type Props = {
  images: readonly string[];
  title: string;
  index: number;
  go: (index: number) => void;
  onClose: () => void;
};

export function Zoom({ images, title, index, go, onClose }: Props) {
  const t = useTexts();
  const total = images.length;
  const name = usePictureName(title, total);
  const [level, setLevel] = useState(0);
  const pane = useRef<HTMLDivElement>(null);
  const times = LEVELS[level] ?? 1;

  // What was in the middle stays there.
  const before = useRef(times);
  useLayoutEffect(() => {
    const element = pane.current;
    if (!element) return;
    const grown = times / before.current;
    before.current = times;
    const kept = (start: number, size: number) => (start + size / 2) * grown - size / 2;
    element.scrollTo({
      left: kept(element.scrollLeft, element.clientWidth),
      top: kept(element.scrollTop, element.clientHeight),
      behavior: "instant",
    });
  }, [times]);

  // After the dialog has opened: what one came for has the focus, not the button that closes it.
  useEffect(() => pane.current?.focus(), []);

  const zoom = (next: number) => {
    const bounded = Math.min(LEVELS.length - 1, Math.max(0, next));
    if (bounded === level) return;
    setLevel(bounded);
    announce(t.lot.zoomed(inPercent(LEVELS[bounded] ?? 1)));
  };
  const show = (next: number) => {
    setLevel(0);
    go(next);
  };
  const byKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "+" || event.key === "=") zoom(level + 1);
    else if (event.key === "-") zoom(level - 1);
    else {
      // In an enlarged picture the arrows move what is seen of it.
      const next = level > 0 && event.key.startsWith("Arrow") ? null : picturedBy(event.key, index, total);
      if (next === null) return;
      show(next);
    }
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys beside those of the buttons, which do the same
    <div onKeyDown={byKey}>
      <Dialog title={t.lot.pictureShort(count(index + 1), count(total))} onClose={onClose} wide>
        <div className={styles.zoom}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled can be scrolled by keys */}
          <section ref={pane} className={styles.pane} tabIndex={0} aria-label={name(index)}>
            <img
              key={images[index]}
              src={mediaAddress(images[index] ?? "")}
              alt={name(index)}
              className={styles[`times${times}`]}
            />
          </section>
          <div className={styles.tools}>
            <p className={styles.keys}>{t.lot.zoomKeys}</p>
            {total > 1 && (
              <>
                <Tool name={t.lot.previous} icon="left" isOff={index === 0} act={() => show(index - 1)} />
                <Tool name={t.lot.next} icon="right" isOff={index === total - 1} act={() => show(index + 1)} />
              </>
            )}
            <Tool name={t.lot.zoomOut} icon="less" isOff={level === 0} act={() => zoom(level - 1)} />
            <Tool name={t.lot.zoomIn} icon="zoom" isOff={level === LEVELS.length - 1} act={() => zoom(level + 1)} />
          </div>
        </div>
      </Dialog>
    </div>
  );
}

type ToolProps = { name: string; icon: "left" | "right" | "less" | "zoom"; isOff: boolean; act: () => void };

/** It keeps its focus where there is nothing more to do. */
function Tool({ name, icon, isOff, act }: ToolProps) {
  return (
    <Button busy={false} aria-disabled={isOff} onClick={() => !isOff && act()}>
      <Icon name={icon} />
      <span className="hidden-visually">{name}</span>
    </Button>
  );
}
