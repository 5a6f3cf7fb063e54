//! Sends mails that wait.

mod preparing;
mod settling;

use super::side_by_side::side_by_side;
use super::{Wake, lock};
use crate::identity::SealKey;
use crate::notify::{MailEnd, MailId, OutgoingMail};
use crate::ports::{
    AuctionStore, Clock, Directory, Entropy, Failure, Mailer, OutboxStore, RowClaim, Unsent, UnsentKind,
};
use crate::time::{Span, Timestamp};
use preparing::{Prepared, Ready};
use std::sync::{Arc, Mutex};

/// How long after a mail was not taken for the first time it is tried again. It doubles with each try.
pub const RETRY_AFTER_MIN: Span = Span::from_secs(30);

/// How long between two tries at most, besides chance of a quarter more.
pub const RETRY_AFTER_MAX: Span = Span::from_secs(60 * 60);

/// How long after it was written a mail is tried again, and longer until it was tried [`TRIES_MIN`] times.
pub const GIVE_UP_AFTER: Span = Span::from_secs(3 * 24 * 60 * 60);

/// How often a mail is tried at least: what was written before a long downtime is not given up at once.
pub const TRIES_MIN: u32 = 5;

/// How long the courier rests when no mail can be sent at all. It doubles each time.
pub const DOWN_REST_MIN: Span = Span::from_secs(1);

/// How long it rests at most when no mail can be sent at all.
pub const DOWN_REST_MAX: Span = Span::from_secs(60);

/// What stands behind a [`Courier`].
#[derive(Clone)]
pub struct CourierParts {
    /// Where mails wait.
    pub outbox: Arc<dyn OutboxStore>,
    /// The auctions that notices are about.
    pub auctions: Arc<dyn AuctionStore>,
    /// Whom to write to.
    pub directory: Arc<dyn Directory>,
    /// How mail leaves the house.
    pub mailer: Arc<dyn Mailer>,
    /// Chance that nobody can guess.
    pub entropy: Arc<dyn Entropy>,
    /// The time of the house: it tells how long sending took.
    pub clock: Arc<dyn Clock>,
    /// The key with which mails are sealed while they wait.
    pub seal_key: Arc<SealKey>,
    /// The address of the site that links lead to.
    pub site_url: Arc<str>,
    /// How it works.
    pub settings: Settings,
}

/// How a [`Courier`] works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// For how long it holds the mails that it works on; a node that dies gives them back after this time. It begins
    /// none after half of it, so that a mailer whose tries are over within the other half never sends twice.
    pub lease: Span,
    /// How many mails it takes at once.
    pub mails_max: usize,
    /// How many it hands over side by side.
    pub at_once_max: usize,
    /// How long it rests after it took as many as it takes at once.
    pub pause: Span,
}

impl Default for Settings {
    /// Seven minutes, 200 mails, 8 at once, a second: at most 200 mails a second. Half of the lease is the three minutes
    /// that a try over SMTP takes at most, and half a minute to write down what became of it.
    fn default() -> Self {
        Self { lease: Span::from_secs(7 * 60), mails_max: 200, at_once_max: 8, pause: Span::from_secs(1) }
    }
}

/// Sends mails that wait, those of notices only while they still matter. There is no leader: every node may run one.
///
/// The mail of a notice arrives at least once: it is sent again where nobody knows whether it was. One that holds a
/// secret arrives at most once.
pub struct Courier {
    parts: CourierParts,
    state: Mutex<State>,
}

/// What a courier remembers from tick to tick; it can be lost.
#[derive(Default)]
struct State {
    /// It does nothing before.
    rests_until: Option<Timestamp>,
    /// How often in a row no mail could be sent at all.
    downs: u32,
    /// What became of mails, where it could not be written.
    unsettled: Option<Ends>,
}

/// What became of mails that were claimed with a token.
struct Ends {
    token: u64,
    ends: Vec<(MailId, MailEnd)>,
}

/// What came of a try.
type Tried = (Ready, Result<(), Unsent>);

impl Courier {
    /// Joins the parts.
    pub fn new(parts: CourierParts) -> Self {
        Self { parts, state: Mutex::new(State::default()) }
    }

