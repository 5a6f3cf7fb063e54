//! The store.

use super::columns::signed;
use super::commit::{self, Columns};
use super::database::PostgresDatabase;
use super::failure::{corrupt, failure, refused};
use super::load;
use super::members;
use super::session::{Session, in_time};
use async_trait::async_trait;
use auction_core::auction::{Auction, Event, Recorded};
use auction_core::ports::{
    AuctionStore, Batch, CommitId, CommitResult, Failure, FailureKind, Found, Locked, MEMBERS_PAGE_MAX,
    MembersQuery, NewAuction, Wanted,
};
use auction_core::{AUCTION_ID_MAX, AuctionId};
use metrics::{Counter, counter};
use sqlx::Row as _;
use std::sync::Arc;

/// Auctions in Postgres, which any number of nodes write.
///
/// A commit is one statement and one transaction. Every call is bounded in time: a database that does not answer is
/// unavailable, and the connection is given up.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    pub(super) database: PostgresDatabase,
    meters: Meters,
}

/// What became of the auctions of batches.
#[derive(Clone)]
struct Meters {
    commits: Counter,
    conflicts: Counter,
}

impl PostgresStore {
    /// The auctions of a database. A recorder of metrics has to be installed before.
    pub fn new(database: &PostgresDatabase) -> Self {
        let meters = Meters {
            commits: counter!("auction_postgres_commits_total"),
            conflicts: counter!("auction_postgres_conflicts_total"),
        };
        Self { database: database.clone(), meters }
    }

    async fn session(&self, operation: &'static str) -> Result<Session, Failure> {
        Session::take(&self.database.bids, operation).await
    }

    /// Runs one call, in time.
    pub(super) async fn call<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        in_time(&self.database.options, operation, call).await
    }

    async fn write(&self, batch: &Batch) -> Result<Vec<CommitResult>, Failure> {
        const OPERATION: &str = "commit";
        let columns = Columns::of(batch)?;
        let mut session = self.session(OPERATION).await?;
        session.begin_where_needed().await.map_err(|error| failure(OPERATION, error))?;
        let results = columns.write(&mut session, batch).await?;
        session.commit().await.map_err(|error| failure(OPERATION, error))?;
        self.count(&results);
        Ok(results)
    }

    fn count(&self, results: &[CommitResult]) {
        self.meters.commits.increment(1);
        let conflicts = results.iter().filter(|result| **result == CommitResult::Conflict).count();
        self.meters.conflicts.increment(conflicts as u64);
    }

    async fn write_new(&self, new: &NewAuction) -> Result<Auction, Failure> {
        const OPERATION: &str = "create auction";
        let failed = |error| failure(OPERATION, error);
        let mut session = self.session(OPERATION).await?;
        session.begin().await.map_err(failed)?;
        // Whoever creates next waits: numbers are committed in their order, and none is given twice.
        let sql = "UPDATE counters SET last = last + 1 WHERE name = 'auction' RETURNING last";
        let row = sqlx::query(sql).fetch_one(&mut session).await.map_err(failed)?;
        let last: i64 = row.try_get("last").map_err(failed)?;
        let id = u64::try_from(last).ok().filter(|last| *last <= AUCTION_ID_MAX);
        let id = id.and_then(|last| AuctionId::new(last).ok());
        let none_left = || refused(FailureKind::Other, OPERATION, "there are no more numbers");
        let id = id.ok_or_else(none_left)?;
        let event = Event::Created { charter: Arc::clone(&new.charter), draft: new.draft };
        let first = Recorded { revision: 1, version: 0, at: new.at, event };
        let wrong = || corrupt(OPERATION, ("events", "kind"), id, "it is no creation");
        let auction = Auction::created(id, &first).ok_or_else(wrong)?;
        commit::create(&mut session, new, &auction, &first.event).await?;
        session.commit().await.map_err(failed)?;
        Ok(auction)
    }

    async fn read(&self, wanted: &Wanted) -> Result<Found, Failure> {
        const OPERATION: &str = "load";
        let mut session = self.session(OPERATION).await?;
        session.begin_where_needed().await.map_err(|error| failure(OPERATION, error))?;
        load::load(&mut session, wanted).await
    }

    async fn hold(&self, auction: AuctionId) -> Result<Session, Failure> {
        const OPERATION: &str = "lock auction";
        let failed = |error| failure(OPERATION, error);
        let mut session = self.session(OPERATION).await?;
        // Begun and locked on one way to the server and back: others wait for this one.
        let number = signed(auction.number());
        let lock = format!("SELECT id FROM auctions WHERE id = {number} FOR NO KEY UPDATE");
        session.begin_with(&lock).await.map_err(failed)?;
        Ok(session)
    }
}

#[async_trait]
impl AuctionStore for PostgresStore {
    fn is_exclusive(&self) -> bool {
        false
    }

