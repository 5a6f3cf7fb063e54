//! Where people are signed in, and what they say about themselves.

use super::Accounts;
use crate::id::UserId;
use crate::identity::{Account, Email, Profile, Session, SessionId, SessionKey, SessionStyle};
use crate::ports::{AccountChange, Failure, Updated};
use crate::time::Timestamp;

impl Accounts {
    /// The sessions of tokens and whose they are, in the order of the question; `None` where it is none, or none any
    /// more. A session is shown by its secret, or, where it is refreshed, by the number in a short-lived token. At most
    /// [`SESSIONS_ASKED_MAX`](crate::ports::SESSIONS_ASKED_MAX) at once.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn authenticate(
        &self,
        shown: &[SessionKey],
        at: Timestamp,
    ) -> Result<Vec<Option<(Session, Account)>>, Failure> {
        let found = self.parts.store.find_sessions(shown).await?;
        let is_meant = |key: &SessionKey, session: &Session| {
            let style = match key {
                SessionKey::Token(_) => SessionStyle::Opaque,
                SessionKey::Number(_) => SessionStyle::Refreshed,
            };
            session.style == style && session.is_live(at)
        };
        let meant = found.into_iter().zip(shown);
        Ok(meant.map(|(found, key)| found.filter(|(session, _)| is_meant(key, session))).collect())
    }

    /// Where somebody is signed in, newest first.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn sessions(&self, user: UserId, at: Timestamp) -> Result<Vec<Session>, Failure> {
        self.parts.store.sessions(user, at).await
    }

    /// Ends one of somebody's own sessions; `false` where there is no such session.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn sign_out(&self, user: UserId, session: SessionId) -> Result<bool, Failure> {
        self.parts.store.remove_session(user, session).await
    }

    /// Accounts by number, in the order of the question; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn accounts(&self, users: &[UserId]) -> Result<Vec<Option<Account>>, Failure> {
        self.parts.store.accounts(users).await
    }

    /// The account with this address, confirmed; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn account_by_email(&self, email: &Email) -> Result<Option<Account>, Failure> {
        self.parts.store.account_by_email(email).await
    }

    /// What somebody says about themselves; `None` where there is no such account.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn profile(&self, user: UserId) -> Result<Option<Profile>, Failure> {
        self.parts.store.profile(user).await
    }

    /// Changes the names of somebody and what they say about themselves; `None` where there is no such account.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn update(&self, user: UserId, change: &AccountChange) -> Result<Option<Updated>, Failure> {
        self.parts.store.update(user, change).await
    }
}
