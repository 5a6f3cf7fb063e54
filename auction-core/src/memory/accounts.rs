//! Accounts, registrations and sessions in memory.

use super::second_factors::Factor;
use crate::id::UserId;
use crate::identity::{
    Account, Applicant, BanScope, CODE_ATTEMPTS_MAX, CodeId, CodeUse, Email, LiveCode, MailedCode, Profile,
    Registration, Role, SESSIONS_PER_USER_MAX, Selling, Session, SessionId, SessionKey, Ticket, TokenDigest,
    Username,
};
use crate::ports::{
    AccountChange, AccountStore, Created, Failure, FailureKind, NewAccount, NewSession, ProfileStore, Updated,
};
use crate::time::Timestamp;
use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Accounts, registrations and sessions in memory, behind one mutex. It counts how often it is asked.
#[derive(Default)]
pub struct MemoryAccounts {
    state: Mutex<State>,
    calls: AtomicUsize,
}

#[derive(Default)]
pub(super) struct State {
    /// The account with number `n` stands at index `n - 1`.
    pub(super) accounts: Vec<Account>,
    /// Accounts that gave up their addresses.
    released: HashSet<UserId>,
    profiles: HashMap<UserId, Profile>,
    registrations: HashMap<String, Registration>,
    pub(super) sessions: BTreeMap<SessionId, (TokenDigest, Session)>,
    /// How many sessions there ever were.
    sessions_ever: u64,
    pub(super) factors: BTreeMap<UserId, Factor>,
    /// Oldest first.
    pub(super) tickets: Vec<Ticket>,
    pub(super) codes: BTreeMap<(UserId, CodeUse), MailedCode>,
}

impl MemoryAccounts {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for MemoryAccounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryAccounts").finish_non_exhaustive()
    }
}

impl State {
    pub(super) fn account(&self, user: UserId) -> Option<&Account> {
        usize::try_from(user.number() - 1).ok().and_then(|index| self.accounts.get(index))
    }

    pub(super) fn account_mut(&mut self, user: UserId) -> Option<&mut Account> {
        usize::try_from(user.number() - 1).ok().and_then(|index| self.accounts.get_mut(index))
    }

    pub(super) fn by_email(&self, email: &Email) -> Option<&Account> {
        let is_meant =
            |account: &&Account| account.email.key() == email.key() && !self.released.contains(&account.id);
        self.accounts.iter().find(is_meant)
    }

    /// Makes an account give up its address, where that is not verified.
    pub(super) fn release(&mut self, email: &Email) {
        let Some(user) = self.by_email(email).filter(|holder| !holder.is_verified).map(|holder| holder.id)
        else {
            return;
        };
        self.released.insert(user);
        self.profiles.remove(&user);
        self.end_sign_ins(user, None);
        if let Some(account) = self.account_mut(user) {
            account.username = None;
        }
    }

    fn by_username(&self, username: &Username) -> Option<&Account> {
        let key = Some(username.key());
        self.accounts.iter().find(|account| account.username.as_ref().map(Username::key) == key)
    }

    fn profile(&self, user: UserId) -> Profile {
        self.profiles.get(&user).cloned().unwrap_or_default()
    }

    fn create(&mut self, new: NewAccount) -> Result<Created, Failure> {
        let holder = self.by_email(&new.email).filter(|holder| !new.is_verified || holder.is_verified);
        if holder.is_some() {
            return Ok(Created::EmailTaken);
        }
        let gives_way = self.by_email(&new.email).map(|holder| holder.id);
        let owner = new.username.as_ref().and_then(|username| self.by_username(username));
        if owner.is_some_and(|owner| Some(owner.id) != gives_way) {
            return Ok(Created::UsernameTaken);
        }
        self.release(&new.email);
        let id = UserId::new(self.accounts.len() as u64 + 1)
            .map_err(|error| Failure::new(FailureKind::Other, "create account", error))?;
        let account = Account {
            id,
            email: new.email,
            username: new.username,
            first_name: new.first_name,
            last_name: new.last_name,
            password_hash: new.password_hash,
            is_verified: new.is_verified,
            role: new.role,
            selling: if new.is_seller { Selling::Allowed } else { Selling::No },
            ban: None,
            has_second_factor: false,
            created_at: new.at,
        };
        self.accounts.push(account.clone());
        Ok(Created::Account(Box::new(account)))
    }

