//! Whether the database is what its events say.

use super::columns::{Reading, scaled, signed};
use super::failure::failure;
use super::open::read_journal;
use super::store::SqliteStore;
use super::tables;
use super::tail::Tail;
use auction_core::AuctionId;
use auction_core::auction::{Auction, Recorded, Standing, evolve};
use auction_core::ports::{EventPage, Failure, FailureKind, HISTORY_PAGE_MAX};
use auction_core::{UserId, VERSION_MAX};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row as _, SqliteConnection};
use std::collections::BTreeMap;
use std::fmt;

const OPERATION: &str = "check the database";
/// How many auctions are looked at between two reports of progress.
const AUCTIONS_PAGE: i64 = 256;
/// How many things that are wrong are told; more are only counted.
pub const FINDINGS_MAX: usize = 100;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// How many auctions were looked at.
    pub auctions: u64,
    /// How many events were folded.
    pub events: u64,
    /// How many things are wrong.
    pub wrong: u64,
    /// The first [`FINDINGS_MAX`] of them, each as a sentence with its table and row.
    pub findings: Vec<String>,
}

/// How far a check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckProgress {
    /// How many auctions were looked at.
    pub auctions: u64,
    /// How many there are.
    pub auctions_total: u64,
}

impl SqliteStore {
    /// Folds the events of every auction and compares what comes out with the states, standings, receipts and
    /// columns that are stored. It reads one view of the database, beside everything else.
    ///
    /// # Errors
    /// A [`Failure`] where the database cannot be read. What is wrong in it is no failure but a finding.
    pub async fn check(&self, progress: impl FnMut(CheckProgress) + Send) -> Result<Checked, Failure> {
        let mut connection = self.reader(OPERATION).await?;
        check(&mut connection, progress).await
    }
}

impl Checked {
    /// Nothing is wrong.
    pub const fn is_sound(&self) -> bool {
        self.wrong == 0
    }

    fn find(&mut self, table: &str, row: impl fmt::Display, what: impl fmt::Display) {
        self.wrong += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(format!("table {table}, row {row}: {what}"));
        }
    }

    /// A row that cannot be read is a finding, a database that cannot be read is a failure.
    fn sound<T>(
        &mut self,
        table: &str,
        row: AuctionId,
        result: Result<T, Failure>,
    ) -> Result<Option<T>, Failure> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(failure) if failure.kind == FailureKind::Corrupt => {
                let why = failure.source.as_ref().map(ToString::to_string).unwrap_or_default();
                self.find(table, row, why);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Checks everything that a connection sees.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    mut progress: impl FnMut(CheckProgress) + Send,
) -> Result<Checked, Failure> {
    let mut checked = Checked::default();
    let mut view = connection.begin().await.map_err(failed)?;
    for row in sqlx::query("PRAGMA quick_check").fetch_all(&mut *view).await.map_err(failed)? {
        let verdict: String = row.try_get(0).map_err(failed)?;
        if verdict != "ok" {
            checked.find("(pages)", "-", verdict);
        }
    }
    let (tail, _) = read_journal(&mut view).await?;
    let ids = "SELECT count(*) AS count FROM auctions";
    let count: i64 =
        sqlx::query(ids).fetch_one(&mut *view).await.and_then(|row| row.try_get("count")).map_err(failed)?;
    let mut last = 0;
    loop {
        let sql = "SELECT a.id AS id, a.revision AS revision, a.version AS version, a.phase AS phase, \
                   a.price_scaled AS price_scaled, a.bid_count AS bid_count, a.starts_at AS starts_at, \
                   a.ends_at AS ends_at, a.deadline AS deadline, a.winner AS winner, a.state AS state, \
                   l.seller AS seller, l.charter AS charter \
                   FROM auctions AS a JOIN lots AS l ON l.auction_id = a.id WHERE a.id > $1 ORDER BY a.id LIMIT $2";
        let rows = sqlx::query(sql).bind(last).bind(AUCTIONS_PAGE).fetch_all(&mut *view).await;
        let rows = rows.map_err(failed)?;
        for row in &rows {
            last = row.try_get("id").map_err(failed)?;
            check_auction(&mut view, &tail, row, &mut checked).await?;
        }
        progress(CheckProgress { auctions: checked.auctions, auctions_total: count.unsigned_abs() });
        if rows.is_empty() {
            break;
        }
    }
    for id in tail.created() {
        checked.auctions += 1;
        check_created(&tail, id, &mut checked);
    }
    strays(&mut view, &mut checked).await?;
    view.commit().await.map_err(failed)?;
    Ok(checked)
}

