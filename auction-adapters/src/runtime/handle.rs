//! Where commands are handed in.

use super::hooks::Hooks;
use super::meters::bids;
use super::queue::{Busy, Queue};
use super::stamps::{Stamp, Stamps};
use async_trait::async_trait;
use auction_core::auction::{Action, Rejection};
use auction_core::ports::FailureKind;
use auction_core::service::desk::{Desk, Refusal, Reply, Request};
use auction_core::{AuctionId, Timestamp};
use metrics::Counter;
use std::fmt;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Where commands are handed in. Clones are cheap and lead to the same desk.
///
/// A command that was handed in is decided, whether or not somebody still waits for the answer.
#[derive(Clone)]
pub struct DeskHandle {
    inner: Arc<Inner>,
}

struct Inner {
    queues: Vec<Arc<Queue>>,
    stamps: Arc<Stamps>,
    hooks: Arc<Hooks>,
    busy: Counter,
}

impl DeskHandle {
    pub(super) fn new(queues: Vec<Arc<Queue>>, stamps: Arc<Stamps>, hooks: Arc<Hooks>) -> Self {
        let busy = bids(Rejection::Busy.code());
        Self { inner: Arc::new(Inner { queues, stamps, hooks, busy }) }
    }

    /// Reads the clock, once, for a command whose request has just been read whole. Until the command is answered
    /// or the stamp is dropped, no auction is closed past this time.
    pub fn stamp(&self) -> Stamp {
        self.inner.stamps.take()
    }

    /// Decides a command and answers when what it changed is durable. Its time is that of the stamp, whatever
    /// the request says.
    ///
    /// It is handed in when the future is first polled; dropping the future afterwards takes nothing back.
    /// [`Rejection::Busy`] comes at once and means that nothing happened: the queue is full, the auction has more
    /// than its share of it, or the desk is being shut down.
    pub async fn submit(&self, stamp: Stamp, mut request: Request) -> Reply {
        request.command.at = stamp.at();
        match self.enqueue(request, Some(stamp)) {
            Ok(answer) => received(answer).await,
            Err(refusal) => Err(refusal),
        }
    }

    /// The time up to which every stamped command has been decided, and before which no stamp is made any more:
    /// that of the oldest undecided stamp, or `now` where there is none. Never later than the clock.
    pub fn settled(&self, now: Timestamp) -> Timestamp {
        self.inner.stamps.settled(now)
    }

    /// Tells the closing worker of a deadline that was not set through the desk, such as that of an auction which
    /// has just been created. Without it the worker learns of it within a second.
    pub fn expect(&self, deadline: Timestamp) {
        self.inner.hooks.expect(deadline);
    }

    /// Forgets all that the desk remembers of auctions, from the next batch on. A host calls it when it finds that the
    /// store has lost commits: a commit that rests on them is refused by the store, but only as long as others have not
    /// brought the auction to the same number of events again.
    pub fn forget(&self) {
        self.inner.hooks.forget();
    }

    fn enqueue(&self, request: Request, stamp: Option<Stamp>) -> Result<oneshot::Receiver<Reply>, Refusal> {
        let queue = &self.inner.queues[shard_of(request.auction, self.inner.queues.len())];
        let is_bid = matches!(request.command.action, Action::Bid(_));
        queue.push(request, stamp).map_err(|Busy| {
            if is_bid {
                self.inner.busy.increment(1);
            }
            Refusal::of_nothing(Rejection::Busy)
        })
    }
}

#[async_trait]
impl Desk for DeskHandle {
    /// The earliest time of the requests is held open until all are answered; it must have been read a moment ago.
    /// Where closing has to wait for a command from the moment it came in, use [`DeskHandle::stamp`] and
    /// [`DeskHandle::submit`].
    async fn submit(&self, requests: Vec<Request>) -> Vec<Reply> {
        let earliest = requests.iter().map(|request| request.command.at).min();
        let _held = earliest.map(|at| self.inner.stamps.hold(at));
        let answers: Vec<_> = requests.into_iter().map(|request| self.enqueue(request, None)).collect();
        let mut replies = Vec::with_capacity(answers.len());
        for answer in answers {
            replies.push(match answer {
                Ok(answer) => received(answer).await,
                Err(refusal) => Err(refusal),
            });
        }
        replies
    }
}

impl fmt::Debug for DeskHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeskHandle").field("shards", &self.inner.queues.len()).finish_non_exhaustive()
    }
}

/// Nobody answers when the desk was given up before it was done.
async fn received(answer: oneshot::Receiver<Reply>) -> Reply {
    answer.await.unwrap_or(Err(Refusal::Failed(FailureKind::Unavailable)))
}

/// Which shard an auction belongs to. Numbers that follow each other, or are issued in steps, are spread evenly:
/// the multiplier is 2^64 divided by the golden ratio.
fn shard_of(auction: AuctionId, shards: usize) -> usize {
    let mixed = auction.number().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    usize::try_from(mixed).unwrap_or(0) % shards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auctions_are_spread_evenly_whatever_the_step_between_their_numbers() {
        for step in [1, 2, 3, 8, 1_000] {
            for shards in [1_usize, 2, 3, 4] {
                let mut counts = vec![0_usize; shards];
                for number in 1..=1_000 {
                    counts[shard_of(AuctionId::new(number * step).unwrap(), shards)] += 1;
                }
                let fair = 1_000 / shards;
                assert!(counts.iter().all(|count| count.abs_diff(fair) < fair / 4), "{step}: {counts:?}");
            }
        }
    }
}
