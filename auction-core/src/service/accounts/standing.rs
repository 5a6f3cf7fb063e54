//! What the house lets people do.

use super::Accounts;
use crate::id::UserId;
use crate::identity::{Account, BanScope, Email, SellerPolicy, Selling, StandingChange};
use crate::ports::Failure;
use crate::time::Timestamp;

/// How far somebody got who wants to sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SellerStep {
    /// They may sell.
    Allowed,
    /// They wait for the house.
    Waiting,
}

/// Why somebody does not become a seller. The first that applies is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SellerRefusal {
    /// There is no such account any more.
    #[error("there is no such account")]
    Missing,
    /// The address is not confirmed.
    #[error("the address is not verified")]
    NotVerified,
    /// They are shut out from selling.
    #[error("the account is banned")]
    Banned,
    /// The house names its sellers.
    #[error("the house names its sellers")]
    HouseOnly,
    /// It could not be done.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Accounts {
    /// Makes somebody a seller, or lets them wait for the house, as the policy says.
    ///
    /// # Errors
    /// [`SellerRefusal`].
    pub async fn become_seller(&self, user: UserId, at: Timestamp) -> Result<SellerStep, SellerRefusal> {
        let account = self.existing(user).await?.ok_or(SellerRefusal::Missing)?;
        if !account.is_verified {
            return Err(SellerRefusal::NotVerified);
        }
        if account.is_banned_from(BanScope::Selling, at) {
            return Err(SellerRefusal::Banned);
        }
        let change = match (account.selling, self.parts.sellers) {
            (Selling::Allowed, _) => return Ok(SellerStep::Allowed),
            (_, SellerPolicy::Staff) => return Err(SellerRefusal::HouseOnly),
            (_, SellerPolicy::Open) => StandingChange::LetSell,
            (_, SellerPolicy::Approval) => StandingChange::AskedToSell,
        };
        let changed = self.parts.store.change_standing(user, &change).await?.ok_or(SellerRefusal::Missing)?;
        Ok(if changed.selling == Selling::Allowed { SellerStep::Allowed } else { SellerStep::Waiting })
    }

    /// Changes what the house lets somebody do, and answers the account as it is then; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn change_standing(
        &self,
        user: UserId,
        change: &StandingChange,
    ) -> Result<Option<Account>, Failure> {
        self.parts.store.change_standing(user, change).await
    }

    /// Takes the house's word for it that an address is somebody's: of an account, or else of whoever registered it
    /// last. `None` where there is neither.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn vouch_for(&self, email: &Email, at: Timestamp) -> Result<Option<Account>, Failure> {
        let store = &self.parts.store;
        if let Some(account) = store.account_by_email(email).await? {
            return store.change_standing(account.id, &StandingChange::Verified).await;
        }
        let Some(registration) = store.registration(email).await? else { return Ok(None) };
        store.confirm(email, registration.code.id, at).await
    }

    /// Removes somebody's second factor, who has lost both the authenticator and the recovery codes, and signs them
    /// out everywhere; `false` where there was none.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn reset_factor(&self, user: UserId) -> Result<bool, Failure> {
        let was_there = self.parts.store.remove_factor(user).await?;
        self.parts.store.sign_out_everywhere(user).await?;
        Ok(was_there)
    }

    /// Signs somebody out everywhere.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn sign_out_everywhere(&self, user: UserId) -> Result<(), Failure> {
        self.parts.store.sign_out_everywhere(user).await
    }

    /// Accounts with numbers above `after`, in their order.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn list_accounts(&self, after: Option<UserId>, max: usize) -> Result<Vec<Account>, Failure> {
        self.parts.store.list_accounts(after, max).await
    }
}