    fn register_account(&mut self, registration: &Registration) -> Result<(), Failure> {
        if let Some(applicant) = registration.applicant.clone()
            && self.by_email(&registration.email).is_none()
        {
            self.admit(applicant, &registration.email, Standing::Unverified, registration.at)?;
        }
        self.registrations.insert(registration.email.key().to_owned(), registration.clone());
        Ok(())
    }

    fn confirm(&mut self, email: &Email, code: CodeId, at: Timestamp) -> Result<Option<Account>, Failure> {
        let registration = self.registrations.get(email.key()).filter(|found| found.code.id == code);
        let Some(Registration { email, applicant: Some(applicant), .. }) = registration.cloned() else {
            return Ok(None);
        };
        let account = match self.by_email(&email).cloned() {
            Some(holder) if holder.is_verified => return Ok(None),
            Some(holder) if holder.password_hash == applicant.password_hash => {
                self.account_mut(holder.id).map(|account| {
                    account.is_verified = true;
                    account.clone()
                })
            }
            Some(_) | None => {
                self.release(&email);
                self.admit(applicant, &email, Standing::Verified, at)?
            }
        };
        self.registrations.remove(email.key());
        Ok(account)
    }

    fn admit(
        &mut self,
        applicant: Applicant,
        email: &Email,
        standing: Standing,
        at: Timestamp,
    ) -> Result<Option<Account>, Failure> {
        let Applicant { username, first_name, last_name, password_hash } = applicant;
        let new = NewAccount {
            email: email.clone(),
            username: username.filter(|username| self.by_username(username).is_none()),
            first_name,
            last_name,
            password_hash,
            is_verified: standing == Standing::Verified,
            role: Role::Client,
            is_seller: false,
            at,
        };
        match self.create(new)? {
            Created::Account(account) => Ok(Some(*account)),
            Created::EmailTaken | Created::UsernameTaken => Ok(None),
        }
    }
}

/// Whether the address of somebody who is let in is known to be theirs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Verified,
    Unverified,
}

#[async_trait]
impl AccountStore for MemoryAccounts {
    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Option<Account>>, Failure> {
        let state = self.state();
        Ok(users.iter().map(|user| state.account(*user).cloned()).collect())
    }

    async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, Failure> {
        Ok(self.state().by_email(email).cloned())
    }

    async fn account_by_username(&self, username: &Username) -> Result<Option<Account>, Failure> {
        Ok(self.state().by_username(username).cloned())
    }

    async fn create(&self, account: &NewAccount) -> Result<Created, Failure> {
        self.state().create(account.clone())
    }

    async fn update(&self, user: UserId, change: &AccountChange) -> Result<Option<Updated>, Failure> {
        let mut state = self.state();
        let Some(mut account) = state.account(user).cloned() else { return Ok(None) };
        let AccountChange { first_name, last_name, username, profile } = change.clone();
        if let Some(username) = username {
            if state.by_username(&username).is_some_and(|other| other.id != user) {
                return Ok(Some(Updated::UsernameTaken));
            }
            account.username = Some(username);
        }
        account.first_name = first_name.unwrap_or(account.first_name.clone());
        account.last_name = last_name.unwrap_or(account.last_name.clone());
        if let Some(stored) = state.account_mut(user) {
            stored.clone_from(&account);
        }
        let profile = state.profile(user).changed(profile);
        state.profiles.insert(user, profile.clone());
        Ok(Some(Updated::Account(Box::new(account), Box::new(profile))))
    }

    async fn registration(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        Ok(self.state().registrations.get(email.key()).cloned())
    }

    async fn register(&self, registration: &Registration) -> Result<(), Failure> {
        let key = registration.email.key().to_owned();
        self.state().registrations.insert(key, registration.clone());
        Ok(())
    }

    async fn register_account(&self, registration: &Registration) -> Result<(), Failure> {
        self.state().register_account(registration)
    }

    async fn renew_code(
        &self,
        email: &Email,
        code: &LiveCode,
        at: Timestamp,
    ) -> Result<Option<Registration>, Failure> {
        let mut state = self.state();
        let blind = || Registration { email: email.clone(), applicant: None, code: *code, at };
        match state.registrations.get_mut(email.key()) {
            Some(known) if known.code.is_live(at) => Ok(None),
            Some(known) => {
                known.code = *code;
                known.at = at;
                Ok(Some(known.clone()))
            }
            None => {
                state.registrations.insert(email.key().to_owned(), blind());
                Ok(Some(blind()))
            }
        }
    }

