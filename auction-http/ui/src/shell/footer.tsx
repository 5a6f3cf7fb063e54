import { config } from "../api/config";
import { chooseLanguage, currentLanguage, LANGUAGES, type Language, useTexts } from "../i18n";
import styles from "./footer.module.css";
import { chooseTheme, type Theme, useTheme } from "./theme";

const THEMES: Theme[] = ["system", "light", "dark"];

export function Footer() {
  const t = useTexts();
  const theme = useTheme();
  return (
    <footer className={styles.footer}>
      <div className={styles.inside}>
        <p>{t.shell.footer}</p>
        <div className={styles.choices}>
          <label>
            <span>{t.shell.theme}</span>
            <select value={theme} onChange={(event) => chooseTheme(event.target.value as Theme)}>
              {THEMES.map((name) => (
                <option key={name} value={name}>
                  {t.shell.themes[name]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>{t.shell.language}</span>
            <select value={currentLanguage()} onChange={(event) => void chooseLanguage(event.target.value as Language)}>
              {Object.entries(LANGUAGES).map(([name, label]) => (
                <option key={name} value={name} lang={name}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <a href={`${config.base}swagger/`}>{t.shell.apiDocs}</a>
        </div>
      </div>
    </footer>
  );
}
