import { Link } from "react-router";
import { type Me, useMe } from "../../api/me";
import { ButtonLink } from "../../design/button";
import { useTexts } from "../../i18n";
import { Page } from "../../shell/page";
import styles from "./account.module.css";
import { AvatarForm } from "./avatar-form";
import { DetailsForm } from "./details-form";
import { EmailForm } from "./email-form";
import { PasswordForm } from "./password-form";
import { Preferences } from "./preferences";
import profile from "./profile.module.css";
import { Section } from "./section";
import { Selling } from "./selling";
import { Sessions } from "./sessions";
import { Unverified } from "./unverified";

export default function ProfilePage() {
  const t = useTexts();
  const me = useMe();
  return (
    <Page title={t.account.profile.title}>
      {me ? <Parts me={me} /> : <div className={styles.room} aria-busy="true" />}
    </Page>
  );
}

function Parts({ me }: { me: Me }) {
  const t = useTexts();
  const titles = {
    details: t.account.profile.details,
    email: t.account.email.title,
    password: t.account.password.title,
    security: t.account.security.title,
    sessions: t.account.sessions.title,
    preferences: t.account.preferences.title,
    selling: t.account.selling.title,
  };
  return (
    <div className={profile.layout}>
      <nav className={profile.nav} aria-label={t.account.profile.parts}>
        <ul>
          {Object.entries(titles).map(([id, title]) => (
            <li key={id}>
              <Link to={`#${id}`} onClick={() => document.getElementById(id)?.focus()}>
                {title}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={profile.parts}>
        {!me.is_verified && <Unverified email={me.email} />}
        <Section id="details" title={titles.details}>
          <AvatarForm me={me} />
          <DetailsForm me={me} />
        </Section>
        <Section id="email" title={titles.email}>
          <EmailForm me={me} />
        </Section>
        <Section id="password" title={titles.password}>
          <PasswordForm me={me} />
        </Section>
        <Section id="security" title={titles.security}>
          <p>{me.two_factor_enabled ? t.account.twoFactor.on : t.account.twoFactor.off}</p>
          <div className={styles.actions}>
            <ButtonLink to="/two-factor">
              {me.two_factor_enabled ? t.account.security.change : t.account.twoFactor.start}
            </ButtonLink>
          </div>
        </Section>
        <Section id="sessions" title={titles.sessions}>
          <Sessions />
        </Section>
        <Section id="preferences" title={titles.preferences}>
          <Preferences />
        </Section>
        <Section id="selling" title={titles.selling}>
          <Selling me={me} />
        </Section>
      </div>
    </div>
  );
}
