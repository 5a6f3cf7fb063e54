//! The store: a card for each person, with everything that belongs to them.

use auction_core::UserId;
use auction_core::identity::{
    Account, Applicant, CodeDigest, CodeId, Email, MailedCode, Profile, Registration, Role, Sealed,
    SecondFactor, Selling, Session, SessionId, Ticket, TokenDigest, TotpStep, Username,
};
use auction_core::ports::{Created, Failure, FailureKind, NewAccount};
use auction_core::{Span, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// People on cards, behind one lock: every call takes it once, which makes every call atomic.
///
/// A host with a database of documents would write one document for each card, and open a transaction where this
/// takes the lock.
#[derive(Default)]
pub(crate) struct Cards {
    drawer: Mutex<Drawer>,
}

/// All cards.
#[derive(Default)]
pub(super) struct Drawer {
    pub(super) cards: BTreeMap<UserId, Card>,
    /// By the keys of their addresses.
    pub(super) registrations: BTreeMap<String, Registration>,
    /// How many sessions there ever were, since no number is given twice.
    sessions_ever: u64,
}

/// Somebody, and everything that belongs to them.
pub(super) struct Card {
    pub(super) account: Account,
    pub(super) profile: Profile,
    /// Whether the address, which was never verified, went to somebody else.
    is_released: bool,
    pub(super) factor: Option<Factor>,
    /// Oldest first, each with what is stored of its secret.
    pub(super) sessions: Vec<(TokenDigest, Session)>,
    /// Oldest first.
    pub(super) tickets: Vec<Ticket>,
    /// At most one for each use.
    pub(super) codes: Vec<MailedCode>,
}

/// An authenticator, with its recovery codes.
pub(super) struct Factor {
    pub(super) secret: Sealed,
    pub(super) is_enabled: bool,
    pub(super) accepted: Option<TotpStep>,
    pub(super) recovery_codes: Vec<CodeDigest>,
    /// When its codes were tried since the stretch began in which tries are counted.
    pub(super) tries: Vec<Timestamp>,
}

impl Cards {
    /// Every change is made whole while the lock is held, so that a panic elsewhere does not matter.
    pub(super) fn drawer(&self) -> MutexGuard<'_, Drawer> {
        self.drawer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drawer {
    pub(super) fn by_email(&self, email: &Email) -> Option<&Card> {
        let mut holders = self.cards.values().filter(|card| !card.is_released);
        holders.find(|card| card.account.email.key() == email.key())
    }

    pub(super) fn by_username(&self, username: &Username) -> Option<&Card> {
        let key = Some(username.key());
        self.cards.values().find(|card| card.account.username.as_ref().map(Username::key) == key)
    }

    /// The card on which something is written.
    pub(super) fn card_with(&mut self, is_there: impl Fn(&Card) -> bool) -> Option<&mut Card> {
        self.cards.values_mut().find(|card| is_there(card))
    }

    pub(super) fn next_session(&mut self) -> Result<SessionId, Failure> {
        self.sessions_ever += 1;
        SessionId::new(self.sessions_ever).ok_or_else(|| full("add session"))
    }

    pub(super) fn create(&mut self, new: &NewAccount) -> Result<Created, Failure> {
        let holder = self.by_email(&new.email).map(|card| &card.account);
        if holder.is_some_and(|holder| holder.is_verified || !new.is_verified) {
            return Ok(Created::EmailTaken);
        }
        let owner = new.username.as_ref().and_then(|username| self.by_username(username));
        // Who gives the address up gives the other name up with it.
        if owner.is_some_and(|owner| Some(owner.account.id) != holder.map(|holder| holder.id)) {
            return Ok(Created::UsernameTaken);
        }
        self.release(&new.email);
        // Cards are never thrown away, so that the next number has never been given.
        let id = UserId::new(self.cards.len() as u64 + 1).map_err(|_| full("create account"))?;
        let card = Card::new(id, new);
        let account = Box::new(card.account.clone());
        self.cards.insert(id, card);
        Ok(Created::Account(account))
    }

    pub(super) fn confirm(
        &mut self,
        email: &Email,
        code: CodeId,
        at: Timestamp,
    ) -> Result<Option<Account>, Failure> {
        let registration = self.registrations.get(email.key()).filter(|found| found.code.id == code);
        let Some(Registration { email, applicant: Some(applicant), .. }) = registration.cloned() else {
            return Ok(None);
        };
        let holder = self.by_email(&email).map(|card| card.account.clone());
        let account = match holder {
            Some(holder) if holder.is_verified => return Ok(None),
            // Whoever enters the code chose the password of this account.
            Some(holder) if holder.password_hash == applicant.password_hash => {
                self.cards.get_mut(&holder.id).map(|card| {
                    card.account.is_verified = true;
                    card.account.clone()
                })
            }
            Some(_) | None => {
                self.release(&email);
                self.admit(&email, applicant, Address::Verified, at)?
            }
        };
        self.registrations.remove(email.key());
        Ok(account)
    }

    pub(super) fn register_account(&mut self, registration: &Registration) -> Result<(), Failure> {
        let Registration { email, applicant, at, .. } = registration;
        if let Some(applicant) = applicant.clone()
            && self.by_email(email).is_none()
        {
            self.admit(email, applicant, Address::Unverified, *at)?;
        }
        self.registrations.insert(email.key().to_owned(), registration.clone());
        Ok(())
    }

    /// Makes a card give up an address that is not verified: before that it belongs to nobody.
    pub(super) fn release(&mut self, email: &Email) {
        let holder = self.by_email(email).filter(|card| !card.account.is_verified);
        let Some(user) = holder.map(|card| card.account.id) else { return };
        let Some(card) = self.cards.get_mut(&user) else { return };
        card.is_released = true;
        card.account.username = None;
        card.profile = Profile::default();
        card.sign_out(None);
    }

    /// Writes the card of somebody who registered, without the other name where it is taken.
    fn admit(
        &mut self,
        email: &Email,
        applicant: Applicant,
        address: Address,
        at: Timestamp,
    ) -> Result<Option<Account>, Failure> {
        let Applicant { username, first_name, last_name, password_hash } = applicant;
        let new = NewAccount {
            email: email.clone(),
            username: username.filter(|username| self.by_username(username).is_none()),
            first_name,
            last_name,
            password_hash,
            is_verified: address == Address::Verified,
            role: Role::Client,
            is_seller: false,
            at,
        };
        match self.create(&new)? {
            Created::Account(account) => Ok(Some(*account)),
            Created::EmailTaken | Created::UsernameTaken => Ok(None),
        }
    }
}

/// Whether the address of somebody who is let in is known to be theirs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Address {
    Verified,
    Unverified,
}

impl Card {
    fn new(id: UserId, new: &NewAccount) -> Self {
        let account = Account {
            id,
            email: new.email.clone(),
            username: new.username.clone(),
            first_name: new.first_name.clone(),
            last_name: new.last_name.clone(),
            password_hash: new.password_hash.clone(),
            is_verified: new.is_verified,
            role: new.role,
            selling: if new.is_seller { Selling::Allowed } else { Selling::No },
            ban: None,
            has_second_factor: false,
            created_at: new.at,
        };
        Self {
            account,
            profile: Profile::default(),
            is_released: false,
            factor: None,
            sessions: Vec::new(),
            tickets: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// Signs them out everywhere but in one session, and makes everything worthless that would sign them in.
    pub(super) fn sign_out(&mut self, kept: Option<SessionId>) {
        self.sessions.retain(|(_, session)| Some(session.id) == kept);
        self.tickets.clear();
        self.codes.clear();
    }

    /// Removes what has ended.
    pub(super) fn forget(&mut self, at: Timestamp) {
        self.sessions.retain(|(_, session)| session.is_live(at));
        self.tickets.retain(|ticket| ticket.is_live(at));
        self.codes.retain(|code| at < code.code.expires_at);
    }

    /// The authenticator, as the rest of the room sees it.
    pub(super) fn second_factor(&self) -> Option<SecondFactor> {
        self.factor.as_ref().map(|factor| SecondFactor {
            user: self.account.id,
            secret: factor.secret.clone(),
            is_enabled: factor.is_enabled,
            accepted: factor.accepted,
            recovery_codes_left: u32::try_from(factor.recovery_codes.len()).unwrap_or(u32::MAX),
        })
    }
}

impl Factor {
    pub(super) fn new(secret: &Sealed) -> Self {
        let (recovery_codes, tries) = (Vec::new(), Vec::new());
        Self { secret: secret.clone(), is_enabled: false, accepted: None, recovery_codes, tries }
    }

    /// Forgets tries when the stretch is over that began with the first of them.
    pub(super) fn begin_stretch(&mut self, at: Timestamp, stretch: Span) {
        if self.tries.first().is_some_and(|first| first.after(stretch) <= at) {
            self.tries.clear();
        }
    }
}

fn full(operation: &'static str) -> Failure {
    Failure::new(FailureKind::Other, operation, "there are no more numbers")
}
