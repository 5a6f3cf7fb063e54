//! The forms in which single settings are written.

use super::remote;
use super::secret::SECRET_KEY_BYTES_MIN;
use super::{Database, Environment, LogFormat, Postgres, Sellers, Switch};
use crate::wire::label::BidderLabels;
use auction_adapters::postgres::PostgresOptions;
use auction_core::Span;
use auction_core::identity::{Email, EmailVerification, RefreshPolicy};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The longest text of a setting that is only passed on, in bytes.
const TEXT_BYTES_MAX: usize = 1_024;

/// What no secret of a careful operator contains.
const TELLTALES: [&str; 9] = [
    "changeme",
    "change-me",
    "change_me",
    "insecure",
    "your-secret",
    "your_secret",
    "secret-key",
    "secret_key",
    "password",
];

/// One word out of a few.
fn word<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        format!("is one of {}", names.join(", "))
    })
}

pub(super) fn environment(text: &str) -> Result<Environment, String> {
    word(text, &[("development", Environment::Development), ("production", Environment::Production)])
}

pub(super) fn bidder_labels(text: &str) -> Result<BidderLabels, String> {
    let words =
        [("masked", BidderLabels::Masked), ("alias", BidderLabels::Alias), ("email", BidderLabels::Email)];
    word(text, &words)
}

pub(super) fn sellers(text: &str) -> Result<Sellers, String> {
    word(text, &[("open", Sellers::Open), ("approval", Sellers::Approval), ("staff", Sellers::Staff)])
}

pub(super) fn email_verification(text: &str) -> Result<EmailVerification, String> {
    let words = [
        ("required", EmailVerification::Required),
        ("before_first_bid", EmailVerification::BeforeFirstBid),
        ("off", EmailVerification::Off),
    ];
    word(text, &words)
}

pub(super) fn refresh_tokens(text: &str) -> Result<RefreshPolicy, String> {
    word(text, &[("rotating", RefreshPolicy::Rotating), ("fixed", RefreshPolicy::Fixed)])
}

/// A day, in seconds.
pub(super) const DAY_SECS: u32 = 24 * 60 * 60;

/// The most days for which something is kept: a hundred years.
const DAYS_MAX: u32 = 36_500;

/// A length of time in whole days.
pub(super) fn days(text: &str) -> Result<Span, String> {
    let days = text.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days));
    days.map(|days: u32| Span::from_secs(days * DAY_SECS))
        .ok_or_else(|| format!("is a number of days from 1 to {DAYS_MAX}"))
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    word(text, &[("text", LogFormat::Text), ("json", LogFormat::Json)])
}

/// What is logged, in the form of `tracing`'s filters.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    let filter = text.parse::<tracing_subscriber::EnvFilter>();
    filter.map(|_| text.to_owned()).map_err(|_| "is like info, debug, or warn,auction_http=debug".to_owned())
}

pub(super) fn switch(text: &str) -> Result<Switch, String> {
    let (on, off) = (Switch::On, Switch::Off);
    let words = [("on", on), ("off", off), ("true", on), ("false", off), ("1", on), ("0", off)];
    word(text, &words).map_err(|_| "is on or off".to_owned())
}

/// An address and a port. A port alone is one of this machine only.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| "is an address and a port, like 127.0.0.1:9000".to_owned())
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "is a port, from 1 to 65535".to_owned())
}

pub(super) fn database(text: &str) -> Result<Database, String> {
    if text == "memory:" {
        return Ok(Database::Memory);
    }
    let (scheme, rest) = text.split_once(':').unwrap_or((text, ""));
    match scheme {
        "sqlite" => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() || path.contains('?') || path == ":memory:" {
                return Err("names a file, like sqlite://data/auction.db, without parameters".to_owned());
            }
            Ok(Database::Sqlite(PathBuf::from(path)))
        }
        "postgres" | "postgresql" => {
            let options = PostgresOptions::DEFAULT;
            Ok(Database::Postgres(Postgres { remote: remote::postgres(text)?, options }))
        }
        _ => Err("is like sqlite://data/auction.db or postgres://user:password@host/database".to_owned()),
    }
}

pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    Ok(Path::new(text).to_owned())
}

pub(super) fn short(text: &str) -> Result<String, String> {
    let is_sane = text.len() <= TEXT_BYTES_MAX && !text.contains(char::is_control);
    if is_sane { Ok(text.to_owned()) } else { Err("is too long, or has control characters".to_owned()) }
}

/// The name or address of a machine, without a port.
pub(super) fn host(text: &str) -> Result<String, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_host = text.parse::<IpAddr>().is_ok() || (!text.is_empty() && text.bytes().all(is_name));
    match is_host && text.len() <= TEXT_BYTES_MAX {
        true => Ok(text.to_owned()),
        false => Err("is a name or an address without a port, like smtp.example.com".to_owned()),
    }
}

/// An address that mail can come from.
pub(super) fn mail_address(text: &str) -> Result<String, String> {
    match Email::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("is a mail address, like auctions@example.com".to_owned()),
    }
}

/// Whether a secret key is fit for production.
pub(super) fn secret_key_for_production(text: &str) -> Result<(), String> {
    let mut seen = [false; 256];
    text.bytes().for_each(|byte| seen[usize::from(byte)] = true);
    let lower = text.to_ascii_lowercase();
    if text.len() < SECRET_KEY_BYTES_MIN {
        Err(format!("is shorter than {SECRET_KEY_BYTES_MIN} bytes; `openssl rand -hex 32` makes a good one"))
    } else if seen.iter().filter(|seen| **seen).count() < 8
        || TELLTALES.iter().any(|word| lower.contains(word))
    {
        Err("looks like a placeholder; `openssl rand -hex 32` makes a good one".to_owned())
    } else {
        Ok(())
    }
}
