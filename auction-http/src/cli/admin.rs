//! `auction-server create-admin`.

use super::{Common, block_on, complain, print, settings};
use crate::audit::AuditTrail;
use crate::server::{AccountStores, Stores, make_folder, outbox, site_url};
use crate::settings::Settings;
use auction_adapters::argon2id::{Argon2id, Argon2idSettings};
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::admin::{AuditAction, AuditActor, AuditEntry, AuditSubject};
use auction_core::identity::{CodeKey, Email, Password, PersonName, SealKey};
use auction_core::memory::MemoryLimiter;
use auction_core::ports::{Clock, Entropy};
use auction_core::service::accounts::{AccountLimits, Accounts, AccountsParts, AdminRefusal, NewAdmin};
use clap::Args;
use std::fmt::Write;
use std::io::{self, BufRead, Read};
use std::process::ExitCode;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The longest line that is read as a password, in bytes.
const LINE_BYTES_MAX: u64 = 4_096;

/// The random bytes of a password that is made here.
const PASSWORD_BYTES: usize = 18;

/// Create an account for a member of the staff. Works beside a running server.
///
/// Without --password-stdin a password is made and printed, once.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The address with which the admin signs in; it needs no code.
    #[arg(long, value_name = "ADDRESS")]
    email: String,

    /// Read the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,

    /// The first name.
    #[arg(long, default_value = "House")]
    first_name: String,

    /// The last name.
    #[arg(long, default_value = "Admin")]
    last_name: String,
}

/// Runs it.
pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let settings = match settings(&common.sources()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    match prepared(arguments) {
        Ok((admin, made)) => block_on(create(settings, admin, made)).unwrap_or_else(complain),
        Err(why) => complain(why),
    }
}

/// The account to be, and the password where it was made here.
fn prepared(arguments: &Arguments) -> Result<(NewAdmin, Option<Zeroizing<String>>), String> {
    let email = Email::parse(&arguments.email).map_err(|error| format!("--email: {error}"))?;
    let name =
        |option: &str, text: &str| PersonName::parse(text).map_err(|error| format!("{option}: {error}"));
    let first_name = name("--first-name", &arguments.first_name)?;
    let last_name = name("--last-name", &arguments.last_name)?;
    let made = if arguments.password_stdin { None } else { Some(made_password()) };
    let text = match &made {
        Some(text) => text.clone(),
        None => read_password().map_err(|error| format!("the password cannot be read: {error}"))?,
    };
    let password = Password::new(text.to_string()).map_err(|error| error.to_string())?;
    Ok((NewAdmin { email, password, first_name, last_name }, made))
}

fn made_password() -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; PASSWORD_BYTES]);
    SystemEntropy.fill(bytes.as_mut_slice());
    let mut text = Zeroizing::new(String::with_capacity(2 * PASSWORD_BYTES));
    for byte in bytes.iter() {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn read_password() -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    io::stdin().lock().take(LINE_BYTES_MAX).read_line(&mut line)?;
    let length = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(length);
    Ok(line)
}

async fn create(settings: Settings, admin: NewAdmin, made: Option<Zeroizing<String>>) -> ExitCode {
    if let Err(error) = make_folder(&settings.data_dir) {
        return complain(format_args!("{} cannot be made: {error}", settings.data_dir.display()));
    }
    let (accounts, audit) = match open_accounts(&settings).await {
        Ok(opened) => opened,
        Err(why) => return complain(why),
    };
    let at = SystemClock.now();
    match accounts.create_admin(admin, at).await {
        Ok(account) => {
            let entry = AuditEntry::new(at, AuditActor::CommandLine, AuditAction::AdminCreated);
            if let Err(failure) = audit.record(entry.about(AuditSubject::User(account.id))).await {
                return complain(super::said(&failure));
            }
            let password = made.map(|made| format!("password: {}\n", made.as_str())).unwrap_or_default();
            print(&format!("{} is an admin now\n{password}", account.email))
        }
        Err(AdminRefusal::Password(flaws)) => {
            complain(flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
        Err(AdminRefusal::EmailTaken) => complain("this address has an account already"),
        Err(refusal) => complain(refusal),
    }
}

/// The accounts of the database that the settings name, and where entries of what is done to them are recorded.
pub(super) async fn open_accounts(settings: &Settings) -> Result<(Accounts, AuditTrail), String> {
    let said = |failure| super::said(&failure);
    let stores = Stores::open_accounts(&settings.database).await.map_err(said)?;
    let AccountStores { accounts: store, outbox: mails, audit } =
        stores.ok_or("accounts are kept in memory (DATABASE_URL): an admin would be gone at once")?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let secret = settings.secret_key.open(entropy.as_ref()).map_err(|error| error.to_string())?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let seal_key = Arc::new(SealKey::derive(secret.expose().as_bytes()));
    // Whoever serves sends them, and looks for them each second.
    let mailer = outbox(mails, Arc::clone(&seal_key), &clock, &entropy, Arc::new(|| {}));
    let hasher = Argon2id::new(Argon2idSettings::DEFAULT, Arc::clone(&entropy)).map_err(said)?;
    let accounts = Accounts::new(AccountsParts {
        store,
        mailer: Arc::new(mailer),
        hasher: Arc::new(hasher),
        entropy,
        code_key: Arc::new(CodeKey::derive(secret.expose().as_bytes())),
        seal_key,
        site_url: site_url(settings).into(),
        email_verification: settings.email_verification,
        sellers: settings.sellers.policy(),
        refresh_tokens: settings.refresh_tokens,
        limits: AccountLimits::DEFAULT,
        limiter: Arc::new(MemoryLimiter::new()),
    });
    Ok((accounts, AuditTrail::new(audit, settings.audit_kept)))
}