    async fn attempt(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        let mut state = self.state();
        let registration = state.registrations.get_mut(email.key());
        Ok(registration.filter(|found| found.code.attempts < CODE_ATTEMPTS_MAX).map(|found| {
            found.code.attempts += 1;
            found.clone()
        }))
    }

    async fn confirm(&self, email: &Email, code: CodeId, at: Timestamp) -> Result<Option<Account>, Failure> {
        self.state().confirm(email, code, at)
    }

    async fn add_session(&self, new: &NewSession) -> Result<SessionId, Failure> {
        let mut state = self.state();
        let of_user = state.sessions.values().filter(|(_, session)| session.user == new.user);
        let ids = of_user.map(|(_, session)| session.id).collect::<Vec<_>>();
        for id in ids.iter().rev().skip(SESSIONS_PER_USER_MAX - 1) {
            state.sessions.remove(id);
        }
        state.sessions_ever += 1;
        let id = SessionId::new(state.sessions_ever)
            .ok_or_else(|| Failure::new(FailureKind::Other, "add session", "there are no more numbers"))?;
        let owner = state.account(new.user);
        if owner.is_some_and(|owner| owner.is_banned_from(BanScope::Everything, new.at)) {
            return Ok(id);
        }
        let session = Session {
            id,
            user: new.user,
            style: new.style,
            device: new.device.clone(),
            created_at: new.at,
            expires_at: new.expires_at,
        };
        state.sessions.insert(id, (new.token, session));
        Ok(id)
    }

    async fn session(&self, token: &TokenDigest) -> Result<Option<(Session, Account)>, Failure> {
        let state = self.state();
        let found = state.sessions.values().find(|(digest, _)| digest == token);
        Ok(found.and_then(|(_, session)| Some((session.clone(), state.account(session.user)?.clone()))))
    }

    async fn find_sessions(&self, keys: &[SessionKey]) -> Result<Vec<Option<(Session, Account)>>, Failure> {
        let state = self.state();
        let is_meant = |key: &SessionKey, (digest, session): &(TokenDigest, Session)| match key {
            SessionKey::Token(token) => token == digest,
            SessionKey::Number(number) => *number == session.id,
        };
        let find = |key: &SessionKey| {
            let (_, session) = state.sessions.values().find(|row| is_meant(key, row))?;
            Some((session.clone(), state.account(session.user)?.clone()))
        };
        Ok(keys.iter().map(find).collect())
    }

    async fn sessions(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>, Failure> {
        let state = self.state();
        let is_wanted = |session: &&Session| session.user == user && session.is_live(at);
        Ok(state.sessions.values().rev().map(|(_, session)| session).filter(is_wanted).cloned().collect())
    }

    async fn remove_session(&self, user: UserId, session: SessionId) -> Result<bool, Failure> {
        let mut state = self.state();
        let is_own = state.sessions.get(&session).is_some_and(|(_, session)| session.user == user);
        Ok(is_own && state.sessions.remove(&session).is_some())
    }

    async fn forget(&self, at: Timestamp, untouched_since: Timestamp) -> Result<(), Failure> {
        let mut state = self.state();
        state.sessions.retain(|_, (_, session)| session.is_live(at));
        state.registrations.retain(|_, registration| registration.at >= untouched_since);
        state.tickets.retain(|ticket| ticket.is_live(at));
        state.codes.retain(|_, code| at < code.code.expires_at);
        Ok(())
    }
}

#[async_trait]
impl ProfileStore for MemoryAccounts {
    async fn profile(&self, user: UserId) -> Result<Option<Profile>, Failure> {
        let state = self.state();
        Ok(state.account(user).map(|account| state.profile(account.id)))
    }
}

#[cfg(all(test, feature = "conformance"))]
mod tests {
    use super::*;
    use pollster::block_on;

    crate::account_cases!(block_on, Box::new(MemoryAccounts::new()));
    crate::credential_cases!(block_on, Box::new(MemoryAccounts::new()));
    crate::standing_cases!(block_on, Box::new(MemoryAccounts::new()));
    crate::profile_cases!(block_on, Box::new(MemoryAccounts::new()));
    crate::admission_cases!(block_on, Box::new(MemoryAccounts::new()));
}
