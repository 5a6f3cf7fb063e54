//! How often something may be done.

use crate::UserId;
use crate::ports::Failure;
use crate::time::{Span, Timestamp};
use async_trait::async_trait;
use std::net::IpAddr;
use std::num::NonZeroU32;

/// Counts what may be done only so often, for all who share it.
///
/// # Contract
/// - Of each key no more is allowed than its rule says, also of many calls at once. What is refused is not counted.
/// - Keys know nothing of each other.
/// - What was [given back](Self::give_back) was never taken, and a [cleared](Self::clear) key is a new one.
/// - Time is what callers say it is. It may go back as far as the clocks of those who share the limiter disagree.
/// - A key is always asked for under one rule; the counts of a key whose rule changes may begin anew.
/// - It answers or fails soon: callers wait for it before they do anything else, so that an implementation bounds how
///   long it waits for others.
/// - How many keys are remembered is bounded, and the implementation says which are given up. Nothing has to be
///   durable.
///
/// # Where it fails
/// What a failure means is up to the caller: calls are let through, since a house that cannot count should stay open,
/// while tries to sign in are counted by each process for itself. An implementation that can fail has its failures
/// logged; callers do not.
///
/// # Bids
/// Bids are not counted here but in each process for itself, by `MemoryLimiter::count`, which never waits: nothing
/// should come between a bid and the desk. Whoever bids through several nodes is allowed as many on each.
#[async_trait]
pub trait Limiter: Send + Sync {
    /// Counts one more, where the rule allows it.
    ///
    /// # Errors
    /// A [`Failure`]; it may have been counted or not.
    async fn take(&self, key: &LimitKey, rule: LimitRule, at: Timestamp) -> Result<Taken, Failure>;

    /// Takes back the last one that was allowed: it was not carried out. Nothing happens where none is counted.
    ///
    /// # Errors
    /// A [`Failure`]; it may have been taken back or not.
    async fn give_back(&self, key: &LimitKey, rule: LimitRule) -> Result<(), Failure>;

    /// Forgets all that is counted of a key.
    ///
    /// # Errors
    /// A [`Failure`]; it may be forgotten or not.
    async fn clear(&self, key: &LimitKey) -> Result<(), Failure>;
}

/// What is counted, and of whom. Sources are addresses, or the first 64 bits of those of IPv6; people who are not
/// known by number stand there under what they are found by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKey {
    /// Calls from a source that has not signed in.
    CallsFrom(IpAddr),
    /// Calls of a user.
    CallsOf(UserId),
    /// Bids of a user.
    BidsOf(UserId),
    /// Tries to sign in to one account from one source.
    SignIns {
        /// The key of its address or name.
        account: String,
        /// From where; `None` where that is not known.
        source: Option<IpAddr>,
    },
    /// Tries to sign in from a source, whatever the account; `None` where it is not known.
    SignInsFrom(Option<IpAddr>),
    /// Mails to one address that anybody can ask for: the key of the address.
    MailsTo(String),
}

/// How often something may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitRule {
    /// A bucket that is full in the beginning and fills evenly: all of it may be taken at once, and later as much as
    /// has come in since. It fills by at most one a microsecond.
    Bucket {
        /// How many it holds.
        most: NonZeroU32,
        /// In how much time it fills.
        per: Span,
    },
    /// No stretch of time of this length has more than so many.
    Window {
        /// How many.
        most: NonZeroU32,
        /// How long the stretch is.
        length: Span,
    },
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How many are left.
    pub remaining: u32,
    /// After how long all of them are there again, if nobody asks.
    pub full_after: Span,
    /// `None` where it is allowed; else after how long one is there again.
    pub retry_after: Option<Span>,
}

impl LimitRule {
    /// How many are allowed at once.
    pub const fn most(self) -> NonZeroU32 {
        match self {
            Self::Bucket { most, .. } | Self::Window { most, .. } => most,
        }
    }
}

impl Taken {
    /// Whether it may be done.
    pub const fn is_allowed(&self) -> bool {
        self.retry_after.is_none()
    }
}
