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

#[cfg(test)]
#[cfg(feature = "memory")]
mod tests {
    use super::*;
    use crate::identity::{Ban, Email, PasswordHash, PersonName, Role, StandingChange};
    use crate::memory::{ManualClock, MemoryAccounts};
    use crate::ports::{Created, NewAccount};
    use crate::time::{Span, Timestamp};
    use pollster::block_on;

    fn create(accounts: &dyn AccountStore, email: &str, is_verified: bool) -> UserId {
        let account = NewAccount {
            email: Email::parse(email).unwrap(),
            username: None,
            first_name: PersonName::parse("Ann").unwrap(),
            last_name: PersonName::parse("Li").unwrap(),
            password_hash: PasswordHash::new(String::new()),
            is_verified,
            role: Role::Client,
            is_seller: false,
            at: Timestamp::EPOCH,
        };
        match block_on(accounts.create(&account)).unwrap() {
            Created::Account(account) => account.id,
            taken => panic!("{taken:?}"),
        }
    }

    #[test]
    fn only_those_are_written_to_whose_address_is_known_and_who_are_not_shut_out() {
        let accounts: Arc<dyn AccountStore> = Arc::new(MemoryAccounts::new());
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        let known = create(&*accounts, "known@example.com", true);
        let unknown = create(&*accounts, "unknown@example.com", false);
        let [banned, quiet] =
            ["banned@example.com", "quiet@example.com"].map(|email| create(&*accounts, email, true));
        let until = Timestamp::EPOCH.after(Span::from_secs(10));
        for (user, scope) in [(banned, BanScope::Everything), (quiet, BanScope::Bidding)] {
            let ban = StandingChange::Banned(Ban::new(scope, Some(until), "why").unwrap());
            block_on(accounts.change_standing(user, &ban)).unwrap();
        }
        let nobody = UserId::new(99).unwrap();
        let directory = AccountDirectory::new(accounts, clock.clone());
        let reached = || {
            let found = block_on(directory.recipients(&[known, unknown, banned, nobody, quiet])).unwrap();
            found
                .into_iter()
                .map(|found| found.map(|found| (found.email.typed().to_owned(), found.name)))
                .collect::<Vec<_>>()
        };
        let ann = |email: &str| Some((email.to_owned(), "Ann".to_owned()));
        let (known, quiet) = (ann("known@example.com"), ann("quiet@example.com"));
        assert_eq!(reached(), [known.clone(), None, None, None, quiet.clone()]);
        clock.set(until);
        assert_eq!(reached(), [known, None, ann("banned@example.com"), None, quiet]);
    }
}
