//! What the house lets people do, in memory.

use super::MemoryAccounts;
use crate::id::UserId;
use crate::identity::{Account, BanScope, Selling, StandingChange};
use crate::ports::{ACCOUNTS_PAGE_MAX, Failure, StandingStore};
use async_trait::async_trait;

#[async_trait]
impl StandingStore for MemoryAccounts {
    async fn change_standing(
        &self,
        user: UserId,
        change: &StandingChange,
    ) -> Result<Option<Account>, Failure> {
        let mut state = self.state();
        let Some(account) = state.account_mut(user) else { return Ok(None) };
        match change {
            StandingChange::Role(role) => account.role = *role,
            StandingChange::Verified => account.is_verified = true,
            StandingChange::AskedToSell if account.selling == Selling::No => account.selling = Selling::Asked,
            StandingChange::AskedToSell => {}
            StandingChange::LetSell => account.selling = Selling::Allowed,
            StandingChange::Banned(ban) => account.ban = Some(ban.clone()),
            StandingChange::Unbanned => account.ban = None,
        }
        let account = account.clone();
        if matches!(change, StandingChange::Banned(ban) if ban.scope == BanScope::Everything) {
            state.end_sign_ins(user, None);
        }
        Ok(Some(account))
    }

    async fn sign_out_everywhere(&self, user: UserId) -> Result<(), Failure> {
        self.state().end_sign_ins(user, None);
        Ok(())
    }

    async fn list_accounts(&self, after: Option<UserId>, max: usize) -> Result<Vec<Account>, Failure> {
        let state = self.state();
        let is_wanted = |account: &&Account| after.is_none_or(|after| account.id > after);
        Ok(state.accounts.iter().filter(is_wanted).take(max.min(ACCOUNTS_PAGE_MAX)).cloned().collect())
    }
}
