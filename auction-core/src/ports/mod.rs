//! The traits behind which the outside world stands: storage, time, chance, limits and transport.
//!
//! Every port is object-safe. What an implementation must keep to stands under the heading *Contract*, and each
//! clause is a named case of the conformance suite. This room holds no rules and no implementations; the
//! reference backend is `memory`, others are in the crate `auction-adapters`.

mod accounts;
mod auctions;
mod audit;
mod batch;
mod blobs;
mod catalog;
mod clock;
mod credentials;
mod directory;
mod entropy;
mod facts;
mod failure;
mod hasher;
mod limiter;
mod listener;
mod mailed_codes;
mod mailer;
mod members;
mod news;
mod notices;
mod outbox;
mod profiles;
mod receipt;
mod refreshing;
mod roll;
mod second_factors;
mod standing;
mod tickets;
mod timetable;
mod transport;

pub use accounts::{
    AccountChange, AccountStore, Created, NewAccount, NewSession, SESSIONS_ASKED_MAX, Updated,
};
pub use auctions::{AuctionStore, CommitResult, Found, HISTORY_PAGE_MAX, Locked, NewAuction, Wanted};
pub use audit::{AUDIT_PAGE_MAX, AuditQuery, AuditStore};
pub use batch::{Batch, CommitId, Entry};
pub use blobs::{BLOB_NAME_BYTES_MAX, BLOB_SEGMENTS_MAX, BlobName, BlobStore, InvalidBlobName};
pub use catalog::{BID_ON_MAX, BIDS_WALK_MAX, CatalogStore, EventPage, Recategorised, Relisted};
pub use clock::Clock;
pub use credentials::CredentialStore;
pub use directory::{Directory, Recipient};
pub use entropy::Entropy;
pub use facts::FactsSource;
pub use failure::{Failure, FailureKind};
pub use hasher::{HashError, PasswordHasher};
pub use limiter::{LimitKey, LimitRule, Limiter, Taken};
pub use listener::NoticeListener;
pub use mailed_codes::MailedCodeStore;
pub use mailer::{Mail, Mailer, Unsent, UnsentKind};
pub use members::{MEMBERS_PAGE_MAX, MembersQuery};
pub use news::{News, NewsListener, NewsSender};
pub use notices::{
    INBOX_HEAD_MAX, INBOX_PAGE_MAX, InboxHead, InboxPage, InboxStore, NoticeCount, RelayStore, RowClaim,
};
pub use outbox::{Letter, MAILS_COUNTED_MAX, MAILS_PAGE_MAX, OutboxStore};
pub use profiles::ProfileStore;
pub use receipt::{Accepted, IdempotencyKey, InvalidKey, KEY_BYTES_MAX, Receipt, ReceiptKey};
pub use refreshing::{RefreshStore, Rotated, Rotation};
pub use roll::{ROLL_PAGE_MAX, Roll};
pub use second_factors::{FactorAttempt, SecondFactorStore};
pub use standing::{ACCOUNTS_PAGE_MAX, StandingStore};
pub use tickets::TicketStore;
pub use timetable::{Claim, Timetable};
pub use transport::{Change, Transport};

/// Everything that the engine stores.
pub trait Storage: AuctionStore + Timetable {}

impl<T: AuctionStore + Timetable + ?Sized> Storage for T {}

/// Everything that is stored about notices and mails.
pub trait NoticeStore: RelayStore + InboxStore + OutboxStore {}

impl<T: RelayStore + InboxStore + OutboxStore + ?Sized> NoticeStore for T {}
