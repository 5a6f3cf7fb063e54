import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answered, api } from "../../api/client";
import { useMe } from "../../api/me";
import { useSession } from "../../api/session";
import { announce } from "../../design/announce";
import { Button } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { count } from "../../i18n/format";
import { Page } from "../../shell/page";
import styles from "./account.module.css";
import { DisableTwoFactor } from "./disable-two-factor";
import { focusHeading } from "./focus-heading";
import { Loading } from "./loading";
import { RecoveryCodes } from "./recovery-codes";
import { SetUpTwoFactor } from "./set-up-two-factor";
import { Unverified } from "./unverified";

/** How many recovery codes are few. */
const FEW = 3;

export default function TwoFactorPage() {
  const t = useTexts();
  const queries = useQueryClient();
  const { token } = useSession();
  const me = useMe();
  const [codes, setCodes] = useState<string[] | null>(null);
  const status = useQuery({
    queryKey: ["two-factor", token],
    queryFn: () => answered(api.GET("/api/2fa/status/")),
  });
  const changed = () => {
    void queries.invalidateQueries({ queryKey: ["two-factor"] });
    void queries.invalidateQueries({ queryKey: ["me"] });
  };
  return (
    <Page title={t.account.twoFactor.title} lead={t.account.twoFactor.lead} narrow>
      {codes ? (
        <RecoveryCodes
          codes={codes}
          done={() => {
            setCodes(null);
            focusHeading();
          }}
        />
      ) : (
        <Loading query={status}>
          {(found) =>
            found.enabled ? (
              <>
                <Enabled left={found.recovery_codes_left} />
                <DisableTwoFactor
                  done={() => {
                    announce(t.account.twoFactor.disabled);
                    focusHeading();
                    changed();
                  }}
                />
              </>
            ) : (
              <>
                <Notice icon="close">{t.account.twoFactor.off}</Notice>
                {me?.is_verified === false ? (
                  <Unverified email={me.email} />
                ) : (
                  <SetUp
                    done={(shown) => {
                      setCodes(shown);
                      changed();
                    }}
                  />
                )}
              </>
            )
          }
        </Loading>
      )}
    </Page>
  );
}

function Enabled({ left }: { left: number }) {
  const t = useTexts();
  return (
    <Notice tone="good">
      <p>
        <strong>{t.account.twoFactor.on}</strong> {t.account.twoFactor.left(left, count(left))}
      </p>
      {left <= FEW && <p>{t.account.twoFactor.fewLeft}</p>}
    </Notice>
  );
}

function SetUp({ done }: { done: (codes: string[]) => void }) {
  const t = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  if (isOpen) return <SetUpTwoFactor done={done} />;
  return (
    <div className={styles.actions}>
      <Button look="primary" onClick={() => setIsOpen(true)}>
        {t.account.twoFactor.start}
      </Button>
    </div>
  );
}
