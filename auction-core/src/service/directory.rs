//! A directory of the people who have accounts here.

use crate::id::UserId;
use crate::identity::BanScope;
use crate::ports::{AccountStore, Clock, Directory, Failure, Recipient};
use async_trait::async_trait;
use std::sync::Arc;

/// Writes to those who have an account, whose address is known to be theirs, and who are not shut out from everything.
#[derive(Clone)]
pub struct AccountDirectory {
    accounts: Arc<dyn AccountStore>,
    clock: Arc<dyn Clock>,
}

impl AccountDirectory {
    /// Knows these accounts; the clock says which bans are over.
    pub fn new(accounts: Arc<dyn AccountStore>, clock: Arc<dyn Clock>) -> Self {
        Self { accounts, clock }
    }
}

#[async_trait]
impl Directory for AccountDirectory {
    async fn recipients(&self, users: &[UserId]) -> Result<Vec<Option<Recipient>>, Failure> {
        let now = self.clock.now();
        let accounts = self.accounts.accounts(users).await?;
        let may_write = accounts.into_iter().map(|account| {
            account
                .filter(|account| account.is_verified && !account.is_banned_from(BanScope::Everything, now))
        });
        Ok(may_write
            .map(|account| {
                account.map(|account| Recipient {
                    email: account.email,
                    name: account.first_name.as_str().to_owned(),
                })
            })
            .collect())
    }
}
