/** What is wrong with a form, in one place: it takes the focus, and each entry leads to its field. */
import { useEffect, useRef } from "react";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import { FIELDS, inOrder, type Wrong } from "./fields";
import styles from "./summary.module.css";

/** Shows a field, wherever it is folded away, and puts the focus there. */
export function showField(id: string) {
  const element = document.getElementById(id);
  const folded = element?.closest("details");
  if (folded) folded.open = true;
  element?.focus();
}

export function Summary({ wrong, refusals }: { wrong: Wrong; refusals: number }) {
  const t = useTexts();
  const box = useRef<HTMLDivElement>(null);
  const entries = inOrder(wrong);
  const total = entries.length + wrong.other.length;
  useEffect(() => {
    if (refusals > 0) box.current?.focus();
  }, [refusals]);
  if (total === 0) return null;
  return (
    <div ref={box} role="alert" tabIndex={-1} className={styles.summary}>
      <h2>
        <Icon name="warning" />
        {t.sell.summary(total)}
      </h2>
      <ul>
        {entries.map(({ name, sentences }) => {
          const { id, label } = FIELDS[name];
          return (
            <li key={name}>
              <a
                href={`#${id}`}
                onClick={(event) => {
                  event.preventDefault();
                  showField(id);
                }}
              >
                {t.sell.fields[label]}: {sentences.join(" ")}
              </a>
            </li>
          );
        })}
        {wrong.other.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
