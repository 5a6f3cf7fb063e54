//! Parsing all settings, and gathering everything that is wrong.

use super::length::Length;
use super::limits::{Allowance, Allowances, Unit};
use super::names::{self, Notice, SETTINGS};
use super::network::{FrontendUrl, Origins, TrustedProxies};
use super::parse;
use super::problem::{Problem, Problems};
use super::remote;
use super::secret::{Secret, SecretKey};
use super::site::{BasePath, ServiceUrl, Site};
use super::sources::{Given, Sources, Text};
use super::{Database, Environment, Log, LogFormat, Mail, MailEncryption, Sellers, Settings, Smtp, Switch};
use crate::wire::label::BidderLabels;
use auction_adapters::postgres::{Pooler, PostgresOptions};
use auction_core::Span;
use auction_core::auction::TermsDocument;
use auction_core::identity::{EmailVerification, RefreshPolicy};
use auction_core::money::{Amount, Currency};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::Path;

/// The port of the server.
const PORT: u16 = 9000;

/// The port at which mail servers take mail from programs, encrypted once they have said hello.
const MAIL_PORT: u16 = 587;

/// How long before the start and the end of an auction people are reminded.
const LEAD: Length = Length::minutes(15);
/// The port at which mail servers take mail from programs, encrypted from the first byte.
const MAIL_TLS_PORT: u16 = 465;

/// The port at which mail servers take mail in the clear.
const MAIL_CLEAR_PORT: u16 = 25;

/// The sender of mails, where nobody chose one.
const MAIL_FROM: &str = "auctions@example.com";

/// For how long audit entries are kept.
const AUDIT_KEPT: Span = Span::from_secs(365 * parse::DAY_SECS);

/// The name of the file that keeps the key that was made, in the data folder.
const SECRET_KEY_FILE: &str = "secret.key";

/// Reads texts, and keeps what is wrong for later.
struct Reader<'a> {
    sources: &'a Sources,
    problems: Vec<Problem>,
    given: BTreeMap<&'static str, Given>,
}

impl Reader<'_> {
    /// The value of a setting; `None` where it is not given, or wrong.
    fn optional<T, E: ToString>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Text { text, given, name: spelt, .. } = self.sources.find(name)?;
        self.given.insert(name, given);
        match parse(text) {
            Ok(value) => Some(value),
            Err(message) => {
                self.problems.push(Problem::new(format!("{spelt} ({given})"), message.to_string()));
                None
            }
        }
    }

    /// The value of a setting, or its default.
    fn or<T, E: ToString>(
        &mut self,
        name: &'static str,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> T {
        self.optional(name, parse).unwrap_or(default)
    }

    fn refuse(&mut self, setting: &str, message: &str) {
        self.problems.push(Problem::new(setting, message));
    }
}

/// Parses everything that the sources say.
pub(super) fn settings(sources: &Sources) -> Result<Settings, Problems> {
    let mut reader = Reader { sources, problems: sources.problems.clone(), given: BTreeMap::new() };
    let read = &mut reader;
    let data_dir = sources.data_dir().to_owned();
    let environment = read.or("AUCTION_ENV", Environment::Development, parse::environment);
    let is_production = environment == Environment::Production;
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
    let origins = if is_production { "" } else { "http://localhost:3000" };
    let currency = read.or("CURRENCY", Currency::USD, Currency::from_code);
    let mut settings = Settings {
        environment,
        listen: read.or("LISTEN", listen, parse::listen),
        database: database(read, &data_dir),
        redis: read.optional("REDIS_URL", remote::redis),
        secret_key: secret_key(read, is_production),
        allowed_hosts: read
            .optional("ALLOWED_HOSTS", str::parse)
            .unwrap_or_else(|| default("localhost,127.0.0.1")),
        cors_origins: read.optional("CORS_ALLOWED_ORIGINS", str::parse).unwrap_or_else(|| default(origins)),
        trusted_proxies: read.or("TRUSTED_PROXIES", TrustedProxies::default(), str::parse),
        mail: mail(read),
        frontend_url: read.optional("FRONTEND_URL", str::parse::<FrontendUrl>),
        bidder_labels: read.or("BIDDER_LABELS", BidderLabels::Masked, parse::bidder_labels),
        currency,
        email_verification: read.or(
            "EMAIL_VERIFICATION",
            EmailVerification::Required,
            parse::email_verification,
        ),
        sellers: read.or("SELLERS", Sellers::Open, parse::sellers),
        refresh_tokens: read.or("REFRESH_TOKENS", RefreshPolicy::Rotating, parse::refresh_tokens),
        public_browsing: read.or("PUBLIC_BROWSING", Switch::On, parse::switch),
        default_terms: read.or("DEFAULT_TERMS", TermsDocument::default(), |text| terms(text, currency)),
        lead_start: read.or("NOTICE_LEAD_START", LEAD, str::parse),
        lead_end: read.or("NOTICE_LEAD_END", LEAD, str::parse),
        rate_limits: allowances(read),
        audit_kept: read.or("AUDIT_KEPT", AUDIT_KEPT, parse::days),
        media_dir: read.or("MEDIA_DIR", data_dir.join("media"), parse::path),
        site: Site {
            folder: read.optional("UI_DIR", parse::path),
            base_path: read.or("BASE_PATH", BasePath::default(), str::parse),
            api_url: read.optional("UI_API_URL", ServiceUrl::api),
            ws_url: read.optional("UI_WS_URL", ServiceUrl::sockets),
        },
        demo: Switch::Off,
        log: Log {
            format: read.or("LOG_FORMAT", LogFormat::Text, parse::log_format),
            file: read.optional("LOG_FILE", parse::path),
            level: read.or("LOG_LEVEL", Log::LEVEL.to_owned(), parse::log_level),
        },
        metrics_listen: read.optional("METRICS_LISTEN", parse::listen),
        notices: notices(sources),
        given: BTreeMap::new(),
        data_dir,
    };
    if is_production {
        refuse_what_is_insecure(read, &settings);
        settings.notices.extend(unproved_addresses(settings.email_verification));
    }
    settings.notices.extend(of_several_nodes(&settings));
    let Reader { problems, given, .. } = reader;
    if problems.is_empty() { Ok(Settings { given, ..settings }) } else { Err(Problems(problems)) }
}

