//! Who asks: what all routers need to know about people.
//!
//! [`People`] is the handle, [`Caller`] and [`SignedIn`] are what handlers take. A host mounts a router in a state
//! of its own, from which an `Arc<People>` can be had through `FromRef`.

mod cache;
mod errands;
mod extract;
mod forgetting;
mod jwt;
mod known;
mod source;
mod together;
mod visitors;

pub use errands::{ERRANDS_MAX, Errands, TooManyErrands};
pub use extract::{Caller, CurrentSession, SignedIn};
pub use forgetting::{FORGET_EVERY, Forgetting, MAILS_KEPT};
pub use jwt::{Refreshing, TokenKey};
pub use source::{ClientAddress, ClientSource};

use crate::audit::AuditTrail;
use async_trait::async_trait;
use auction_core::auction::BidderFacts;
use auction_core::identity::{Account, BanScope, Role, SessionId, SessionKey, Token, TokenDigest};
use auction_core::ports::{Clock, FactsSource, Failure, News, NewsSender};
use auction_core::service::accounts::Accounts;
use auction_core::{AuctionId, Span, Timestamp, UserId};
use cache::Cache;
use futures_util::future::try_join_all;
use known::{Numbers, Sessions};
use sha2::{Digest, Sha256};
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use together::Together;

/// For how long what is known of a token is believed.
pub const PERSON_CACHED: Span = Span::from_secs(1);

/// For how long the address behind a number is believed.
pub const LABEL_CACHED: Span = Span::from_secs(60);

/// Of how many tokens the person is remembered.
const PERSONS_MAX: NonZeroUsize = NonZeroUsize::new(20_000).expect("invariant: not zero");

/// Of how many numbers the address is remembered.
const LABELS_MAX: NonZeroUsize = NonZeroUsize::new(50_000).expect("invariant: not zero");

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The number.
    pub id: UserId,
    /// The address, as it was typed.
    pub email: Arc<str>,
    /// Runs the house.
    pub is_admin: bool,
    /// Belongs to the staff of the house, as those do who run it.
    pub is_staff: bool,
    /// The address is confirmed.
    pub verified: bool,
    /// Is shut out from bidding.
    pub banned: bool,
    /// May create auctions.
    pub can_sell: bool,
}

/// What all routers need to know about people.
pub struct People {
    accounts: Arc<Accounts>,
    clock: Arc<dyn Clock>,
    /// What is asked together.
    sessions: Together<Sessions>,
    numbers: Together<Numbers>,
    persons: Cache<TokenDigest, (Person, SessionId)>,
    labels: Cache<UserId, Arc<str>>,
    errands: Errands,
    token_key: TokenKey,
    audit: Arc<AuditTrail>,
    /// Where other nodes learn of changes.
    news: OnceLock<Arc<dyn NewsSender>>,
}

/// What somebody shows.
enum Shown {
    /// The secret of a session.
    Opaque(Token),
    /// A short-lived token.
    Access { session: SessionId, ends: Timestamp },
}

impl Shown {
    /// What its session is found by.
    fn key(&self) -> SessionKey {
        match self {
            Self::Opaque(token) => SessionKey::Token(token.digest()),
            Self::Access { session, .. } => SessionKey::Number(*session),
        }
    }

    /// Under what it is remembered. (Both kinds are digests of 256 bits or more that nobody else knows.)
    fn digest(&self, text: &str) -> TokenDigest {
        match self {
            Self::Opaque(token) => token.digest(),
            Self::Access { .. } => TokenDigest::from_bytes(Sha256::digest(text).into()),
        }
    }

    /// Until when it is good at the latest, whatever the session.
    const fn ends(&self) -> Timestamp {
        match self {
            Self::Opaque(_) => Timestamp::MAX,
            Self::Access { ends, .. } => *ends,
        }
    }
}

impl Person {
    /// What the engine wants to know of a bidder.
    pub fn facts(&self) -> BidderFacts {
        let mut facts = if self.is_staff { BidderFacts::STAFF } else { BidderFacts::VERIFIED };
        facts.verified = self.verified;
        facts.banned = self.banned;
        facts
    }
}

impl Person {
    /// Somebody as they are at a time: bans end.
    pub fn of(account: &Account, at: Timestamp) -> Self {
        Self {
            id: account.id,
            email: account.email.typed().into(),
            is_admin: account.role == Role::Admin,
            is_staff: account.role.is_staff(),
            verified: account.is_verified,
            banned: account.is_banned_from(BanScope::Bidding, at),
            can_sell: account.can_sell(at),
        }
    }
}

impl People {
    /// Knows people by these accounts, and by tokens that are signed with this key.
    pub fn new(accounts: Accounts, clock: Arc<dyn Clock>, token_key: TokenKey) -> Self {
        let (persons, labels) =
            (Cache::new(PERSONS_MAX, PERSON_CACHED), Cache::new(LABELS_MAX, LABEL_CACHED));
        let accounts = Arc::new(accounts);
        let sessions = Sessions { accounts: Arc::clone(&accounts), clock: Arc::clone(&clock) };
        let numbers = Numbers { accounts: Arc::clone(&accounts) };
        Self {
            accounts,
            clock,
            sessions: Together::new(sessions),
            numbers: Together::new(numbers),
            persons,
            labels,
            errands: Errands::default(),
            token_key,
            audit: Arc::new(AuditTrail::of_log()),
            news: OnceLock::new(),
        }
    }

