//! `auction-server doctor`.

mod postgres;
mod redis;

use super::{Common, block_on, indented, print};
use crate::health::within_reason;
use crate::server::{Stores, mail_server, make_folder};
use crate::settings::{Database, Mail, MailEncryption, SecretKey, Settings, Smtp};
use crate::site::Bundle;
use auction_adapters::system::SystemClock;
use auction_core::ports::Clock;
use std::fmt::{self, Write};
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Less free space than this is worth a word, in bytes.
const SPACE_BYTES_LOW: u64 = 1 << 30;

/// With less free space than this a database cannot be trusted to go on, in bytes.
const SPACE_BYTES_MIN: u64 = 64 << 20;

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    Worth,
    Bad,
}

/// What was looked at, and what was found.
struct Finding(Verdict, &'static str, String);

/// Looks at everything that a server needs, and says what is wrong. Fails where something is.
pub(super) fn run(common: &Common) -> ExitCode {
    let settings = match Settings::parse(&common.sources()) {
        Ok(settings) => settings,
        Err(problems) => {
            let text = Finding(Verdict::Bad, "settings", format!("\n{}", indented(&problems.to_string())));
            print(&format!("{text}\n"));
            return ExitCode::FAILURE;
        }
    };
    let mut findings = vec![Finding(Verdict::Good, "settings", "valid".to_owned())];
    findings.extend(
        settings.notices.iter().map(|notice| Finding(Verdict::Worth, "settings", notice.to_string())),
    );
    findings.extend(insecure(&settings));
    let folder = folder(&settings.data_dir);
    let is_writable = folder.0 != Verdict::Bad;
    findings.push(folder);
    if is_writable {
        findings.push(space(&settings.data_dir));
        findings.push(key(&settings.secret_key));
        let failed = |error: io::Error| vec![Finding(Verdict::Bad, "database", error.to_string())];
        findings.extend(block_on(database(&settings)).unwrap_or_else(failed));
    }
    let failed = |error: io::Error| Some(Finding(Verdict::Bad, "redis", error.to_string()));
    findings.extend(block_on(redis::finding(&settings)).unwrap_or_else(failed));
    if let Mail::Smtp(smtp) = &settings.mail {
        let failed = |error: io::Error| Finding(Verdict::Bad, "mail", error.to_string());
        findings.push(block_on(mail(smtp)).unwrap_or_else(failed));
    }
    let failed = |error: io::Error| Finding(Verdict::Bad, "site", error.to_string());
    findings.push(block_on(site(&settings)).unwrap_or_else(failed));
    findings.push(clock());
    let mut text = String::new();
    for finding in &findings {
        // Writing to a text does not fail.
        let _ = writeln!(text, "{finding}");
    }
    let is_bad = findings.iter().any(|finding| finding.0 == Verdict::Bad);
    let _ =
        writeln!(text, "{}", if is_bad { "The server would not work." } else { "Everything is in order." });
    match print(&text) {
        ExitCode::SUCCESS if is_bad => ExitCode::FAILURE,
        code => code,
    }
}

/// What is fine on one machine and would not be in production.
fn insecure(settings: &Settings) -> Vec<Finding> {
    let worth = |text: &str| Finding(Verdict::Worth, "security", text.to_owned());
    if settings.is_production() {
        let mut findings =
            vec![Finding(Verdict::Good, "security", "production: no insecure defaults".to_owned())];
        if matches!(settings.mail, Mail::Files { .. }) {
            findings.push(worth("mails are written to files, where nobody receives them"));
        }
        return findings;
    }
    let mut findings =
        vec![worth("AUCTION_ENV is development: fine on your own machine, never on the internet")];
    if !settings.listen.ip().is_loopback() {
        findings.push(worth("LISTEN can be reached by other machines, in development"));
    }
    findings
}

/// Whether files can be made in the data folder.
fn folder(folder: &Path) -> Finding {
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let tried = make_folder(folder)
        .and_then(|()| std::fs::write(&probe, b"probe"))
        .and_then(|()| std::fs::remove_file(&probe));
    match tried {
        Ok(()) => Finding(Verdict::Good, "data folder", format!("{} can be written", folder.display())),
        Err(error) => Finding(Verdict::Bad, "data folder", format!("{}: {error}", folder.display())),
    }
}

fn space(folder: &Path) -> Finding {
    let free = match fs4::available_space(folder) {
        Ok(free) => free,
        Err(error) => return Finding(Verdict::Worth, "disk space", format!("unknown: {error}")),
    };
    let verdict = match free {
        SPACE_BYTES_LOW.. => Verdict::Good,
        SPACE_BYTES_MIN.. => Verdict::Worth,
        _ => Verdict::Bad,
    };
    Finding(verdict, "disk space", format!("{} MiB are free", free >> 20))
}

fn key(key: &SecretKey) -> Finding {
    match key {
        SecretKey::Given(_) => Finding(Verdict::Good, "secret key", "given".to_owned()),
        SecretKey::Kept(path) if !path.exists() => {
            Finding(Verdict::Good, "secret key", "is made with the first start".to_owned())
        }
        // Nothing is made where the file is there.
        SecretKey::Kept(_) => match key.open(&auction_adapters::system::SystemEntropy) {
            Ok(_) => Finding(Verdict::Good, "secret key", "kept, and only the owner can read it".to_owned()),
            Err(error) => Finding(Verdict::Bad, "secret key", error.to_string()),
        },
    }
}

async fn database(settings: &Settings) -> Vec<Finding> {
    match &settings.database {
        Database::Sqlite(path) => vec![file(&settings.database, path).await],
        Database::Postgres(postgres) => postgres::findings(settings, postgres).await,
        Database::Memory => vec![Finding(Verdict::Worth, "database", settings.shown_database())],
    }
}

/// Whether the file opens and its tables are, or can be brought, up to date; or who else has it open.
async fn file(database: &Database, path: &Path) -> Finding {
    if let Some(folder) = path.parent()
        && let Err(error) = make_folder(folder)
    {
        return Finding(Verdict::Bad, "database", format!("{}: {error}", folder.display()));
    }
    let opened = match Stores::open(database).await {
        Ok(stores) => stores.close().await,
        Err(failure) => Err(failure),
    };
    match opened {
        Ok(()) => {
            let text = format!("{} opens, is up to date, and nobody has it locked", path.display());
            Finding(Verdict::Good, "database", text)
        }
        // Whoever has it open would see what is wrong with it.
        Err(_) if is_locked(path) => {
            let text = format!("{} is locked: a server is running on it", path.display());
            Finding(Verdict::Good, "database", text)
        }
        Err(failure) => Finding(Verdict::Bad, "database", super::said(&failure)),
    }
}

/// Whether another process has the lock beside the database.
fn is_locked(path: &Path) -> bool {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".lock");
    let file = File::options().write(true).open(beside);
    file.is_ok_and(|file| matches!(fs4::FileExt::try_lock(&file), Err(fs4::TryLockError::WouldBlock)))
}