    /// Sends a portion of what is due, and answers when it wants to be called again.
    ///
    /// # Errors
    /// A [`Failure`] of a store. What was not sent is sent in a later tick.
    pub async fn tick(&self, now: Timestamp) -> Result<Wake, Failure> {
        let (rests_until, downs) = {
            let state = lock(&self.state);
            (state.rests_until, state.downs)
        };
        if let Some(until) = rests_until.filter(|until| now < *until) {
            return Ok(Wake::At(until));
        }
        self.settle_again().await?;
        // One mail shows whether they are taken again.
        let rows_max = if downs > 0 { 1 } else { self.parts.settings.mails_max };
        let token = super::random(&*self.parts.entropy);
        let claim = RowClaim { now, lease: self.parts.settings.lease, token, rows_max };
        let claimed = self.parts.outbox.claim_mails(&claim).await?;
        let is_full = claimed.len() >= rows_max;
        let has_sent = self.deliver(&claim, claimed).await;
        self.next(now, is_full).await.and_then(|wake| has_sent.map(|()| wake))
    }

    /// Sends what was claimed, as far as it still matters, and writes down what became of it.
    async fn deliver(&self, claim: &RowClaim, claimed: Vec<OutgoingMail>) -> Result<(), Failure> {
        if claimed.is_empty() {
            return Ok(());
        }
        let Prepared { ready, mut ends, failure } = self.prepare(claimed, claim.now).await;
        let (tried, left) = self.send(ready, claim.now).await;
        let now = self.parts.clock.now().max(claim.now);
        ends.extend(tried.iter().map(|(ready, sent)| (ready.id, self.end(ready, sent, now))));
        ends.extend(left.iter().map(|ready| (ready.id, MailEnd::Untried { due_at: now })));
        self.rest_after(&tried, now);
        self.settle(Ends { token: claim.token, ends }).await?;
        failure.map_or(Ok(()), Err)
    }

    /// Hands mails over, some side by side. Those that were not begun, since nothing is sent at present or it took too
    /// long, are answered besides.
    async fn send(&self, ready: Vec<Ready>, began_at: Timestamp) -> (Vec<Tried>, Vec<Ready>) {
        let half =
            Span::from_millis(u32::try_from(self.parts.settings.lease.micros() / 2_000).unwrap_or(u32::MAX));
        let begin_until = began_at.after(half);
        let mut waiting = ready.into_iter();
        let tried = side_by_side(self.parts.settings.at_once_max, |tried: &[Tried]| {
            let is_down = tried.iter().any(|(_, sent)| is_down(sent));
            if is_down || self.parts.clock.now() > begin_until {
                return None;
            }
            waiting.next().map(|ready| async {
                let sent = self.parts.mailer.send(&ready.mail).await;
                (ready, sent)
            })
        })
        .await;
        (tried, waiting.collect())
    }

    /// Rests where nothing is sent at present, longer each time.
    fn rest_after(&self, tried: &[Tried], now: Timestamp) {
        let mut state = lock(&self.state);
        if tried.iter().any(|(_, sent)| is_down(sent)) {
            let rest = super::doubled(DOWN_REST_MIN, state.downs, DOWN_REST_MAX);
            state.downs = state.downs.saturating_add(1);
            state.rests_until = Some(now.after(rest));
        } else if !tried.is_empty() {
            state.downs = 0;
        }
    }

    /// When to go on.
    async fn next(&self, now: Timestamp, is_full: bool) -> Result<Wake, Failure> {
        let rests_until = {
            let mut state = lock(&self.state);
            if is_full && state.downs == 0 {
                state.rests_until = Some(now.after(self.parts.settings.pause));
            }
            state.rests_until
        };
        if let Some(until) = rests_until.filter(|until| now < *until) {
            return Ok(Wake::At(until));
        }
        Ok(self.parts.outbox.next_mail().await?.map_or(Wake::Idle, Wake::At))
    }
}

fn is_down(sent: &Result<(), Unsent>) -> bool {
    matches!(sent, Err(Unsent { kind: UnsentKind::Down, .. }))
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(feature = "memory")]
#[path = "courier_tests.rs"]
mod tests;
