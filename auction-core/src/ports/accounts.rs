//! Where accounts, registrations and sessions are kept.

use crate::id::UserId;
use crate::identity::{
    Account, CodeId, Device, Email, LiveCode, PasswordHash, PersonName, Profile, ProfileChange, Registration,
    Role, Session, SessionId, SessionKey, SessionStyle, TokenDigest, Username,
};
use crate::ports::{
    CredentialStore, Failure, MailedCodeStore, ProfileStore, RefreshStore, SecondFactorStore, StandingStore,
    TicketStore,
};
use crate::time::Timestamp;
use async_trait::async_trait;

/// For how many sessions [`AccountStore::find_sessions`] is asked at once.
pub const SESSIONS_ASKED_MAX: usize = 500;

/// Where accounts, registrations and sessions are kept.
///
/// # Contract
/// - Every call is atomic: of several at once, by several processes, each sees all of another or nothing of it.
/// - Each address and each name to sign in with has at most one account, compared by their keys; each address has
///   at most one registration.
/// - Before it is verified an address belongs to nobody: where a verified account is written for an address, by
///   whatever call, an account that is not verified gives it up. That account keeps its number, is found by nothing
///   else, loses its other name and its profile, and is signed out everywhere.
/// - What was written before a call began is seen by it.
/// - Numbers are never given twice, also not after the account or the session is gone.
///
/// What somebody proves to be themselves with besides the password is kept beside it: [`RefreshStore`], [`SecondFactorStore`],
/// [`TicketStore`] and [`MailedCodeStore`]; [`CredentialStore`] changes what they sign in with,
/// [`StandingStore`] what the house lets them do. [`ProfileStore`] reads what they say about themselves.
#[async_trait]
pub trait AccountStore:
    CredentialStore
    + MailedCodeStore
    + ProfileStore
    + RefreshStore
    + SecondFactorStore
    + StandingStore
    + TicketStore
    + Send
    + Sync
{
    /// Accounts by number, in the order of the question; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Option<Account>>, Failure>;

    /// The account with an address.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, Failure>;

    /// The account with a name to sign in with.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn account_by_username(&self, username: &Username) -> Result<Option<Account>, Failure>;

    /// Writes an account that needs no code.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn create(&self, account: &NewAccount) -> Result<Created, Failure>;

    /// Changes what is told of an account and its profile, and leaves the rest; `None` where there is no such
    /// account.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn update(&self, user: UserId, change: &AccountChange) -> Result<Option<Updated>, Failure>;

    /// The registration for an address.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn registration(&self, email: &Email) -> Result<Option<Registration>, Failure>;

    /// Writes a registration in the place of the one before.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn register(&self, registration: &Registration) -> Result<(), Failure>;

    /// Writes a registration in the place of the one before, and an account that is not verified, with the same
    /// password, where the address has none. A name to sign in with that somebody else has is left out.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn register_account(&self, registration: &Registration) -> Result<(), Failure>;

    /// Gives the registration for an address a new code, and answers it as it is then. Where there is none a blind
    /// takes its place. `None`, and nothing changes, where the code before is still
    /// [live](LiveCode::is_live) at `at`.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn renew_code(
        &self,
        email: &Email,
        code: &LiveCode,
        at: Timestamp,
    ) -> Result<Option<Registration>, Failure>;

    /// Counts an attempt at the code of an address, and answers the registration with this attempt counted. `None`
    /// where there is no registration, or all its attempts are used up.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn attempt(&self, email: &Email) -> Result<Option<Registration>, Failure>;

    /// Makes the registration with this code a verified account with no flags and removes it. An account that came
    /// with this registration, and has its password, is verified as it is. `None`, and nothing changes, where the
    /// registration is gone, has another code by now, is a blind, or the address has a verified account. A name to
    /// sign in with that somebody else has by now is left out.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn confirm(&self, email: &Email, code: CodeId, at: Timestamp) -> Result<Option<Account>, Failure>;

    /// Writes a session. Where the user has
    /// [`SESSIONS_PER_USER_MAX`](crate::identity::SESSIONS_PER_USER_MAX) already, the oldest are removed.
    ///
    /// Of somebody who is [banned from everything](crate::identity::BanScope::Everything) when it begins no session
    /// stays: the number is answered, and there is no session with it. So a ban ends what began before it and what
    /// begins after it, also where it comes between a password that was right and the session.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn add_session(&self, session: &NewSession) -> Result<SessionId, Failure>;

    /// The session with this token, whether or not it still lasts, and whose it is.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn session(&self, token: &TokenDigest) -> Result<Option<(Session, Account)>, Failure>;

    /// Sessions and whose they are, in the order of the question, each as [`session`](Self::session) and
    /// [`session_by_number`](RefreshStore::session_by_number) would answer it; `None` where there is none. It is
    /// asked for [`SESSIONS_ASKED_MAX`] at most, every second for all who watch: one statement should answer it.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn find_sessions(&self, keys: &[SessionKey]) -> Result<Vec<Option<(Session, Account)>>, Failure>;

    /// All sessions of a user that last longer than `at`, newest first.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn sessions(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>, Failure>;

    /// Removes a session of this user; `false` where the user has no such session.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn remove_session(&self, user: UserId, session: SessionId) -> Result<bool, Failure>;

    /// Removes sessions, tickets and mailed codes that have ended, and registrations that were not touched since `untouched_since`.
    ///
    /// # Errors
    /// A [`Failure`].
    async fn forget(&self, at: Timestamp, untouched_since: Timestamp) -> Result<(), Failure>;
}

/// An account that needs no code.
#[derive(Clone)]
pub struct NewAccount {
    /// Its address.
    pub email: Email,
    /// Another name to sign in with.
    pub username: Option<Username>,
    /// The first name.
    pub first_name: PersonName,
    /// The last name.
    pub last_name: PersonName,
    /// What is stored of the password.
    pub password_hash: PasswordHash,
    /// The address is known to be theirs.
    pub is_verified: bool,
    /// What it may do.
    pub role: Role,
    /// May sell.
    pub is_seller: bool,
    /// When it came to be.
    pub at: Timestamp,
}

/// What became of an account that was to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is written.
    Account(Box<Account>),
    /// Somebody has the address.
    EmailTaken,
    /// Somebody has the name to sign in with.
    UsernameTaken,
}

/// What is to be changed of an account; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The first name.
    pub first_name: Option<PersonName>,
    /// The last name.
    pub last_name: Option<PersonName>,
    /// Another name to sign in with.
    pub username: Option<Username>,
    /// What they say about themselves.
    pub profile: ProfileChange,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Updated {
    /// It is written; the account and its profile as they are then.
    Account(Box<Account>, Box<Profile>),
    /// Somebody has the name to sign in with; nothing changed.
    UsernameTaken,
}

/// A session that begins.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Who.
    pub user: UserId,
    /// What is stored of the token.
    pub token: TokenDigest,
    /// How it is shown.
    pub style: SessionStyle,
    /// With what.
    pub device: Device,
    /// Since when.
    pub at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}
