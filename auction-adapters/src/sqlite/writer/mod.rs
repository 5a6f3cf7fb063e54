//! The one task that writes.
//!
//! It takes whatever waits (what queued up while the last commit ran is the next transaction; there is no timer),
//! checks it, and commits it as one row of the journal. Between commits it brings the journal into the tables, a
//! slice at a time. What it does not know after a failure it finds out before it writes again.

mod change;
mod faults;
mod job;
mod link;
mod plan;
mod project;
mod rows;

pub(super) use faults::Faults;
#[cfg(test)]
pub(super) use faults::{Fault, Step};
pub(super) use job::{Change, Changed, Job, Reply, Write};
pub(super) use link::Link;

use super::codes::again;
use super::columns::signed;
use super::failure::{failure, refused};
use super::journal;
use super::live::Live;
use super::locks::Locks;
use super::options::{Projection, SqliteOptions};
use super::tail::Row;
use auction_core::AuctionId;
use auction_core::ports::{CommitId, CommitResult, Failure, FailureKind};
#[cfg(not(test))]
use faults::Step;
use lru::LruCache;
use plan::{Planner, Verdict, Versions};
use project::Projector;
use rustc_hash::FxBuildHasher;
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

/// How many events one transaction takes in, about: what waits beyond goes into the next one.
const COMMIT_EVENTS_MAX: usize = 1 << 13;
/// How many events one slice of the projection has, about.
const SLICE_EVENTS: usize = 512;
/// Commits bring slices with them once the lag is above this part of what is allowed.
const RELIEF_PART: usize = 4;
/// For how long nothing must have come in before the projection takes the time for a slice.
const IDLE: Duration = Duration::from_millis(2);
/// How long the projection rests after it failed.
const REST: Duration = Duration::from_secs(1);

/// The one task that writes.
pub(super) struct Writer {
    jobs: Receiver<Job>,
    link: Link,
    live: Arc<Live>,
    locks: Arc<Locks>,
    versions: Versions,
    projector: Projector,
    projection: Projection,
    lag_events_max: usize,
    /// The number that was issued last.
    last_auction: u64,
    /// A row of which nobody knows whether it was written.
    doubt: Option<Row>,
    /// The last row of a slice of which nobody knows whether it is in the tables.
    unsure: Option<u64>,
    projection_failed: bool,
    /// Why nothing is written any more.
    stopped: Option<Failure>,
    /// Held as long as this process may write.
    _lock: File,
}

/// What a writer starts with.
pub(super) struct Start {
    pub(super) jobs: Receiver<Job>,
    pub(super) link: Link,
    pub(super) live: Arc<Live>,
    pub(super) locks: Arc<Locks>,
    pub(super) last_auction: u64,
    pub(super) lock: File,
}

impl Writer {
    pub(super) fn new(start: Start, options: &SqliteOptions) -> Self {
        Self {
            jobs: start.jobs,
            link: start.link,
            live: start.live,
            locks: start.locks,
            versions: LruCache::with_hasher(options.versions_max, FxBuildHasher),
            projector: Projector::new(),
            projection: options.projection,
            lag_events_max: options.lag_events_max,
            last_auction: start.last_auction,
            doubt: None,
            unsure: None,
            projection_failed: false,
            stopped: None,
            _lock: start.lock,
        }
    }

    /// Works until it is told to close, or until nobody is left who could ask for something.
    pub(super) async fn run(mut self) {
        while let Some(first) = self.next().await {
            let (mut writes, mut others, mut events) = (Vec::new(), Vec::new(), 0);
            let mut next = Some(first);
            while let Some(job) = next {
                match job {
                    Job::Write(write) => {
                        events += write.events();
                        writes.push(write);
                    }
                    other => others.push(other),
                }
                next = if events < COMMIT_EVENTS_MAX { self.jobs.try_recv().ok() } else { None };
            }
            if !writes.is_empty() {
                self.write(writes).await;
                self.relieve(events).await;
            }
            for job in others {
                if self.other(job).await.is_break() {
                    return;
                }
            }
        }
        self.link.sever().await;
    }

    /// The next job; while there is none the projection uses the time.
    async fn next(&mut self) -> Option<Job> {
        loop {
            let is_idle = self.projection == Projection::OnDemand
                || self.stopped.is_some()
                || self.live.read().tail.is_empty();
            if is_idle {
                return self.jobs.recv().await;
            }
            let wait = if self.projection_failed { REST } else { IDLE };
            match timeout(wait, self.jobs.recv()).await {
                Ok(job) => return job,
                Err(_) => drop(self.project_slice(SLICE_EVENTS).await),
            }
        }
    }

