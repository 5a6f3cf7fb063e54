import type { ReactNode } from "react";
import { Notice } from "../../design/notice";

/** What is wrong with a form as a whole. It takes the focus, and so is read out. */
export function Failure({ text, actions }: { text: string | null; actions?: ReactNode }) {
  if (!text) return null;
  return (
    <div tabIndex={-1} data-failure>
      <Notice tone="bad" actions={actions}>
        {text}
      </Notice>
    </div>
  );
}