/// A built-in default.
fn default<T: std::str::FromStr<Err = String>>(text: &str) -> T {
    text.parse().expect("invariant: built-in defaults are valid, as a test shows")
}

fn database(read: &mut Reader<'_>, data_dir: &Path) -> Database {
    let mut database =
        read.or("DATABASE_URL", Database::Sqlite(data_dir.join("auction.db")), parse::database);
    let pooler = read.optional("DATABASE_POOLER", remote::pooler);
    let connections = read.optional("DATABASE_CONNECTIONS", remote::connections);
    if let Database::Postgres(postgres) = &mut database {
        let options = PostgresOptions::DEFAULT.with_pooler(pooler.unwrap_or(Pooler::Session));
        postgres.options =
            options.with_connections_max(connections.unwrap_or(PostgresOptions::DEFAULT.connections_max));
    }
    database
}

fn secret_key(read: &mut Reader<'_>, is_production: bool) -> SecretKey {
    let others_may_read = read.sources.find("SECRET_KEY").is_some_and(|text| text.others_may_read);
    let check = |text: &str| match is_production {
        true if others_may_read => Err("stands in a file that others can read; `chmod 600` it".to_owned()),
        true => parse::secret_key_for_production(text).map(|()| Secret::new(text)),
        false => Ok(Secret::new(text)),
    };
    let given = read.optional("SECRET_KEY", check);
    if is_production && !read.given.contains_key("SECRET_KEY") {
        read.refuse("SECRET_KEY", "is required in production; `openssl rand -hex 32` makes a good one");
    }
    given.map_or_else(|| SecretKey::Kept(read.sources.data_dir().join(SECRET_KEY_FILE)), SecretKey::Given)
}

fn mail(read: &mut Reader<'_>) -> Mail {
    let host = read.optional("EMAIL_HOST", parse::host);
    let encryption = mail_encryption(read);
    let port = match encryption {
        MailEncryption::StartTls => MAIL_PORT,
        MailEncryption::Tls => MAIL_TLS_PORT,
        MailEncryption::Off => MAIL_CLEAR_PORT,
    };
    let smtp = Smtp {
        host: host.clone().unwrap_or_default(),
        port: read.or("EMAIL_PORT", port, parse::port),
        encryption,
        user: read.optional("EMAIL_HOST_USER", parse::short),
        password: read.optional("EMAIL_HOST_PASSWORD", |text| Ok::<_, String>(Secret::new(text))),
        authorities: read.optional("EMAIL_CA_FILE", parse::path),
        from: read.or("EMAIL_FROM", MAIL_FROM.to_owned(), parse::mail_address),
    };
    if host.is_none() {
        return Mail::Files { from: smtp.from };
    }
    match (&smtp.user, &smtp.password) {
        (None, Some(_)) => read.refuse("EMAIL_HOST_USER", "is missing beside EMAIL_HOST_PASSWORD"),
        (Some(_), None) => read.refuse("EMAIL_HOST_PASSWORD", "is missing beside EMAIL_HOST_USER"),
        (None, None) | (Some(_), Some(_)) => {}
    }
    Mail::Smtp(smtp)
}