/// Rows of auctions that do not exist.
async fn strays(view: &mut SqliteConnection, checked: &mut Checked) -> Result<(), Failure> {
    for (table, sql) in [
        (
            "auctions",
            "SELECT id AS auction FROM auctions WHERE id NOT IN (SELECT auction_id FROM lots) LIMIT 100",
        ),
        (
            "lots",
            "SELECT auction_id AS auction FROM lots WHERE auction_id NOT IN (SELECT id FROM auctions) LIMIT 100",
        ),
        (
            "events",
            "SELECT DISTINCT auction_id AS auction FROM events \
             WHERE auction_id NOT IN (SELECT id FROM auctions) LIMIT 100",
        ),
        (
            "standings",
            "SELECT DISTINCT auction_id AS auction FROM standings \
             WHERE auction_id NOT IN (SELECT id FROM auctions) LIMIT 100",
        ),
        (
            "receipts",
            "SELECT DISTINCT auction_id AS auction FROM receipts \
             WHERE auction_id NOT IN (SELECT id FROM auctions) LIMIT 100",
        ),
    ] {
        for row in sqlx::query(sql).fetch_all(&mut *view).await.map_err(failed)? {
            let auction: i64 = row.try_get("auction").map_err(failed)?;
            checked.find(table, auction, "the rest of the auction is missing");
        }
    }
    Ok(())
}

async fn check_auction(
    view: &mut SqliteConnection,
    tail: &Tail,
    row: &SqliteRow,
    checked: &mut Checked,
) -> Result<(), Failure> {
    checked.auctions += 1;
    let reading = Reading::new(OPERATION, "auctions", "id", row)?;
    let id = reading.auction_id("id")?;
    let Some(stored) = checked.sound("auctions", id, reading.auction())? else { return Ok(()) };
    if let Some(column) = wrong_column(row, &stored).map_err(failed)? {
        checked.find("auctions", id, format_args!("column {column} is not that of the state"));
    }
    let Some((folded, standings)) = fold(view, id, checked).await? else { return Ok(()) };
    if folded != stored {
        checked.find("auctions", id, "the state is not what the events make");
    }
    check_standings(view, id, &standings, checked).await?;
    check_receipts(view, &stored, checked).await?;
    check_tail(tail, folded, standings, checked);
    Ok(())
}

/// A column that says something else than the state.
fn wrong_column(row: &SqliteRow, auction: &Auction) -> Result<Option<&'static str>, sqlx::Error> {
    let winner = match auction.status() {
        auction_core::auction::Status::Ended { outcome, .. } => outcome.sale().map(|(winner, _)| winner),
        _ => None,
    };
    let numbers = [
        ("version", Some(signed(auction.version()))),
        ("price_scaled", Some(scaled(auction.price(), auction.terms().currency))),
        ("bid_count", Some(signed(auction.bid_count()))),
        ("starts_at", Some(auction.starts_at().micros())),
        ("ends_at", Some(auction.ends_at().micros())),
        ("deadline", auction.deadline().map(|deadline| deadline.micros())),
        ("winner", winner.map(|winner| signed(winner.number()))),
        ("seller", Some(signed(auction.seller().number()))),
    ];
    for (column, expected) in numbers {
        if row.try_get::<Option<i64>, _>(column)? != expected {
            return Ok(Some(column));
        }
    }
    let phase: String = row.try_get("phase")?;
    Ok((phase != auction.status().phase().name()).then_some("phase"))
}

/// What the events in the tables make.
async fn fold(
    view: &mut SqliteConnection,
    id: AuctionId,
    checked: &mut Checked,
) -> Result<Option<(Auction, BTreeMap<UserId, Standing>)>, Failure> {
    let mut auction: Option<Auction> = None;
    let mut standings = BTreeMap::new();
    loop {
        let after = auction.as_ref().map_or(0, Auction::revision);
        let page = tables::history(view, id, after, HISTORY_PAGE_MAX).await;
        let Some(page) = checked.sound("events", id, page)? else { return Ok(None) };
        if page.is_empty() {
            break;
        }
        for recorded in &page {
            checked.events += 1;
            let next = match &mut auction {
                None => Auction::created(id, recorded),
                Some(auction) if follows(auction, recorded) => {
                    evolve(auction, &mut standings, recorded);
                    continue;
                }
                Some(_) => None,
            };
            if next.is_none() {
                let what = format_args!("revision {} does not follow what is before it", recorded.revision);
                checked.find("events", id, what);
                return Ok(None);
            }
            auction = next;
        }
    }
    check_public(view, id, checked).await?;
    if auction.is_none() {
        checked.find("events", id, "there are no events");
    }
    Ok(auction.map(|auction| (auction, standings)))
}

