//! What a server is told before it starts.
//!
//! [`Settings`] are parsed once, from several [`Sources`]: command line flags win over the environment, that over
//! `.env`, that over `auction.toml`, that over built-in defaults. Everything that is wrong is said at once. A
//! value that exists is valid, so nothing is checked again later.
//!
//! Names that belong to settings which are not built yet, and names of other platforms, are never passed over in
//! silence: see [`Notice`].

mod length;
mod limits;
mod names;
mod network;
mod parse;
mod problem;
mod read;
mod remote;
mod secret;
mod show;
mod site;
mod sources;

pub use length::Length;
pub use limits::{Allowance, Allowances, Unit};
pub use names::Notice;
pub use network::{AllowedHosts, FrontendUrl, Origins, TrustedProxies, WebOrigin};
pub use problem::{Problem, Problems};
pub use remote::{Postgres, Remote};
pub use secret::{KeyError, SECRET_KEY_BYTES_MIN, Secret, SecretKey};
pub use show::Row;
pub(crate) use show::{email_verification, sellers};
pub use site::{BasePath, ServiceUrl, Site};
pub use sources::{Given, Sources};

use crate::wire::label::BidderLabels;
use auction_core::Span;
use auction_core::auction::TermsDocument;
use auction_core::identity::{EmailVerification, RefreshPolicy, SellerPolicy};
use auction_core::money::Currency;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// What a server is told before it starts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// Whether insecure defaults are accepted.
    pub environment: Environment,
    /// Where everything is kept that is not in a database elsewhere.
    pub data_dir: PathBuf,
    /// Where HTTP is answered.
    pub listen: SocketAddr,
    /// Where auctions and accounts are kept.
    pub database: Database,
    /// What tells nodes of each other's changes at once, and counts limits for all of them.
    pub redis: Option<Remote>,
    /// What other keys are made of.
    pub secret_key: SecretKey,
    /// The names under which the server may be asked.
    pub allowed_hosts: AllowedHosts,
    /// Web pages of which origins may call.
    pub cors_origins: Origins,
    /// Whose word counts on where a request came from.
    pub trusted_proxies: TrustedProxies,
    /// How mail leaves.
    pub mail: Mail,
    /// Where links in mails lead; without one, to the server itself.
    pub frontend_url: Option<FrontendUrl>,
    /// How bidders are called in public.
    pub bidder_labels: BidderLabels,
    /// The currency of auctions that name none.
    pub currency: Currency,
    /// When people have to prove that an address is theirs.
    pub email_verification: EmailVerification,
    /// Who may sell.
    pub sellers: Sellers,
    /// What becomes of refresh tokens.
    pub refresh_tokens: RefreshPolicy,
    /// Whether auctions are shown to those who have not signed in.
    pub public_browsing: Switch,
    /// The house's own defaults for terms.
    pub default_terms: TermsDocument,
    /// How long before the start of an auction people are reminded.
    pub lead_start: Length,
    /// How long before its end.
    pub lead_end: Length,
    /// How often somebody may call.
    pub rate_limits: Allowances,
    /// For how long audit entries are kept.
    pub audit_kept: Span,
    /// Where pictures are kept.
    pub media_dir: PathBuf,
    /// Where the web front end stands, and whom it asks.
    pub site: Site,
    /// Whether the people of demonstrations are there. No text sets it, only `serve --demo`.
    pub demo: Switch,
    /// How the log is written, and where.
    pub log: Log,
    /// Where metrics are shown in production, or instead of beside everything else.
    pub metrics_listen: Option<SocketAddr>,
    /// What the operator should know about names that were given and have no effect, or another one.
    pub notices: Vec<Notice>,
    given: BTreeMap<&'static str, Given>,
}

/// Whether insecure defaults are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Everything works at once, with defaults that are fit for one machine.
    Development,
    /// Nothing insecure is accepted.
    Production,
}

/// Where auctions and accounts are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Database {
    /// One SQLite file.
    Sqlite(PathBuf),
    /// One Postgres, which several nodes share.
    Postgres(Postgres),
    /// Nowhere: everything is gone when the server stops. Refused in production.
    Memory,
}

/// How mail leaves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Mail {
    /// It is written as `.eml` files to `<data-dir>/mail/`.
    Files {
        /// The sender of all mails.
        from: String,
    },
    /// It is handed to a server.
    Smtp(Smtp),
}

/// A mail server, and how to sign in there.
#[derive(Clone, Debug)]
pub struct Smtp {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: MailEncryption,
    /// Who signs in.
    pub user: Option<String>,
    /// With what.
    pub password: Option<Secret>,
    /// A file with certificates of authorities that are trusted besides the public ones.
    pub authorities: Option<PathBuf>,
    /// The sender of all mails.
    pub from: String,
}

/// How a connection to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailEncryption {
    /// It begins in the clear and is encrypted at once: `EMAIL_USE_TLS`.
    StartTls,
    /// From its first byte: `EMAIL_USE_SSL`.
    Tls,
    /// Not at all. Refused in production for servers on other machines.
    Off,
}

/// Who may sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sellers {
    /// Everybody who wants to.
    Open,
    /// Those who asked and whom the house approved.
    Approval,
    /// Those whom the house names.
    Staff,
}

impl Sellers {
    /// The rule that accounts know.
    pub const fn policy(self) -> SellerPolicy {
        match self {
            Self::Open => SellerPolicy::Open,
            Self::Approval => SellerPolicy::Approval,
            Self::Staff => SellerPolicy::Staff,
        }
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// How the log is written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// For people or for programs.
    pub format: LogFormat,
    /// A file, rotated by size; without one, standard error.
    pub file: Option<PathBuf>,
    /// What is written, in the form of `tracing`'s filters.
    pub level: String,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One line an event, for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Settings {
    /// Parses everything that the sources say.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn parse(sources: &Sources) -> Result<Self, Problems> {
        read::settings(sources)
    }

    /// Insecure defaults are refused.
    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    /// Where the database is, for people: without a password.
    pub fn shown_database(&self) -> String {
        match &self.database {
            Database::Sqlite(path) => path.display().to_string(),
            Database::Postgres(postgres) => postgres.remote.to_string(),
            Database::Memory => "in memory: everything is gone when the server stops".to_owned(),
        }
    }

    /// Metrics are shown on the same listener as everything else: in development, where no other is named.
    pub fn shows_metrics_beside_everything(&self) -> bool {
        !self.is_production() && self.metrics_listen.is_none()
    }

    /// All settings with their values, secrets masked, and where each came from.
    pub fn rows(&self) -> Vec<Row> {
        show::rows(self)
    }

    /// Whether the database could be somewhere else than the default, and other such questions: where the value
    /// of a setting came from.
    pub fn given(&self, name: &str) -> Given {
        self.given.get(name).copied().unwrap_or(Given::Default)
    }
}

impl Database {
    /// Several nodes can work on it at once.
    pub const fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }
}

impl Mail {
    /// The sender of all mails.
    pub fn from(&self) -> &str {
        match self {
            Self::Files { from } => from,
            Self::Smtp(smtp) => &smtp.from,
        }
    }
}

impl Smtp {
    /// Whether mails reach it without a network between.
    pub fn is_on_this_machine(&self) -> bool {
        let is_loopback = |address: IpAddr| address.is_loopback();
        self.host.eq_ignore_ascii_case("localhost") || self.host.parse().is_ok_and(is_loopback)
    }
}

impl Log {
    /// What is written where nothing else is said.
    pub const LEVEL: &str = "info";
}

impl Switch {
    /// It is on.
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}
