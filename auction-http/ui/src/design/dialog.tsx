import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTexts } from "../i18n";
import styles from "./dialog.module.css";
import { Icon } from "./icon";

/**
 * A modal dialog. Escape and its close button call `onClose`; the focus goes back to where it was. A dialog may come
 * by itself while somebody types: then Enter must not close it, so that its button is not what has the focus at first.
 */
export function Dialog({
  title,
  onClose,
  children,
  wide = false,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const t = useTexts();
  const element = useRef<HTMLDialogElement>(null);
  const close = useRef<HTMLButtonElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    if (document.activeElement === close.current) dialog?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={element}
      tabIndex={-1}
      className={`${styles.dialog} ${wide ? styles.wide : ""}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles.head}>
        <h2 id={heading}>{title}</h2>
        <button ref={close} type="button" className={styles.close} onClick={onClose}>
          <Icon name="close" />
          <span className="hidden-visually">{t.common.close}</span>
        </button>
      </div>
      {children}
    </dialog>
  );
}
