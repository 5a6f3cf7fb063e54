//! Services on other machines, by their addresses.

use super::secret::Secret;
use auction_adapters::postgres::{Pooler, PostgresOptions};
use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;

/// The longest address of a service, in bytes.
const URL_BYTES_MAX: usize = 1_024;

/// What is shown instead of a password.
const MASK: &str = "********";

/// The address of a service, with the password in it. It is shown without.
#[derive(Clone)]
pub struct Remote {
    url: Secret,
    shown: String,
    host: String,
}

/// A Postgres, and how it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postgres {
    /// Where it is.
    pub remote: Remote,
    /// How it is used.
    pub options: PostgresOptions,
}

impl Remote {
    /// Reads an address with one of these schemes.
    pub(super) fn parse(text: &str, schemes: &[&str], example: &str) -> Result<Self, String> {
        let wrong = || format!("is like {example}");
        let (scheme, rest) = text.split_once("://").ok_or_else(wrong)?;
        let is_clean = text.len() <= URL_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !schemes.contains(&scheme) || !is_clean {
            return Err(wrong());
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if path.to_ascii_lowercase().contains("password=") {
            return Err("has the password before the host, and not among the parameters".to_owned());
        }
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, authority),
        };
        let host = match place.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or_default(),
            None => place.split(':').next().unwrap_or_default(),
        };
        if host.is_empty() {
            return Err(wrong());
        }
        let user = user.map(|user| match user.split_once(':') {
            Some((name, _)) => format!("{name}:{MASK}@"),
            None => format!("{user}@"),
        });
        let shown = format!("{scheme}://{}{place}{path}", user.unwrap_or_default());
        Ok(Self { url: Secret::new(text), shown, host: host.to_owned() })
    }

    /// The whole address, for the one who connects.
    pub fn expose(&self) -> &str {
        self.url.expose()
    }

    /// Whether it is reached without a network between.
    pub fn is_on_this_machine(&self) -> bool {
        let is_loopback = |address: IpAddr| address.is_loopback();
        self.host.eq_ignore_ascii_case("localhost") || self.host.parse().is_ok_and(is_loopback)
    }
}

impl Postgres {
    /// Whether nobody on the way can read or change what is sent: the server has to prove who it is.
    pub(super) fn is_encrypted(&self) -> bool {
        self.remote.expose().contains("sslmode=verify-")
    }
}

/// The address without the password.
impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remote({})", self.shown)
    }
}

impl PartialEq for Remote {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Remote {}

pub(super) fn postgres(text: &str) -> Result<Remote, String> {
    let remote =
        Remote::parse(text, &["postgres", "postgresql"], "postgres://user:password@host:5432/database")?;
    Ok(remote)
}

pub(super) fn redis(text: &str) -> Result<Remote, String> {
    Remote::parse(
        text,
        &["redis", "rediss"],
        "redis://:password@host:6379, or rediss:// where it is encrypted",
    )
}

pub(super) fn pooler(text: &str) -> Result<Pooler, String> {
    match text.to_ascii_lowercase().as_str() {
        "session" => Ok(Pooler::Session),
        "transaction" => Ok(Pooler::Transaction),
        _ => Err("is session or transaction".to_owned()),
    }
}

pub(super) const fn pooler_name(pooler: Pooler) -> &'static str {
    match pooler {
        Pooler::Session => "session",
        Pooler::Transaction => "transaction",
    }
}

/// The fewest connections with which bids and everything else do not wait for each other, and more than any server has.
const CONNECTIONS: std::ops::RangeInclusive<u32> = 4..=1_000;

pub(super) fn connections(text: &str) -> Result<NonZeroU32, String> {
    let count = text.parse().ok().filter(|count| CONNECTIONS.contains(count)).and_then(NonZeroU32::new);
    count.ok_or_else(|| format!("is a number from {} to {}", CONNECTIONS.start(), CONNECTIONS.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_shown() {
        for (text, shown, host) in [
            (
                "postgres://me:hunter2@db:5433/a?sslmode=require",
                "postgres://me:********@db:5433/a?sslmode=require",
                "db",
            ),
            ("postgresql://me@[::1]/a", "postgresql://me@[::1]/a", "::1"),
            ("postgres://me:p@ss@10.0.0.1/a", "postgres://me:********@10.0.0.1/a", "10.0.0.1"),
        ] {
            let remote = postgres(text).unwrap();
            assert_eq!((remote.to_string().as_str(), remote.host.as_str()), (shown, host));
            assert!(!format!("{remote:?}").contains("hunter2"));
            assert_eq!(remote.expose(), text);
        }
        for bad in [
            "postgres://",
            "postgres:///a",
            "mysql://db/a",
            "postgres://db/a b",
            "postgres://db/a?password=x",
        ] {
            assert!(postgres(bad).is_err(), "{bad}");
        }
        assert_eq!(redis("redis://:hunter2@r:1/0").unwrap().to_string(), "redis://:********@r:1/0");
    }
}
