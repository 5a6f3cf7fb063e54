import { useState } from "react";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";

/** Copies a text. Where the browser does not let it, the text is still there to be selected. */
export function CopyButton({ text }: { text: string }) {
  const t = useTexts();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
      announce(t.account.twoFactor.copied);
    } catch {
      setIsCopied(false);
    }
  };
  return (
    <Button onClick={() => void copy()}>
      {isCopied && <Icon name="check" size={16} />}
      {isCopied ? t.account.twoFactor.copied : t.account.twoFactor.copy}
    </Button>
  );
}
