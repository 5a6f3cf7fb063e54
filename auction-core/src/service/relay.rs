//! Turns committed events into notices.

mod noted;
mod planning;
mod rounds;
mod scan;

use super::{Nudge, Wake, lock};
use crate::id::AuctionId;
use crate::notify::{Channels, LeadTimes, NewNotice, Notice, Round};
use crate::ports::{AuctionStore, CatalogStore, Clock, Entropy, Failure, NoticeListener, RelayStore, Roll};
use crate::time::{Span, Timestamp};
use noted::Noted;
use scan::{Recent, Scan};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How long a relay rests at least after it had something to do, so that what happens in quick succession to one
/// person is told once. It rests as long as it worked where that is longer: half of a core is the most that it takes.
pub const RELAY_PAUSE: Span = Span::from_millis(250);

/// How many auctions that were noted are remembered; above that all are looked through.
pub const NOTED_MAX: usize = 100_000;

/// At how many auctions a tick looks.
pub const AUCTIONS_PER_TICK_MAX: usize = 256;

/// How many events a tick reads.
pub const EVENTS_PER_TICK_MAX: usize = 10_000;

/// How many plans are written in one transaction.
pub const PLANS_PER_WRITE_MAX: usize = 64;

/// How many rounds are called at the same time.
pub const ROUNDS_MAX: usize = 16;

/// How many people of an audience are told in one transaction.
pub const ROUND_PAGE_MAX: usize = 500;

/// How many pages of rounds a tick writes.
pub const PAGES_PER_TICK_MAX: usize = 8;

/// How long a round is held, and by how much longer with each page; a relay that dies gives it back after this time.
pub const ROUND_LEASE: Span = Span::from_secs(5);

/// How many pages of auctions a tick looks through where it is in a hurry.
pub const SCAN_PAGES_PER_TICK_MAX: usize = 8;

/// How long it waits between two pages where it is not.
pub const SCAN_PAUSE: Span = Span::from_secs(5);

/// How often it looks for auctions that were created since.
pub const NEWEST_PAUSE: Span = Span::from_secs(1);

/// How often it looks at what other processes wrote lately.
pub const RECENT_PAUSE: Span = Span::from_secs(2);

/// What is younger is left to whoever wrote it.
pub const RECENT_SPARED: Span = Span::from_secs(1);

/// How much longer ago than the last look things may have been stamped that were written since.
pub const RECENT_OVERLAP: Span = Span::from_secs(10);

/// What stands behind a [`Relay`].
#[derive(Clone)]
pub struct RelayParts {
    /// Where it is kept how far auctions are planned.
    pub store: Arc<dyn RelayStore>,
    /// Where the events are.
    pub auctions: Arc<dyn AuctionStore>,
    /// What the lots are called.
    pub catalog: Arc<dyn CatalogStore>,
    /// Which auctions there are, and who takes part.
    pub roll: Arc<dyn Roll>,
    /// Who is told at once.
    pub listener: Arc<dyn NoticeListener>,
    /// Chance that nobody can guess.
    pub entropy: Arc<dyn Entropy>,
    /// The time of the house: it tells how long a tick took.
    pub clock: Arc<dyn Clock>,
    /// Wakes the [`Courier`](super::courier::Courier).
    pub mail_waits: Nudge,
    /// How long before people are reminded.
    pub lead_times: LeadTimes,
}

/// Turns committed events into notices, from each auction's own position. There is no leader: every node may run one.
///
/// Bids never wait for it. It learns of changes by [`note`](Relay::note); where other processes write, too, it looks
/// every [`RECENT_PAUSE`] at what they did and did not plan; and it looks through all auctions when it starts and slowly
/// ever after, so that nothing is missed.
pub struct Relay {
    parts: RelayParts,
    noted: Mutex<Noted>,
    state: Mutex<State>,
}

/// What a relay remembers from tick to tick; it can be lost.
struct State {
    /// It does nothing before.
    rests_until: Timestamp,
    scan: Scan,
    recent: Recent,
    /// Rounds that it holds and has not called to their end.
    held: Vec<Round>,
}

impl Relay {
    /// Joins the parts. The first ticks look through all auctions.
    pub fn new(parts: RelayParts) -> Self {
        let state = State {
            rests_until: Timestamp::EPOCH,
            scan: Scan::HURRIED,
            recent: Recent::NOTHING,
            held: Vec::new(),
        };
        Self { parts, noted: Mutex::new(Noted::default()), state: Mutex::new(state) }
    }

    /// An auction has changed. Cheap, and never waits; `true` where the relay has to be woken, since nothing was noted
    /// before.
    pub fn note(&self, auction: AuctionId) -> bool {
        lock(&self.noted).add(auction)
    }

    /// Does a portion of what there is to do, and answers when it wants to be called again.
    ///
    /// # Errors
    /// A [`Failure`] of a store. What was not done is done in a later tick.
    pub async fn tick(&self, now: Timestamp) -> Result<Wake, Failure> {
        let rests_until = lock(&self.state).rests_until;
        if now < rests_until {
            return Ok(Wake::At(rests_until));
        }
        // What fails in one of them does not keep the others from going on.
        let called = self.call_rounds(now).await;
        let scanned = self.look_through(now).await;
        let looked = self.look_at_recent(now).await;
        let planned = self.plan_noted(now).await;
        let is_busy = called? | scanned? | looked? | planned?;
        self.rest(now, is_busy).await
    }

    /// When to go on.
    async fn rest(&self, began_at: Timestamp, is_busy: bool) -> Result<Wake, Failure> {
        let now = self.parts.clock.now().max(began_at);
        if is_busy {
            let until = now.after(now.since(began_at).max(RELAY_PAUSE));
            lock(&self.state).rests_until = until;
            return Ok(Wake::At(until));
        }
        let next_round = self.parts.store.next_round().await?.unwrap_or(Timestamp::MAX);
        let next_look = {
            let state = lock(&self.state);
            state.scan.due_at().min(state.recent.due_at())
        };
        Ok(Wake::At(next_round.min(next_look).max(now)))
    }

    /// Leaves to each notice the channels that its user wants, and drops those with none.
    async fn choose_channels(&self, notices: &mut Vec<NewNotice>) -> Result<(), Failure> {
        if notices.is_empty() {
            return Ok(());
        }
        let mut users: Vec<_> = notices.iter().map(|notice| notice.user).collect();
        users.sort_unstable();
        users.dedup();
        let preferences = self.parts.store.preferences(&users).await?;
        let preferences: BTreeMap<_, _> = users.into_iter().zip(preferences).collect();
        notices.retain_mut(|notice| {
            if let Some(preferences) = preferences.get(&notice.user) {
                notice.channels = preferences.channels(notice.kind);
            }
            let Channels { mail, in_app } = notice.channels;
            mail || in_app
        });
        Ok(())
    }

    /// Passes on what was written.
    fn announce(&self, planned: &[NewNotice], written: &[Notice]) {
        if !written.is_empty() {
            self.parts.listener.noticed(written);
        }
        if planned.iter().any(|notice| notice.channels.mail) {
            (self.parts.mail_waits)();
        }
    }

    /// With which something is claimed.
    fn token(&self) -> u64 {
        super::random(&*self.parts.entropy)
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(feature = "memory")]
#[path = "relay_tests.rs"]
mod tests;
