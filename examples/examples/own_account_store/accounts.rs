//! Accounts, registrations and sessions on cards.

use super::cards::{Card, Cards};
use async_trait::async_trait;
use auction_core::identity::{
    Account, BanScope, CODE_ATTEMPTS_MAX, CodeId, Email, LiveCode, Profile, Registration,
    SESSIONS_PER_USER_MAX, Session, SessionId, SessionKey, TokenDigest, Username,
};
use auction_core::ports::{
    AccountChange, AccountStore, Created, Failure, NewAccount, NewSession, ProfileStore, Updated,
};
use auction_core::{Timestamp, UserId};

#[async_trait]
impl AccountStore for Cards {
    async fn accounts(&self, users: &[UserId]) -> Result<Vec<Option<Account>>, Failure> {
        let drawer = self.drawer();
        Ok(users.iter().map(|user| Some(drawer.cards.get(user)?.account.clone())).collect())
    }

    async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, Failure> {
        Ok(self.drawer().by_email(email).map(|card| card.account.clone()))
    }

    async fn account_by_username(&self, username: &Username) -> Result<Option<Account>, Failure> {
        Ok(self.drawer().by_username(username).map(|card| card.account.clone()))
    }

    async fn create(&self, account: &NewAccount) -> Result<Created, Failure> {
        self.drawer().create(account)
    }

    async fn update(&self, user: UserId, change: &AccountChange) -> Result<Option<Updated>, Failure> {
        let mut drawer = self.drawer();
        let AccountChange { first_name, last_name, username, profile } = change.clone();
        let owner = username.as_ref().and_then(|username| drawer.by_username(username));
        let is_taken = owner.is_some_and(|owner| owner.account.id != user);
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(None) };
        if is_taken {
            return Ok(Some(Updated::UsernameTaken));
        }
        let account = &mut card.account;
        account.username = username.or(account.username.take());
        set(&mut account.first_name, first_name);
        set(&mut account.last_name, last_name);
        card.profile = card.profile.clone().changed(profile);
        Ok(Some(Updated::Account(Box::new(account.clone()), Box::new(card.profile.clone()))))
    }

    async fn registration(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        Ok(self.drawer().registrations.get(email.key()).cloned())
    }

    async fn register(&self, registration: &Registration) -> Result<(), Failure> {
        let key = registration.email.key().to_owned();
        self.drawer().registrations.insert(key, registration.clone());
        Ok(())
    }

    async fn register_account(&self, registration: &Registration) -> Result<(), Failure> {
        self.drawer().register_account(registration)
    }

    async fn renew_code(
        &self,
        email: &Email,
        code: &LiveCode,
        at: Timestamp,
    ) -> Result<Option<Registration>, Failure> {
        let mut drawer = self.drawer();
        let known = drawer.registrations.get(email.key());
        if known.is_some_and(|known| known.code.is_live(at)) {
            return Ok(None);
        }
        let applicant = known.and_then(|known| known.applicant.clone());
        let renewed = Registration { email: email.clone(), applicant, code: *code, at };
        drawer.registrations.insert(email.key().to_owned(), renewed.clone());
        Ok(Some(renewed))
    }

    async fn attempt(&self, email: &Email) -> Result<Option<Registration>, Failure> {
        let mut drawer = self.drawer();
        let found = drawer.registrations.get_mut(email.key());
        let Some(found) = found.filter(|found| found.code.attempts < CODE_ATTEMPTS_MAX) else {
            return Ok(None);
        };
        found.code.attempts += 1;
        Ok(Some(found.clone()))
    }

    async fn confirm(&self, email: &Email, code: CodeId, at: Timestamp) -> Result<Option<Account>, Failure> {
        self.drawer().confirm(email, code, at)
    }

    async fn add_session(&self, new: &NewSession) -> Result<SessionId, Failure> {
        let mut drawer = self.drawer();
        let id = drawer.next_session()?;
        let card = drawer.cards.get_mut(&new.user);
        // A session of somebody who is banned ends as it begins.
        let is_let_in = |card: &&mut Card| !card.account.is_banned_from(BanScope::Everything, new.at);
        if let Some(card) = card.filter(is_let_in) {
            let too_many = (card.sessions.len() + 1).saturating_sub(SESSIONS_PER_USER_MAX);
            card.sessions.drain(..too_many);
            let session = Session {
                id,
                user: new.user,
                style: new.style,
                device: new.device.clone(),
                created_at: new.at,
                expires_at: new.expires_at,
            };
            card.sessions.push((new.token, session));
        }
        Ok(id)
    }

    async fn session(&self, token: &TokenDigest) -> Result<Option<(Session, Account)>, Failure> {
        let drawer = self.drawer();
        let mut all = drawer.cards.values().flat_map(|card| card.sessions.iter().map(move |row| (card, row)));
        let found = all.find(|(_, (digest, _))| digest == token);
        Ok(found.map(|(card, (_, session))| (session.clone(), card.account.clone())))
    }

    async fn find_sessions(&self, keys: &[SessionKey]) -> Result<Vec<Option<(Session, Account)>>, Failure> {
        let drawer = self.drawer();
        // A store with tables has indexes for this, and asks them once for all keys.
        let find = |key: &SessionKey| {
            let mut all =
                drawer.cards.values().flat_map(|card| card.sessions.iter().map(move |row| (card, row)));
            let (card, (_, session)) = all.find(|(_, (digest, session))| match key {
                SessionKey::Token(token) => token == digest,
                SessionKey::Number(number) => *number == session.id,
            })?;
            Some((session.clone(), card.account.clone()))
        };
        Ok(keys.iter().map(find).collect())
    }

    async fn sessions(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>, Failure> {
        let drawer = self.drawer();
        let sessions = drawer.cards.get(&user).map(|card| card.sessions.iter()).into_iter().flatten();
        let live = sessions.map(|(_, session)| session).filter(|session| session.is_live(at));
        Ok(live.rev().cloned().collect())
    }

    async fn remove_session(&self, user: UserId, session: SessionId) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(false) };
        let before = card.sessions.len();
        card.sessions.retain(|(_, known)| known.id != session);
        Ok(card.sessions.len() < before)
    }

    async fn forget(&self, at: Timestamp, untouched_since: Timestamp) -> Result<(), Failure> {
        let mut drawer = self.drawer();
        drawer.registrations.retain(|_, registration| registration.at >= untouched_since);
        drawer.cards.values_mut().for_each(|card| card.forget(at));
        Ok(())
    }
}

#[async_trait]
impl ProfileStore for Cards {
    async fn profile(&self, user: UserId) -> Result<Option<Profile>, Failure> {
        Ok(self.drawer().cards.get(&user).map(|card| card.profile.clone()))
    }
}

/// Writes what is told.
fn set<T>(place: &mut T, told: Option<T>) {
    if let Some(told) = told {
        *place = told;
    }
}
