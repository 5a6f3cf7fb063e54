//! What waits for a shard.

use super::stamps::Stamp;
use auction_core::AuctionId;
use auction_core::auction::Actor;
use auction_core::service::desk::{REQUESTS_MAX, Reply, Request};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, oneshot};

/// How many empty lanes are kept to be used again.
const SPARE_LANES_MAX: usize = 1_024;

/// The most room that a lane which is kept may have, in requests.
const SPARE_ROOM_MAX: usize = 64;

/// A request, and who waits for its answer. The stamp is open as long as it waits.
struct Waiting {
    request: Request,
    stamp: Option<Stamp>,
    reply: oneshot::Sender<Reply>,
}

/// A queue with a lane for each auction: lanes take turns, so that no auction waits for another one's crowd.
///
/// It holds at most `requests_max` requests, and at most half as many for one auction; what is over that is
/// refused at once. Commands of the house itself are always taken: its workers wait for the answers, so that
/// there are never more of them than they claim at once.
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Notify,
    requests_max: usize,
}

#[derive(Default)]
struct State {
    lanes: FxHashMap<AuctionId, VecDeque<Waiting>>,
    /// Whose turn it is; every auction that has a lane stands in it once.
    turns: VecDeque<AuctionId>,
    length: usize,
    is_closed: bool,
    spare: Vec<VecDeque<Waiting>>,
}

/// The next batch, as lists of equal length.
#[derive(Default)]
pub(super) struct Portion {
    pub(super) requests: Vec<Request>,
    pub(super) stamps: Vec<Option<Stamp>>,
    pub(super) replies: Vec<oneshot::Sender<Reply>>,
    /// How many were left.
    pub(super) left: usize,
}

/// There is no room, or the desk is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy;

impl Queue {
    pub(super) fn new(requests_max: usize) -> Self {
        Self { state: Mutex::default(), changed: Notify::new(), requests_max }
    }

    /// Puts a request at the end of its auction's lane, and answers where its answer will be.
    pub(super) fn push(
        &self,
        request: Request,
        stamp: Option<Stamp>,
    ) -> Result<oneshot::Receiver<Reply>, Busy> {
        let mut state = self.lock();
        let answer = state.push(request, stamp, self.requests_max)?;
        let is_first = state.length == 1;
        drop(state);
        if is_first {
            self.changed.notify_one();
        }
        Ok(answer)
    }

    /// Waits until there is something, and takes the next batch: everything, or [`REQUESTS_MAX`] with an equal
    /// share for each auction. `None` when the queue is closed and empty.
    pub(super) async fn take(&self, portion: &mut Portion) -> Option<()> {
        loop {
            {
                let mut state = self.lock();
                if state.length > 0 {
                    state.take(portion);
                    return Some(());
                }
                if state.is_closed {
                    return None;
                }
            }
            self.changed.notified().await;
        }
    }

    /// Takes nothing more; what waits is still served.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_one();
    }

    /// Drops everything that waits: its senders learn that nobody answers.
    pub(super) fn clear(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        let lanes = std::mem::take(&mut state.lanes);
        state.turns.clear();
        state.length = 0;
        drop(state);
        drop(lanes);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn push(
        &mut self,
        request: Request,
        stamp: Option<Stamp>,
        requests_max: usize,
    ) -> Result<oneshot::Receiver<Reply>, Busy> {
        let auction = request.auction;
        if self.is_closed {
            return Err(Busy);
        }
        let lane = self.lanes.get_mut(&auction);
        if request.command.by != Actor::System {
            let queued = lane.as_ref().map_or(0, |lane| lane.len());
            if self.length >= requests_max || queued >= requests_max.div_ceil(2) {
                return Err(Busy);
            }
        }
        // Only now: a refusal costs next to nothing.
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting { request, stamp, reply };
        match lane {
            Some(lane) => lane.push_back(waiting),
            None => {
                let mut lane = self.spare.pop().unwrap_or_default();
                lane.push_back(waiting);
                self.lanes.insert(auction, lane);
                self.turns.push_back(auction);
            }
        }
        self.length += 1;
        Ok(answer)
    }

    fn take(&mut self, portion: &mut Portion) {
        let mut room = REQUESTS_MAX.get();
        while room > 0 && !self.turns.is_empty() {
            // What the small lanes leave of their shares goes round again.
            let share = (room / self.turns.len()).max(1);
            for _ in 0..self.turns.len().min(room) {
                room -= self.serve_next(share.min(room), portion);
            }
        }
        portion.left = self.length;
    }

    /// Takes up to `share` requests of the auction whose turn it is, and answers how many.
    fn serve_next(&mut self, share: usize, portion: &mut Portion) -> usize {
        let Some(auction) = self.turns.pop_front() else { return 0 };
        let Some(lane) = self.lanes.get_mut(&auction) else { return 0 };
        let count = share.min(lane.len());
        for Waiting { request, stamp, reply } in lane.drain(..count) {
            portion.requests.push(request);
            portion.stamps.push(stamp);
            portion.replies.push(reply);
        }
        self.length -= count;
        if !lane.is_empty() {
            self.turns.push_back(auction);
        } else if let Some(lane) = self.lanes.remove(&auction)
            && lane.capacity() <= SPARE_ROOM_MAX
            && self.spare.len() < SPARE_LANES_MAX
        {
            self.spare.push(lane);
        }
        count
    }
}