    /// Checks what waits, commits what can be, and answers.
    async fn write(&mut self, writes: Vec<Write>) {
        if let Err(failure) = self.ready().await {
            return refuse(writes, &failure);
        }
        let mut planner = Planner::new(&self.live, &self.locks, &mut self.versions, self.last_auction);
        let plan = planner.plan(&mut self.link, &writes).await;
        self.last_auction = planner.last_auction;
        let plan = match plan {
            Ok(plan) => plan,
            Err(failure) => {
                self.link.sever().await;
                return refuse(writes, &failure);
            }
        };
        if !plan.written.is_empty() {
            let row = Row::new(self.live.read().tail.committed() + 1, plan.written);
            if let Err(failure) = self.commit(row).await {
                return refuse(writes, &failure);
            }
        }
        for (write, verdict) in writes.into_iter().zip(plan.verdicts) {
            write.answer(verdict);
        }
    }

    /// Writes one row of the journal, which is what makes everything in it durable.
    async fn commit(&mut self, row: Row) -> Result<(), Failure> {
        let bytes = journal::encode(&row.written)
            .map_err(|error| Failure::new(FailureKind::Other, "commit", error))?;
        let sql = "INSERT INTO journal (seq, entries) VALUES ($1, $2)";
        let insert = sqlx::query(sql).bind(signed(row.seq)).bind(bytes);
        let Err(error) = self.link.write(Step::Journal, insert).await else {
            self.publish(row);
            return Ok(());
        };
        let why = failure("commit", error);
        tracing::warn!(error = ?why, "a commit failed");
        self.link.sever().await;
        self.doubt = Some(row);
        if self.settle().await? {
            return Ok(());
        }
        // Constraints aside, this leaves the database as it was.
        Err(why)
    }

    /// From now on everybody sees what was committed.
    fn publish(&mut self, row: Row) {
        let mut known = self.live.write();
        for (_, entry) in row.entries() {
            self.versions.put(entry.auction().id(), entry.auction().revision());
            known.deadlines.set(entry.auction().id(), entry.deadline());
        }
        known.tail.push(row);
        self.live.changed();
        metrics::gauge!("auction_sqlite_lag_events").set(known.tail.events() as f64);
        metrics::counter!("auction_sqlite_commits_total").increment(1);
    }

    /// Finds out what became of a commit that failed; answers whether there was one that was written after all.
    async fn settle(&mut self) -> Result<bool, Failure> {
        let Some(row) = self.doubt.take() else { return Ok(false) };
        match self.has_row(row.seq).await {
            Ok(true) => {
                self.publish(row);
                Ok(true)
            }
            Ok(false) => Ok(false),
            Err(failure) => {
                self.doubt = Some(row);
                Err(failure)
            }
        }
    }

    /// Whether the journal has a row.
    async fn has_row(&mut self, seq: u64) -> Result<bool, Failure> {
        let query = sqlx::query("SELECT seq FROM journal WHERE seq = $1").bind(signed(seq));
        match self.link.read(query).await {
            Ok(rows) => Ok(!rows.is_empty()),
            Err(error) => {
                self.link.sever().await;
                Err(failure("find out what became of a commit", error))
            }
        }
    }

    /// Whether something can be written.
    async fn ready(&mut self) -> Result<(), Failure> {
        if let Some(stopped) = &self.stopped {
            return Err(again(stopped));
        }
        self.settle().await?;
        if self.live.read().tail.events() < self.lag_events_max {
            return Ok(());
        }
        drop(self.project_slice(SLICE_EVENTS).await);
        match &self.stopped {
            Some(stopped) => Err(again(stopped)),
            None if self.live.read().tail.events() < self.lag_events_max => Ok(()),
            None => Err(refused(FailureKind::Busy, "commit", "too much waits to be brought into the tables")),
        }
    }

    /// After a commit of so many events: where the tables lag behind, they get as many and more.
    async fn relieve(&mut self, events: usize) {
        let lag = self.live.read().tail.events();
        let is_due = self.projection == Projection::Eager && lag > self.lag_events_max / RELIEF_PART;
        if is_due && self.stopped.is_none() && !self.projection_failed {
            drop(self.project_slice(SLICE_EVENTS.max(events * 2)).await);
        }
    }