/// How the connection to the mail server is encrypted: by STARTTLS, unless the other way is on.
fn mail_encryption(read: &mut Reader<'_>) -> MailEncryption {
    let starttls = read.optional("EMAIL_USE_TLS", parse::switch);
    let tls = read.or("EMAIL_USE_SSL", Switch::Off, parse::switch);
    match (starttls, tls) {
        (Some(Switch::On), Switch::On) => {
            read.refuse("EMAIL_USE_SSL", "cannot be on together with EMAIL_USE_TLS: choose one");
            MailEncryption::Tls
        }
        (_, Switch::On) => MailEncryption::Tls,
        (Some(Switch::Off), Switch::Off) => MailEncryption::Off,
        (Some(Switch::On) | None, Switch::Off) => MailEncryption::StartTls,
    }
}

fn terms(text: &str, currency: Currency) -> Result<TermsDocument, String> {
    let document = TermsDocument::parse(text).map_err(|errors| errors.to_string())?;
    document.terms(currency, Amount::ZERO).map_err(|errors| errors.to_string())?;
    Ok(document)
}

fn allowances(read: &mut Reader<'_>) -> Allowances {
    let at_most = |calls: u32, per| Allowance::at_most(NonZeroU32::MIN.saturating_add(calls - 1), per);
    let number =
        |text: &str| text.parse().map_err(|_| "is a number of wrong passwords in 15 minutes, like 10");
    let so_many = |count: u32| NonZeroU32::MIN.saturating_add(count - 1);
    Allowances {
        anonymous: read.or("RATE_LIMIT_ANON", at_most(300, Unit::Minute), str::parse),
        user: read.or("RATE_LIMIT_USER", at_most(1_200, Unit::Minute), str::parse),
        bids: read.or("RATE_LIMIT_BIDS", at_most(20, Unit::Second), str::parse),
        sign_in: read.or("RATE_LIMIT_SIGN_IN", so_many(10), number),
        sign_in_address: read.or("RATE_LIMIT_SIGN_IN_ADDRESS", so_many(200), number),
    }
}

fn refuse_what_is_insecure(read: &mut Reader<'_>, settings: &Settings) {
    if settings.allowed_hosts.allows_any() {
        read.refuse("ALLOWED_HOSTS", "must name the hosts in production; * would take any");
    }
    if settings.cors_origins == Origins::Any {
        read.refuse("CORS_ALLOWED_ORIGINS", "must name the origins in production; * would take any");
    }
    if settings.database == Database::Memory {
        read.refuse(
            "DATABASE_URL",
            "must be a file or a Postgres in production; in memory everything would be lost",
        );
    }
    if let Mail::Smtp(smtp) = &settings.mail
        && smtp.encryption == MailEncryption::Off
        && !smtp.is_on_this_machine()
    {
        read.refuse(
            "EMAIL_USE_TLS",
            "must be on in production, or EMAIL_USE_SSL: mails would cross the network in the clear",
        );
    }
    if read.sources.find("EMAIL_HOST_PASSWORD").is_some_and(|text| text.others_may_read) {
        read.refuse("EMAIL_HOST_PASSWORD", "stands in a file that others can read; `chmod 600` it");
    }
}

/// A house may know its people in other ways, so that this is no reason not to start.
fn unproved_addresses(verification: EmailVerification) -> Option<Notice> {
    let why = "is off in production: nobody has to prove that an address is theirs";
    (verification == EmailVerification::Off).then_some(Notice::Risky { name: "EMAIL_VERIFICATION", why })
}

/// What those should know whose nodes share a database.
fn of_several_nodes(settings: &Settings) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut risky = |name, why| notices.push(Notice::Risky { name, why });
    match &settings.database {
        Database::Postgres(postgres) => {
            if matches!(settings.secret_key, SecretKey::Kept(_)) {
                risky(
                    "SECRET_KEY",
                    "was made by this node: other nodes of the same database need the same one",
                );
            }
            if settings.is_production() && !postgres.remote.is_on_this_machine() && !postgres.is_encrypted() {
                risky(
                    "DATABASE_URL",
                    "lacks sslmode=verify-full: who is on the way to the database can read all of it",
                );
            }
        }
        Database::Sqlite(_) | Database::Memory => {
            if settings.redis.is_some() {
                risky(
                    "REDIS_URL",
                    "is of use where several nodes share a Postgres: here it only counts limits",
                );
            }
        }
    }
    notices
}

/// What there is to say about the names that were given, in the order of the settings, others last.
fn notices(sources: &Sources) -> Vec<Notice> {
    let place = |name: &str| SETTINGS.iter().position(|setting| setting.name == name).unwrap_or(usize::MAX);
    let mut names: Vec<&str> = sources.names().map(|(name, _)| name).collect();
    names.sort_unstable_by_key(|name| (place(name), *name));
    names.dedup();
    names.into_iter().filter_map(names::notice).collect()
}
