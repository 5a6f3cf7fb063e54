import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";
import styles from "./button.module.css";

export type Look = "primary" | "secondary" | "quiet" | "danger";

type Shared = { look?: Look; size?: "normal" | "small"; wide?: boolean; children: ReactNode };

function className({ look = "secondary", size = "normal", wide = false }: Omit<Shared, "children">, more = ""): string {
  return [styles.button, styles[look], styles[size], wide ? styles.wide : "", more].filter(Boolean).join(" ");
}

/** A button. While it is `busy` or `aria-disabled` it keeps its size and its focus, and does nothing. */
export function Button({
  look,
  size,
  wide,
  busy = false,
  children,
  onClick,
  className: more,
  "aria-disabled": disabled,
  ...rest
}: Shared & ButtonHTMLAttributes<HTMLButtonElement> & { busy?: boolean }) {
  const isIdle = busy || disabled === true || disabled === "true";
  return (
    <button
      type="button"
      {...rest}
      className={className({ ...(look && { look }), ...(size && { size }), ...(wide && { wide }) }, more)}
      aria-disabled={isIdle || undefined}
      onClick={(event) => {
        if (isIdle) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy && <span className={styles.spinner} aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ look, size, wide, children, className: more, ...rest }: Shared & LinkProps) {
  return (
    <Link
      {...rest}
      className={className({ ...(look && { look }), ...(size && { size }), ...(wide && { wide }) }, more as string)}
    >
      {children}
    </Link>
  );
}