    async fn create(&self, new: &NewAuction) -> Result<Auction, Failure> {
        self.call("create auction", self.write_new(new)).await
    }

    async fn load(&self, wanted: &Wanted) -> Result<Found, Failure> {
        self.call("load", self.read(wanted)).await
    }

    async fn versions(&self, auctions: &[AuctionId]) -> Result<Vec<Option<u64>>, Failure> {
        const OPERATION: &str = "compare versions";
        self.call(OPERATION, async {
            let mut view = self.database.readers().take(OPERATION).await?;
            load::versions(&mut view, auctions).await
        })
        .await
    }

    async fn members(&self, query: &MembersQuery) -> Result<Vec<AuctionId>, Failure> {
        const OPERATION: &str = "read which lots close together";
        self.call(OPERATION, async {
            let mut session = self.session(OPERATION).await?;
            session.begin_where_needed().await.map_err(|error| failure(OPERATION, error))?;
            members::members(&mut session, query, MEMBERS_PAGE_MAX).await
        })
        .await
    }

    async fn commit(&self, batch: &Arc<Batch>) -> Result<Vec<CommitResult>, Failure> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        self.call("commit", self.write(batch)).await
    }

    async fn lock<'a>(&'a self, auction: AuctionId) -> Result<Box<dyn Locked + 'a>, Failure> {
        let session = self.call("lock auction", self.hold(auction)).await?;
        Ok(Box::new(LockedAuction { store: self, auction, session: Some(session) }))
    }

    async fn history(
        &self,
        auction: AuctionId,
        after_revision: u64,
        events_max: usize,
    ) -> Result<Vec<Recorded>, Failure> {
        const OPERATION: &str = "load history";
        self.call(OPERATION, async {
            let mut view = self.database.readers().take(OPERATION).await?;
            load::history(&mut view, auction, after_revision, events_max).await
        })
        .await
    }
}

/// A locked auction: a transaction that holds its row, and is undone if it is dropped.
struct LockedAuction<'a> {
    store: &'a PostgresStore,
    auction: AuctionId,
    /// `None` only while a call is under way: what breaks off leaves a connection of which nobody knows the state.
    session: Option<Session>,
}

impl LockedAuction<'_> {
    fn session(&mut self, operation: &'static str) -> Result<Session, Failure> {
        let lost = || refused(FailureKind::Unavailable, operation, "the lock was lost");
        self.session.take().ok_or_else(lost)
    }
}

#[async_trait]
impl Locked for LockedAuction<'_> {
    async fn load(&mut self, wanted: &Wanted) -> Result<Found, Failure> {
        let mut session = self.session("load")?;
        let found = self.store.call("load", load::load(&mut session, wanted)).await?;
        self.session = Some(session);
        Ok(found)
    }

    async fn committed(&mut self, commit: CommitId, after_revision: u64) -> Result<bool, Failure> {
        const OPERATION: &str = "find a commit";
        let mut session = self.session(OPERATION)?;
        // Along the primary key, from where the commit would have begun.
        let sql = "SELECT EXISTS (SELECT 1 FROM events WHERE auction_id = $1 AND revision > $2 AND commit_id = $3) \
                   AS found";
        let query = sqlx::query(sql).bind(signed(self.auction.number())).bind(signed(after_revision));
        let found = self
            .store
            .call(OPERATION, async {
                let row = query.bind(commit::bytes(commit)).fetch_one(&mut session).await;
                row.and_then(|row| row.try_get("found")).map_err(|error| failure(OPERATION, error))
            })
            .await?;
        self.session = Some(session);
        Ok(found)
    }

    async fn history(&mut self, after_revision: u64, events_max: usize) -> Result<Vec<Recorded>, Failure> {
        const OPERATION: &str = "load history under a lock";
        let mut session = self.session(OPERATION)?;
        let page = load::history(&mut session, self.auction, after_revision, events_max);
        let page = self.store.call(OPERATION, page).await?;
        self.session = Some(session);
        Ok(page)
    }

    async fn commit(mut self: Box<Self>, batch: &Arc<Batch>) -> Result<CommitResult, Failure> {
        const OPERATION: &str = "commit under a lock";
        let wrong =
            || refused(FailureKind::Other, OPERATION, "the batch is not for the locked auction alone");
        match batch.entries() {
            [entry] if entry.auction().id() == self.auction => {}
            _ => return Err(wrong()),
        }
        let columns = Columns::of(batch)?;
        let mut session = self.session(OPERATION)?;
        let results = self
            .store
            .call(OPERATION, async {
                let results = columns.write(&mut session, batch).await?;
                session.commit().await.map_err(|error| failure(OPERATION, error))?;
                Ok(results)
            })
            .await?;
        self.store.count(&results);
        results.first().copied().ok_or_else(wrong)
    }
}

impl std::fmt::Debug for Meters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meters").finish_non_exhaustive()
    }
}
