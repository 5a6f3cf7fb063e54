//! Where people are signed in, and what they say about themselves.

use super::Accounts;
use crate::id::UserId;
use crate::identity::{Account, Email, Profile, Session, SessionId, SessionStyle, Token};
use crate::ports::{AccountChange, Failure, Updated};
use crate::time::Timestamp;

impl Accounts {
    /// Whose token this is, and which session it belongs to; `None` where it is none, or none any more.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn authenticate(
        &self,
        token: &Token,
        at: Timestamp,
    ) -> Result<Option<(Session, Account)>, Failure> {
        let found = self.parts.store.session(&token.digest()).await?;
        let is_meant = |session: &Session| session.style == SessionStyle::Opaque && session.is_live(at);
        Ok(found.filter(|(session, _)| is_meant(session)))
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