/// Whether the mail server answers, is who it says, and lets us in. No mail is sent.
async fn mail(smtp: &Smtp) -> Finding {
    let Smtp { host, port, .. } = smtp;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let probed = match mail_server(smtp, &clock) {
        Ok(mailer) => mailer.probe().await,
        Err(failure) => Err(failure),
    };
    let encrypted = match smtp.encryption {
        MailEncryption::StartTls => "encrypted (STARTTLS)",
        MailEncryption::Tls => "encrypted",
        MailEncryption::Off => "not encrypted",
    };
    let signed_in = if smtp.user.is_some() { ", and lets us sign in" } else { "" };
    match probed {
        Ok(()) => Finding(Verdict::Good, "mail", format!("{host}:{port} answers, {encrypted}{signed_in}")),
        Err(failure) => Finding(Verdict::Bad, "mail", format!("{host}:{port}: {}", super::said(&failure))),
    }
}

async fn site(settings: &Settings) -> Finding {
    match (Bundle::of(settings), &settings.site.folder) {
        (Some(bundle), Some(folder)) if !bundle.is_complete().await => {
            Finding(Verdict::Bad, "site", format!("UI_DIR: there is no index.html in {}", folder.display()))
        }
        (Some(_), Some(folder)) => Finding(Verdict::Good, "site", format!("pages of {}", folder.display())),
        (Some(_), None) => Finding(Verdict::Good, "site", "pages of the binary".to_owned()),
        (None, _) => Finding(Verdict::Worth, "site", "none: this binary was built without pages".to_owned()),
    }
}

fn clock() -> Finding {
    let now = SystemClock.now();
    let verdict = if within_reason(now) { Verdict::Good } else { Verdict::Bad };
    Finding(verdict, "clock", format!("it is {now}"))
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(verdict, name, text) = self;
        let verdict = match verdict {
            Verdict::Good => "ok",
            Verdict::Worth => "note",
            Verdict::Bad => "FAIL",
        };
        write!(f, "{verdict:4}  {name}: {text}")
    }
}
