/** A picture of a lot in a frame of fixed shape, so that nothing moves when it arrives. */
import { useState } from "react";
import { Icon } from "../design/icon";
import { mediaAddress } from "./media";
import styles from "./picture.module.css";

export function Picture({ src, alt, eager = false }: { src: string | null | undefined; alt: string; eager?: boolean }) {
  const [broken, setBroken] = useState<string | null>(null);
  const isThere = src && broken !== src;
  return (
    <span className={styles.frame}>
      {isThere ? (
        <img
          src={mediaAddress(src)}
          alt={alt}
          loading={eager ? "eager" : "lazy"}
          decoding="async"
          width="480"
          height="360"
          onError={() => setBroken(src)}
        />
      ) : (
        // Where it has no text, the text stands beside it.
        <span className={styles.none} {...(alt ? { role: "img", "aria-label": alt } : { "aria-hidden": true })}>
          <Icon name="gavel" size={40} />
        </span>
      )}
    </span>
  );
}
