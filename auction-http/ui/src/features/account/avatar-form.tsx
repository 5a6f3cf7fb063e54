import { useRef, useState } from "react";
import { answered, api } from "../../api/client";
import type { Me } from "../../api/me";
import { Button } from "../../design/button";
import { useSubmit } from "../../design/form";
import { Icon } from "../../design/icon";
import { useTexts } from "../../i18n";
import styles from "./account.module.css";
import { DoneNote } from "./done-note";
import { Failure } from "./failure";
import profile from "./profile.module.css";
import { useMeChange } from "./use-me-change";

const BYTES_MAX = 10 * 1024 * 1024;

/** The picture of oneself. */
export function AvatarForm({ me }: { me: Me }) {
  const t = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const changeMe = useMeChange();
  const [isTooLarge, setIsTooLarge] = useState(false);
  const [done, say] = useState<string | null>(null);
  const upload = useSubmit(send, (changed) => {
    changeMe(changed);
    say(t.account.profile.uploaded);
  });
  const removal = useSubmit(remove, () => {
    changeMe({ ...me, avatar: null });
    say(t.account.profile.removed);
  });
  const refused = upload.fields.image?.join(" ") ?? upload.failure ?? removal.failure;
  const failure = isTooLarge ? t.account.profile.tooLarge : refused;
  const choose = (file: File | undefined) => {
    if (!file) return;
    say(null);
    setIsTooLarge(file.size > BYTES_MAX);
    if (file.size <= BYTES_MAX) upload.submit(file);
  };
  return (
    <div className={profile.avatar}>
      <div className={profile.portrait}>
        {me.avatar ? (
          <img src={me.avatar} alt={t.account.profile.pictureAlt} width="96" height="96" />
        ) : (
          <Icon name="user" size={48} />
        )}
      </div>
      <fieldset className={styles.group}>
        <legend className="hidden-visually">{t.account.profile.picture}</legend>
        <div className={styles.actions}>
          <input
            ref={input}
            type="file"
            hidden
            accept="image/jpeg,image/png,image/webp,image/gif"
            onChange={(event) => {
              choose(event.target.files?.[0]);
              // The same file can be chosen again.
              event.target.value = "";
            }}
          />
          <Button busy={upload.busy} onClick={() => input.current?.click()} aria-describedby="picture-hint">
            {t.account.profile.upload}
          </Button>
          {me.avatar && (
            <Button look="quiet" busy={removal.busy} onClick={() => removal.submit()}>
              {t.account.profile.remove}
              <span className="hidden-visually"> ({t.account.profile.picture})</span>
            </Button>
          )}
          <DoneNote text={done} takesFocus />
        </div>
        <p id="picture-hint" className={styles.aside}>
          {t.account.profile.pictureHint}
        </p>
        {failure && (
          <div role="alert">
            <Failure text={failure} />
          </div>
        )}
      </fieldset>
    </div>
  );
}

function send(file: File): Promise<Me> {
  const form = new FormData();
  form.set("image", file);
  return answered(api.POST("/api/me/avatar/", { body: { image: "" }, bodySerializer: () => form }));
}

async function remove(): Promise<void> {
  await answered(api.DELETE("/api/me/avatar/"));
}
