//! The store.

use super::failure::{failure, refused};
use super::live::Live;
use super::locks::{Held, Locks};
use super::members;
use super::overlay::{Page, Partial};
use super::writer::{Job, Reply, Write};
use async_trait::async_trait;
use auction_core::auction::{Auction, Recorded};
use auction_core::ports::{
    AuctionStore, Batch, Claim, CommitId, CommitResult, Failure, FailureKind, Found, Locked,
    MEMBERS_PAGE_MAX, MembersQuery, NewAuction, Timetable, Wanted,
};
use auction_core::{AuctionId, Timestamp};
use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqlitePool};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// How often a read is repeated because the tables went on while it ran.
const READS_MAX: usize = 100;

/// Auctions in one SQLite file.
///
/// The process that opens it is the only one that writes: a lock beside the database says so. Handles are cheap to
/// clone. When the last one is dropped the store ends, as if the process had died; [`SqliteStore::close`] ends it
/// in good order, which only spares the next one who opens it some work.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pub(super) jobs: mpsc::Sender<Job>,
    pub(super) readers: SqlitePool,
    pub(super) live: Arc<Live>,
    pub(super) locks: Arc<Locks>,
}

impl SqliteStore {
    /// Brings everything into the tables and ends the store; other handles fail from then on.
    ///
    /// # Errors
    /// A [`Failure`]; nothing that was committed is lost then, and the store has ended nevertheless.
    pub async fn close(self) -> Result<(), Failure> {
        self.readers.close().await;
        self.ask("close", Job::Close).await
    }

    /// Waits until the tables have everything that was committed before this was called.
    pub(super) async fn projected(&self) -> Result<(), Failure> {
        if self.live.read().tail.is_empty() {
            return Ok(());
        }
        self.ask("wait for the tables", Job::Project).await
    }

    /// Waits for the tables as well; whether they lack something nevertheless, since nothing can be written now, on a
    /// full disk for example.
    pub(super) async fn is_behind(&self) -> Result<bool, Failure> {
        match self.projected().await {
            Ok(()) => Ok(false),
            Err(failure) if failure.kind == FailureKind::Unavailable => Ok(true),
            Err(failure) => Err(failure),
        }
    }

    /// A connection that reads.
    pub(super) async fn reader(&self, operation: &'static str) -> Result<PoolConnection<Sqlite>, Failure> {
        self.readers.acquire().await.map_err(|error| failure(operation, error))
    }

    /// Asks the writer for something and waits for the answer. Who walks away leaves it to be done.
    pub(super) async fn ask<T>(
        &self,
        operation: &'static str,
        job: impl FnOnce(Reply<T>) -> Job,
    ) -> Result<T, Failure> {
        let gone = || refused(FailureKind::Unavailable, operation, "the store was closed");
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    async fn read(&self, wanted: &Wanted) -> Result<Found, Failure> {
        for _ in 0..READS_MAX {
            let partial = Partial::of(&self.live.read().tail, wanted);
            if partial.is_whole() {
                return partial.complete(None, wanted).await;
            }
            let as_of = partial.as_of;
            let mut connection = self.reader("load").await?;
            let found = partial.complete(Some(&mut connection), wanted).await?;
            // Tables that show nothing that the tail did not know: one view of one moment.
            if self.live.read().tail.announced() <= as_of {
                return Ok(found);
            }
        }
        Err(refused(FailureKind::Unavailable, "load", "the tables never stood still"))
    }
}

#[async_trait]
impl AuctionStore for SqliteStore {
    fn is_exclusive(&self) -> bool {
        true
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        let new = new.clone();
        self.ask("create auction", |reply| Job::Write(Write::Create { new, reply })).await
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        self.read(wanted).await
    }

    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure> {
        // What is not in the tables is read first, so that nothing is missed between the two.
        let recent: BTreeMap<AuctionId, bool> =
            self.live.read().tail.auctions().map(|lot| (lot.id(), query.holds(lot))).collect();
        let mut connection = self.reader("read which lots close together").await?;
        // Some of these may be in another group by now.
        let mut found = members::members(&mut connection, query, MEMBERS_PAGE_MAX + recent.len()).await?;
        found.retain(|lot| !recent.contains_key(lot));
        found.extend(recent.iter().filter(|(_, is_member)| **is_member).map(|(lot, _)| *lot));
        found.sort_unstable();
        found.truncate(MEMBERS_PAGE_MAX);
        Ok(found)
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        let batch = Arc::clone(batch);
        self.ask("commit", |reply| Job::Write(Write::Commit { batch, held: None, reply })).await
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        let held = self.locks.hold(auction).await;
        // What the writer had begun before is settled first.
        self.ask("lock auction", Job::Pass).await?;
        Ok(Box::new(LockedAuction { store: self, auction, held }))
    }

    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        let page = Page::new(auction, after_revision, events_max);
        let (recent, is_whole) = page.recent(&self.live.read().tail);
        if is_whole {
            return Ok(recent);
        }
        let mut connection = self.reader("load history").await?;
        page.complete(&mut connection, recent).await
    }
}

#[async_trait]
impl Timetable for SqliteStore {
    async fn claim(&self, claim: &Claim) -> Result<Vec<AuctionId>, Failure> {
        Ok(self.live.write().deadlines.claim(claim))
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.live.read().deadlines.next_due())
    }
}

/// A locked auction.
struct LockedAuction<'a> {
    store: &'a SqliteStore,
    auction: AuctionId,
    held: Held,
}

#[async_trait]
impl Locked for LockedAuction<'_> {
    async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        self.store.read(wanted).await
    }

    async fn committed(&mut self, commit: CommitId, after_revision: u64) -> Result<bool, Failure> {
        let ask = |reply| Job::Committed { auction: self.auction, commit, after_revision, reply };
        self.store.ask("find a commit", ask).await
    }

    async fn history(&mut self, after_revision: u64, events_max: usize) -> Result<Vec<Recorded>, Failure> {
        self.store.history(self.auction, after_revision, events_max).await
    }

    async fn commit(self: Box<Self>, batch: &Arc<Batch>) -> Result<CommitResult, Failure> {
        const OPERATION: &str = "commit under a lock";
        let Self { store, auction, held } = *self;
        let wrong =
            || refused(FailureKind::Other, OPERATION, "the batch is not for the locked auction alone");
        match batch.entries() {
            [entry] if entry.auction().id() == auction => {}
            _ => return Err(wrong()),
        }
        let batch = Arc::clone(batch);
        let write = |reply| Job::Write(Write::Commit { batch, held: Some(held), reply });
        store.ask(OPERATION, write).await?.first().copied().ok_or_else(wrong)
    }
}
