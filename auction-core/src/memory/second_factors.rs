//! Authenticators and recovery codes in memory.

use super::MemoryAccounts;
use super::accounts::State;
use crate::id::UserId;
use crate::identity::{CodeDigest, FACTOR_TRIES_MAX, FACTOR_WINDOW, Sealed, SecondFactor, TotpStep};
use crate::ports::{FactorAttempt, Failure, SecondFactorStore};
use crate::time::Timestamp;
use async_trait::async_trait;

/// Somebody's authenticator.
pub(super) struct Factor {
    secret: Sealed,
    is_enabled: bool,
    accepted: Option<TotpStep>,
    recovery_codes: Vec<CodeDigest>,
    tries: u32,
    tries_from: Timestamp,
}

impl Factor {
    fn shown(&self, user: UserId) -> SecondFactor {
        SecondFactor {
            user,
            secret: self.secret.clone(),
            is_enabled: self.is_enabled,
            accepted: self.accepted,
            recovery_codes_left: u32::try_from(self.recovery_codes.len()).unwrap_or(u32::MAX),
        }
    }
}

impl State {
    fn mark(&mut self, user: UserId, has_second_factor: bool) {
        if let Some(account) = self.account_mut(user) {
            account.has_second_factor = has_second_factor;
        }
    }
}

#[async_trait]
impl SecondFactorStore for MemoryAccounts {
    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, Failure> {
        Ok(self.state().factors.get(&user).map(|factor| factor.shown(user)))
    }

    async fn propose_factor(&self, user: UserId, secret: &Sealed) -> Result<bool, Failure> {
        let mut state = self.state();
        if state.account(user).is_none() {
            return Ok(false);
        }
        match state.factors.get_mut(&user) {
            Some(factor) if factor.is_enabled => Ok(false),
            Some(factor) => {
                factor.secret = secret.clone();
                Ok(true)
            }
            None => {
                let factor = Factor {
                    secret: secret.clone(),
                    is_enabled: false,
                    accepted: None,
                    recovery_codes: Vec::new(),
                    tries: 0,
                    tries_from: Timestamp::EPOCH,
                };
                state.factors.insert(user, factor);
                Ok(true)
            }
        }
    }

    async fn attempt_factor(&self, user: UserId, at: Timestamp) -> Result<FactorAttempt, Failure> {
        let mut state = self.state();
        let Some(factor) = state.factors.get_mut(&user) else { return Ok(FactorAttempt::Missing) };
        let window_ends = factor.tries_from.after(FACTOR_WINDOW);
        if factor.tries == 0 || window_ends <= at {
            (factor.tries, factor.tries_from) = (0, at);
        } else if factor.tries >= FACTOR_TRIES_MAX {
            return Ok(FactorAttempt::Wait(window_ends.since(at)));
        }
        factor.tries += 1;
        Ok(FactorAttempt::Counted(factor.shown(user)))
    }

    async fn accept_step(&self, factor: &SecondFactor, step: TotpStep) -> Result<bool, Failure> {
        let mut state = self.state();
        let stored = state.factors.get_mut(&factor.user);
        let is_meant = |stored: &&mut Factor| stored.is_enabled && stored.secret == factor.secret;
        let Some(stored) = stored.filter(is_meant) else { return Ok(false) };
        if stored.accepted.is_some_and(|accepted| accepted >= step) {
            return Ok(false);
        }
        (stored.accepted, stored.tries) = (Some(step), 0);
        Ok(true)
    }

    async fn redeem_recovery_code(&self, user: UserId, code: &CodeDigest) -> Result<bool, Failure> {
        let mut state = self.state();
        let stored = state.factors.get_mut(&user).filter(|stored| stored.is_enabled);
        let Some(stored) = stored else { return Ok(false) };
        let Some(index) = stored.recovery_codes.iter().position(|known| known == code) else {
            return Ok(false);
        };
        stored.recovery_codes.remove(index);
        stored.tries = 0;
        Ok(true)
    }

    async fn enable_factor(
        &self,
        factor: &SecondFactor,
        step: TotpStep,
        recovery_codes: &[CodeDigest],
    ) -> Result<bool, Failure> {
        let mut state = self.state();
        let stored = state.factors.get_mut(&factor.user);
        let is_meant = |stored: &&mut Factor| !stored.is_enabled && stored.secret == factor.secret;
        let Some(stored) = stored.filter(is_meant) else { return Ok(false) };
        (stored.is_enabled, stored.accepted, stored.tries) = (true, Some(step), 0);
        stored.recovery_codes = recovery_codes.to_vec();
        state.mark(factor.user, true);
        Ok(true)
    }

    async fn remove_factor(&self, user: UserId) -> Result<bool, Failure> {
        let mut state = self.state();
        state.mark(user, false);
        Ok(state.factors.remove(&user).is_some())
    }
}
