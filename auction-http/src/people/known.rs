//! What is asked of the accounts, for many at once.

use super::Person;
use super::together::Answers;
use async_trait::async_trait;
use auction_core::identity::{Account, SessionId, SessionKey};
use auction_core::ports::{Clock, Failure};
use auction_core::service::accounts::Accounts;
use auction_core::{Timestamp, UserId};
use std::sync::Arc;

/// Whose sessions these are.
pub(super) struct Sessions {
    pub(super) accounts: Arc<Accounts>,
    pub(super) clock: Arc<dyn Clock>,
}

/// A session that lives.
#[derive(Clone)]
pub(super) struct Signed {
    pub(super) person: Person,
    pub(super) session: SessionId,
    /// Until when.
    pub(super) ends: Timestamp,
}

/// Whose numbers these are.
pub(super) struct Numbers {
    pub(super) accounts: Arc<Accounts>,
}

#[async_trait]
impl Answers for Sessions {
    type Key = SessionKey;
    type Answer = Option<Signed>;

    async fn answer(&self, keys: &[SessionKey]) -> Result<Vec<Option<Signed>>, Failure> {
        // One time for all for whom is asked at once.
        let at = self.clock.now();
        let found = self.accounts.authenticate(keys, at).await?.into_iter();
        let signed = found.map(|found| {
            found.map(|(session, account)| Signed {
                person: Person::of(&account, at),
                session: session.id,
                ends: session.expires_at,
            })
        });
        Ok(signed.collect())
    }
}

#[async_trait]
impl Answers for Numbers {
    type Key = UserId;
    type Answer = Option<Arc<Account>>;

    async fn answer(&self, users: &[UserId]) -> Result<Vec<Option<Arc<Account>>>, Failure> {
        let found = self.accounts.accounts(users).await?;
        Ok(found.into_iter().map(|account| account.map(Arc::new)).collect())
    }
}