    /// The same, with entries of what they do on this trail instead of in the log only.
    #[must_use]
    pub fn with_audit(self, audit: Arc<AuditTrail>) -> Self {
        Self { audit, ..self }
    }

    /// Where entries of what people do are recorded.
    pub fn audit(&self) -> &AuditTrail {
        &self.audit
    }

    /// The accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The key with which short-lived tokens are signed.
    pub const fn token_key(&self) -> &TokenKey {
        &self.token_key
    }

    /// Work that nobody waits for.
    pub const fn errands(&self) -> &Errands {
        &self.errands
    }

    /// What time it is. To be asked once for each request.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whose token this is; `None` where it is none, or none any more. What is answered may be a second old.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn authenticate(&self, token: &str) -> Result<Option<Person>, Failure> {
        Ok(self.session(token).await?.map(|(person, _)| person))
    }

    /// Whose token this is, and which session it belongs to.
    pub(crate) async fn session(&self, token: &str) -> Result<Option<(Person, SessionId)>, Failure> {
        let at = self.now();
        let Some(shown) = self.shown(token, at) else { return Ok(None) };
        let digest = shown.digest(token);
        match self.persons.get(&digest, at) {
            Some(known) => Ok(Some(known)),
            None => self.look_up(&shown, digest, at).await,
        }
    }

    /// Whose token this is now: nothing that is remembered is believed. All who ask at the same time are asked for
    /// together.
    pub(crate) async fn renew(&self, token: &str) -> Result<Option<Person>, Failure> {
        let at = self.now();
        let Some(shown) = self.shown(token, at) else { return Ok(None) };
        let digest = shown.digest(token);
        Ok(self.look_up(&shown, digest, at).await?.map(|(person, _)| person))
    }

    async fn look_up(
        &self,
        shown: &Shown,
        digest: TokenDigest,
        at: Timestamp,
    ) -> Result<Option<(Person, SessionId)>, Failure> {
        let asked = self.persons.asked();
        let Some(found) = self.sessions.ask(shown.key()).await? else {
            self.persons.discard(&digest);
            return Ok(None);
        };
        let known = (found.person, found.session);
        // What ends within the second is asked for each time.
        if found.ends.min(shown.ends()) > at.after(PERSON_CACHED) {
            self.persons.put(digest, known.clone(), at, asked);
        }
        Ok(Some(known))
    }

    /// What a text is, as far as it can be said without the store.
    fn shown(&self, token: &str, at: Timestamp) -> Option<Shown> {
        if let Ok(token) = Token::parse(token) {
            return Some(Shown::Opaque(token));
        }
        self.token_key.read_access(token, at).map(|(session, ends)| Shown::Access { session, ends })
    }

    /// Tells other nodes, from now on, of whom something has changed. Only the first call counts.
    pub fn tell(&self, news: Arc<dyn NewsSender>) {
        let _ = self.news.set(news);
    }

    /// Forgets what is remembered of a session, so that its end takes effect at once.
    pub(crate) fn forget_session(&self, session: SessionId) {
        let mut users = Vec::new();
        self.persons.remove_where(|(person, known)| {
            let is_meant = *known == session;
            users.extend(is_meant.then_some(person.id));
            is_meant
        });
        users.into_iter().for_each(|user| self.tell_of(user));
    }

    /// Forgets what is remembered of somebody, so that a change takes effect at once; other nodes are told.
    pub fn forget(&self, user: UserId) {
        self.forget_here(user);
        self.tell_of(user);
    }

    /// Forgets what is remembered of somebody whom another node has changed.
    pub fn forget_here(&self, user: UserId) {
        self.persons.remove_where(|(person, _)| person.id == user);
        self.labels.remove(&user);
    }

    fn tell_of(&self, user: UserId) {
        if let Some(news) = self.news.get() {
            news.tell(&[News::Person(user)]);
        }
    }

    /// The addresses behind numbers, in the order of the question; `None` where there is nobody. What is answered
    /// may be a minute old.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn labels(&self, users: &[UserId]) -> Result<Vec<Option<Arc<str>>>, Failure> {
        let at = self.now();
        let mut labels = users.iter().map(|user| self.labels.get(user, at)).collect::<Vec<_>>();
        let mut unknown = users
            .iter()
            .zip(&labels)
            .filter(|(_, label)| label.is_none())
            .map(|(user, _)| *user)
            .collect::<Vec<_>>();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(labels);
        }
        let asked = self.labels.asked();
        let found = try_join_all(unknown.iter().map(|user| self.numbers.ask(*user))).await?;
        for account in found.into_iter().flatten() {
            let label = Arc::<str>::from(account.email.typed());
            for (place, _) in labels.iter_mut().zip(users).filter(|(_, user)| **user == account.id) {
                *place = Some(Arc::clone(&label));
            }
            self.labels.put(account.id, label, at, asked);
        }
        Ok(labels)
    }
}

/// Always asks the store. Somebody without an account may not take part.
#[async_trait]
impl FactsSource for People {
    async fn facts(&self, user: UserId, _auction: AuctionId) -> Result<BidderFacts, Failure> {
        let account = self.numbers.ask(user).await?;
        Ok(account.map_or(BidderFacts::UNVERIFIED, |account| Person::of(&account, self.now()).facts()))
    }
}

impl std::fmt::Debug for People {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("People").finish_non_exhaustive()
    }
}