    /// Brings the oldest rows of the journal into the tables.
    async fn project_slice(&mut self, events_max: usize) -> Result<(), Failure> {
        let result = self.try_project_slice(events_max).await;
        self.projection_failed = result.is_err();
        if let Err(failure) = &result {
            tracing::error!(error = ?failure, "the journal could not be brought into the tables");
            if failure.kind != FailureKind::Unavailable {
                self.stopped = Some(again(failure));
            }
        }
        result
    }

    async fn try_project_slice(&mut self, events_max: usize) -> Result<(), Failure> {
        if let Some(seq) = self.unsure {
            if !self.has_row(seq).await? {
                self.live.write().tail.forget(seq);
            }
            self.unsure = None;
        }
        let rows = self.live.read().tail.oldest(events_max);
        let Some(last) = rows.last().map(|row| row.seq) else { return Ok(()) };
        self.live.write().tail.announce(last);
        let result = self.projector.project(&mut self.link, &rows).await;
        match &result {
            Ok(()) => self.live.write().tail.forget(last),
            Err(_) => self.unsure = Some(last),
        }
        result
    }

    /// Brings everything into the tables that was committed.
    async fn project_all(&mut self) -> Result<(), Failure> {
        if let Some(stopped) = &self.stopped {
            return Err(again(stopped));
        }
        self.settle().await?;
        while !self.live.read().tail.is_empty() {
            self.project_slice(SLICE_EVENTS).await?;
        }
        Ok(())
    }

    async fn other(&mut self, job: Job) -> ControlFlow<()> {
        // Whoever waited may be gone.
        match job {
            Job::Write(write) => self.write(vec![write]).await,
            Job::Committed { auction, commit, after_revision, reply } => {
                drop(reply.send(self.committed(auction, commit, after_revision).await));
            }
            Job::Pass(reply) => drop(reply.send(self.settle().await.map(drop))),
            Job::Project(reply) => drop(reply.send(self.project_all().await)),
            Job::Change(change, reply) => drop(reply.send(self.change(change).await)),
            Job::Close(reply) => {
                let result = self.project_all().await;
                self.link.sever().await;
                let _ = reply.send(result);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    async fn committed(
        &mut self,
        auction: AuctionId,
        commit: CommitId,
        after_revision: u64,
    ) -> Result<bool, Failure> {
        self.settle().await?;
        if self.live.read().tail.has_commit(auction, commit, after_revision) {
            return Ok(true);
        }
        // Along the primary key, from where the commit would have begun.
        let sql =
            "SELECT revision FROM events WHERE auction_id = $1 AND revision > $2 AND commit_id = $3 LIMIT 1";
        let query = sqlx::query(sql).bind(signed(auction.number())).bind(signed(after_revision));
        let query = query.bind(commit.0.to_be_bytes().to_vec());
        match self.link.read(query).await {
            Ok(rows) => Ok(!rows.is_empty()),
            Err(error) => {
                self.link.sever().await;
                Err(failure("find a commit", error))
            }
        }
    }
}

impl Write {
    /// How many events it brings.
    fn events(&self) -> usize {
        match self {
            Self::Commit { batch, .. } => batch.events().len(),
            Self::Create { .. } => 1,
        }
    }

    /// Answers; whoever asked may be gone. A lock is given back afterwards.
    fn answer(self, verdict: Result<Verdict, Failure>) {
        match self {
            Self::Commit { reply, held, .. } => {
                drop(held);
                drop(reply.send(verdict.map(Verdict::results)));
            }
            Self::Create { reply, .. } => drop(reply.send(verdict.and_then(Verdict::auction))),
        }
    }
}

impl Verdict {
    fn results(self) -> Vec<CommitResult> {
        match self {
            Self::Commit(results) => results,
            Self::Create(_) => Vec::new(),
        }
    }

    fn auction(self) -> Result<auction_core::auction::Auction, Failure> {
        match self {
            Self::Create(auction) => Ok(auction),
            Self::Commit(_) => Err(refused(FailureKind::Other, "create auction", "a commit was answered")),
        }
    }
}

fn refuse(writes: Vec<Write>, failure: &Failure) {
    for write in writes {
        write.answer(Err(again(failure)));
    }
}