fn follows(auction: &Auction, recorded: &Recorded) -> bool {
    recorded.revision == auction.revision() + 1
        && recorded.version == auction.version() + u64::from(recorded.event.is_public())
        && recorded.version <= VERSION_MAX
        && recorded.at >= auction.last_at()
}

/// The public parts say what the whole events say, masked, and no more.
async fn check_public(
    view: &mut SqliteConnection,
    id: AuctionId,
    checked: &mut Checked,
) -> Result<(), Failure> {
    let (mut after, mut version) = (0, 0);
    loop {
        let whole = tables::history(view, id, after, HISTORY_PAGE_MAX).await?;
        let Some(last) = whole.last() else { break };
        after = last.revision;
        let masked: Vec<Recorded> = whole.iter().filter_map(Recorded::masked).collect();
        let page = tables::public_events(view, id, EventPage::After(version), masked.len()).await;
        let Some(page) = checked.sound("events", id, page)? else { return Ok(()) };
        version = masked.last().map_or(version, |event| event.version);
        if page != masked {
            checked.find("events", id, "public_part is not private_part without what is private");
            return Ok(());
        }
    }
    Ok(())
}

async fn check_standings(
    view: &mut SqliteConnection,
    id: AuctionId,
    folded: &BTreeMap<UserId, Standing>,
    checked: &mut Checked,
) -> Result<(), Failure> {
    let sql = "SELECT auction_id, user_id, number, bids, maximum, last_version FROM standings WHERE auction_id = $1";
    let rows = sqlx::query(sql).bind(signed(id.number())).fetch_all(view).await.map_err(failed)?;
    let mut stored = BTreeMap::new();
    for row in &rows {
        let reading = Reading::new(OPERATION, "standings", "auction_id", row)?;
        let standing = reading.user_id("user_id").and_then(|user| Ok((user, reading.standing()?)));
        stored.extend(checked.sound("standings", id, standing)?);
    }
    if stored != *folded {
        let differing = folded.iter().filter(|(user, standing)| stored.get(user) != Some(standing)).count();
        let what = format_args!(
            "the standings are not what the events make: {differing} of {} differ, {} are stored",
            folded.len(),
            stored.len()
        );
        checked.find("standings", id, what);
    }
    Ok(())
}

/// Receipts that cannot be of what happened.
async fn check_receipts(
    view: &mut SqliteConnection,
    auction: &Auction,
    checked: &mut Checked,
) -> Result<(), Failure> {
    let id = auction.id();
    let sql = "SELECT auction_id, receipt FROM receipts WHERE auction_id = $1";
    let rows = sqlx::query(sql).bind(signed(id.number())).fetch_all(view).await.map_err(failed)?;
    for row in &rows {
        let receipt = Reading::new(OPERATION, "receipts", "auction_id", row)?.receipt();
        let Some(receipt) = checked.sound("receipts", id, receipt)? else { continue };
        let answer = receipt.answer;
        let is_of_it = answer.auction == id
            && answer.version <= auction.version()
            && answer.at <= auction.last_at()
            && answer.row.is_none_or(|row| row.auction() == id && row.version() <= auction.version());
        if !is_of_it {
            checked.find("receipts", id, "a receipt is not of what happened");
        }
    }
    Ok(())
}

/// The journal has all of an auction.
fn check_created(tail: &Tail, id: AuctionId, checked: &mut Checked) {
    let first = tail.history(id, 0, 1);
    match first.first().and_then(|first| Auction::created(id, first)) {
        Some(created) => {
            checked.events += 1;
            check_tail(tail, created, BTreeMap::new(), checked);
        }
        None => checked.find("journal", id, "its first event is not its creation"),
    }
}

/// What the journal has goes on from what the tables have.
fn check_tail(
    tail: &Tail,
    mut folded: Auction,
    mut standings: BTreeMap<UserId, Standing>,
    checked: &mut Checked,
) {
    let id = folded.id();
    let Some(last) = tail.auction(id) else { return };
    for recorded in tail.history(id, folded.revision(), usize::MAX) {
        checked.events += 1;
        if !follows(&folded, &recorded) {
            return checked.find("journal", id, "its events do not follow those of the tables");
        }
        evolve(&mut folded, &mut standings, &recorded);
    }
    if folded != *last {
        checked.find("journal", id, "its last state is not what the events make");
    }
    if standings
        .iter()
        .any(|(user, standing)| tail.standing(id, *user).is_some_and(|known| known != *standing))
    {
        checked.find("journal", id, "its standings are not what the events make");
    }
}

fn failed(error: sqlx::Error) -> Failure {
    failure(OPERATION, error)
}
