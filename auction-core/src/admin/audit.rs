//! One thing that somebody did, or tried.

use crate::admin::AuditAction;
use crate::catalog::CategoryId;
use crate::id::{AuctionId, UserId};
use crate::time::Timestamp;
use std::fmt;
use std::net::IpAddr;

/// The longest detail of an entry, in characters.
pub const AUDIT_DETAIL_CHARS_MAX: usize = 300;

/// The longest name of a request in an entry, in bytes.
pub const AUDIT_REQUEST_BYTES_MAX: usize = 64;

/// The number of an entry: an integer from 1 that the store issues. A later entry has a higher one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuditId(u64);

/// One thing that somebody did, or tried, and that the house may have to account for.
///
/// There are no secrets in it: whoever writes one says what was done, never with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: AuditActor,
    /// What.
    pub action: AuditAction,
    /// To whom or to what.
    pub subject: Option<AuditSubject>,
    /// From where: an address, or the first 64 bits of one of IPv6.
    pub source: Option<IpAddr>,
    request: String,
    detail: String,
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditActor {
    /// Somebody who was not signed in.
    Nobody,
    /// Somebody with an account.
    User(UserId),
    /// Whoever runs the machine.
    CommandLine,
}

/// To whom or to what something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuditSubject {
    /// Somebody with an account.
    User(UserId),
    /// An auction.
    Auction(AuctionId),
    /// A category.
    Category(CategoryId),
}

impl AuditId {
    /// The id with this number; `None` for 0 and for numbers above [`ID_MAX`](crate::ID_MAX).
    pub const fn new(number: u64) -> Option<Self> {
        if number == 0 || number > crate::ID_MAX { None } else { Some(Self(number)) }
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl AuditEntry {
    /// An entry without a subject, a source, a request and a detail.
    pub const fn new(at: Timestamp, actor: AuditActor, action: AuditAction) -> Self {
        Self { at, actor, action, subject: None, source: None, request: String::new(), detail: String::new() }
    }

    /// The same, done to this.
    #[must_use]
    pub fn about(mut self, subject: impl Into<Option<AuditSubject>>) -> Self {
        self.subject = subject.into();
        self
    }

    /// The same, from this address.
    #[must_use]
    pub fn from(mut self, source: impl Into<Option<IpAddr>>) -> Self {
        self.source = source.into();
        self
    }

    /// The same, asked for by the request with this name; what of it is too long or cannot be shown is dropped.
    #[must_use]
    pub fn asked_by(mut self, request: &str) -> Self {
        let shown = request.chars().filter(char::is_ascii_graphic);
        self.request = shown.take(AUDIT_REQUEST_BYTES_MAX).collect();
        self
    }

    /// The same, with a detail on one line; what of it is too long or cannot be shown is dropped.
    #[must_use]
    pub fn with_detail(mut self, detail: &str) -> Self {
        let shown = detail.chars().filter(|character| !character.is_control());
        self.detail = shown.take(AUDIT_DETAIL_CHARS_MAX).collect();
        self
    }

    /// The name of the request that asked for it; empty where it is not known.
    pub fn request(&self) -> &str {
        &self.request
    }

    /// What else there is to say; often nothing.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Whether it was done by or to somebody.
    pub fn concerns(&self, user: UserId) -> bool {
        self.actor == AuditActor::User(user) || self.subject == Some(AuditSubject::User(user))
    }
}

/// `nobody`, `user 7` or `command line`.
impl fmt::Display for AuditActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody"),
            Self::User(user) => write!(f, "user {user}"),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

impl AuditSubject {
    /// The stable name of its kind.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Auction(_) => "auction",
            Self::Category(_) => "category",
        }
    }

    /// Its number among those of its kind.
    pub const fn number(self) -> u64 {
        match self {
            Self::User(user) => user.number(),
            Self::Auction(auction) => auction.number(),
            Self::Category(category) => category.number(),
        }
    }

    /// The subject of this kind and number; `None` where there is no such kind or number.
    pub fn of(kind: &str, number: u64) -> Option<Self> {
        match kind {
            "user" => UserId::new(number).ok().map(Self::User),
            "auction" => AuctionId::new(number).ok().map(Self::Auction),
            "category" => CategoryId::try_from(number).ok().map(Self::Category),
            _ => None,
        }
    }
}

/// `user 7`, `auction 12`.
impl fmt::Display for AuditSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_one_short_line() {
        let entry = AuditEntry::new(Timestamp::EPOCH, AuditActor::Nobody, AuditAction::SignInRefused)
            .with_detail(&format!("a\r\nb\u{1b}[31m{}", "é".repeat(400)))
            .asked_by(&format!("id \n{}", "x".repeat(100)));
        assert_eq!(entry.detail().chars().count(), AUDIT_DETAIL_CHARS_MAX);
        assert!(entry.detail().starts_with("ab[31mé"));
        assert_eq!(entry.request(), format!("id{}", "x".repeat(62)));
    }

    #[test]
    fn a_subject_is_read_as_it_was_written() {
        let (user, auction) = (UserId::new(7).unwrap(), AuctionId::new(8).unwrap());
        let category = CategoryId::try_from(9).unwrap();
        for subject in
            [AuditSubject::User(user), AuditSubject::Auction(auction), AuditSubject::Category(category)]
        {
            assert_eq!(AuditSubject::of(subject.kind(), subject.number()), Some(subject));
        }
        assert_eq!(AuditSubject::of("user", 0), None);
        assert_eq!(AuditSubject::of("king", 1), None);
    }
}
