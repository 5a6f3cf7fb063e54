//! Counting what may be tried only so often.

use super::{AccountLimits, Source};
use crate::identity::{Throttle, ThrottleRule};
use crate::ports::{LimitKey, LimitRule, Limiter};
use crate::time::{Span, Timestamp};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tries of one kind: counted by the limiter of the house, or where that fails in this process alone, from none on.
pub(super) struct Trying {
    limiter: Arc<dyn Limiter>,
    rule: LimitRule,
    here: Mutex<Throttle<LimitKey>>,
}

/// Tries to sign in.
pub(super) struct SigningIn {
    by_account: Trying,
    by_source: Trying,
}

/// Where a try was counted, and has to be taken back.
#[derive(Clone, Copy)]
pub(super) enum Counted {
    ByTheHouse,
    Here,
}

/// A try to sign in that was counted.
pub(super) struct SignInTry {
    account: LimitKey,
    source: LimitKey,
    by_account: Counted,
    by_source: Counted,
}

impl Trying {
    pub(super) fn new(limiter: Arc<dyn Limiter>, rule: ThrottleRule) -> Self {
        let most = u32::try_from(rule.tries_max).unwrap_or(u32::MAX);
        let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
        let here = Mutex::new(Throttle::new(rule));
        Self { limiter, rule: LimitRule::Window { most, length: rule.window }, here }
    }

    /// Counts a try; else for how long it has to wait.
    pub(super) async fn begin(&self, key: &LimitKey, at: Timestamp) -> Result<Counted, Span> {
        match self.limiter.take(key, self.rule, at).await {
            Ok(taken) => taken.retry_after.map_or(Ok(Counted::ByTheHouse), Err),
            Err(_) => self.here().begin(key.clone(), at).map(|()| Counted::Here),
        }
    }

    /// Where the limiter fails, the try stays counted: that is the safe side.
    pub(super) async fn give_back(&self, key: &LimitKey, counted: Counted) {
        match counted {
            Counted::ByTheHouse => drop(self.limiter.give_back(key, self.rule).await),
            Counted::Here => self.here().give_back(key),
        }
    }

    async fn clear(&self, key: &LimitKey) {
        self.here().clear(key);
        drop(self.limiter.clear(key).await);
    }

    /// Counting cannot leave a throttle in a state that makes no sense, so that a panic elsewhere does not matter.
    fn here(&self) -> MutexGuard<'_, Throttle<LimitKey>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SigningIn {
    pub(super) fn new(limiter: &Arc<dyn Limiter>, limits: &AccountLimits) -> Self {
        Self {
            by_account: Trying::new(Arc::clone(limiter), limits.sign_in),
            by_source: Trying::new(Arc::clone(limiter), limits.sign_in_source),
        }
    }

    /// Counts a try to sign in to an account from a source; else for how long it has to wait.
    pub(super) async fn begin(
        &self,
        account: String,
        source: Source,
        at: Timestamp,
    ) -> Result<SignInTry, Span> {
        let account = LimitKey::SignIns { account, source: source.address() };
        let source = LimitKey::SignInsFrom(source.address());
        let by_source = self.by_source.begin(&source, at).await?;
        match self.by_account.begin(&account, at).await {
            Ok(by_account) => Ok(SignInTry { account, source, by_account, by_source }),
            Err(wait) => {
                self.by_source.give_back(&source, by_source).await;
                Err(wait)
            }
        }
    }

    /// The password was not looked at.
    pub(super) async fn give_back(&self, tried: SignInTry) {
        self.by_source.give_back(&tried.source, tried.by_source).await;
        self.by_account.give_back(&tried.account, tried.by_account).await;
    }

    /// The password was right. Of the source only this try is taken back: its other tries were for other accounts.
    pub(super) async fn clear(&self, tried: SignInTry) {
        self.by_source.give_back(&tried.source, tried.by_source).await;
        self.by_account.clear(&tried.account).await;
    }
}
