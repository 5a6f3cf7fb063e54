//! What the desk does when a commit was a conflict, or when nobody knows what became of it.

use super::group::{Receipts, Sitting, answer_not_found};
use super::recording::Held;
use super::request::{Refusal, Reply, Request};
use super::shard::{Shard, want};
use super::sharing::Group;
use crate::ports::{Batch, Change, CommitResult, Failure, FailureKind, Locked, Wanted};
use std::sync::Arc;

/// How often a group is tried again before its senders are told that the outcome is unknown.
pub const ATTEMPTS_MAX: usize = 5;

/// What one attempt to settle a group came to.
enum Attempt {
    /// The group is answered; this is what was written, if anything.
    Settled(Option<Change>),
    /// Nobody knows whether this was written.
    Unknown(Change),
    /// Nothing was written.
    Nothing,
}

impl Shard {
    /// Decides a group again under its auction's lock, on a fresh state, and commits it alone.
    ///
    /// `doubt` is what an earlier commit may or may not have written: if it was, its answers stand.
    pub(super) async fn settle(
        &mut self,
        group: Group<'_>,
        mut doubt: Option<Change>,
        requests: &[Request],
        replies: &mut [Reply],
        changes: &mut Vec<Change>,
    ) {
        let mut last = FailureKind::Unavailable;
        for _ in 0..ATTEMPTS_MAX {
            match self.attempt(group, &mut doubt, requests, replies).await {
                Ok(Attempt::Settled(change)) => {
                    changes.extend(change);
                    return;
                }
                Ok(Attempt::Unknown(change)) => doubt = Some(change),
                Ok(Attempt::Nothing) => {}
                Err(failure) => {
                    last = failure.kind;
                    if last != FailureKind::Unavailable {
                        break;
                    }
                }
            }
        }
        self.slots.pop(&group.auction);
        let kind = if doubt.is_some() { FailureKind::Unavailable } else { last };
        for &member in group.members {
            replies[member as usize] = Err(Refusal::Failed(kind));
        }
    }

    async fn attempt(
        &mut self,
        group: Group<'_>,
        doubt: &mut Option<Change>,
        requests: &[Request],
        replies: &mut [Reply],
    ) -> Result<Attempt, Failure> {
        let store = Arc::clone(&self.store);
        // Before the lock: while it is held, nothing else is asked of the store.
        let together = self.together_again(group, requests).await;
        let mut locked = store.lock(group.auction).await?;
        if let Some(change) = doubt.as_ref() {
            if locked.committed(change.batch().commit(), change.entry().before()).await? {
                return Ok(Attempt::Settled(doubt.take()));
            }
            *doubt = None;
        }
        let receipts = self.reload(group, requests, locked.as_mut()).await?;
        let batch = Batch::new(self.commit_id());
        let Some(slot) = self.slots.get_mut(&group.auction) else {
            answer_not_found(group.members, requests, replies);
            return Ok(Attempt::Settled(None));
        };
        if !together.covers(&slot.auction, group.members, requests) {
            // It is in a group, and was not remembered; now it is.
            return Ok(Attempt::Nothing);
        }
        let moves = together.moves(group.auction).map_err(|kind| Failure {
            kind,
            operation: "read where the lots of a group end",
            source: None,
        })?;
        let (people, draft) = (self.people.as_deref(), &mut self.draft);
        let log = &mut Held(locked.as_mut());
        let mut sitting = Sitting { requests, people, log, receipts, draft, batch, replies };
        if !sitting.decide(slot, group.members, moves).await.changed {
            return Ok(Attempt::Settled(None));
        }
        let batch = Arc::new(sitting.batch);
        let change = Change::new(&batch, 0);
        self.is_writing = true;
        let result = locked.commit(&batch).await;
        if !matches!(result, Ok(CommitResult::Committed)) {
            self.slots.pop(&group.auction);
        }
        match (result, change) {
            (Ok(CommitResult::Committed), change) => Ok(Attempt::Settled(change)),
            (Err(failure), Some(change)) if failure.kind == FailureKind::Unavailable => {
                Ok(Attempt::Unknown(change))
            }
            (Err(failure), _) => Err(failure),
            (Ok(CommitResult::Conflict), _) => Ok(Attempt::Nothing),
        }
    }

    /// Reads all that a group needs, under the lock.
    async fn reload(
        &mut self,
        group: Group<'_>,
        requests: &[Request],
        locked: &mut (dyn Locked + '_),
    ) -> Result<Receipts, Failure> {
        // What is remembered was decided on, and is not what is stored.
        self.slots.pop(&group.auction);
        let mut wanted = Wanted { auctions: vec![group.auction], ..Wanted::NOTHING };
        want(&mut wanted, group, requests, |_| true);
        let found = locked.load(&wanted).await?;
        Ok(self.learn(&wanted, found))
    }
}
