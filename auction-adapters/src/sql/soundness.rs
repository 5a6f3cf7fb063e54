//! Whether the tables are what the events in them say.
//!
//! Auctions, events, standings, awards and receipts are read side by side in the order of their auctions, in pages: nothing
//! is asked for one auction alone, so that many small ones take no longer than their rows.

use super::columns::{Reading, bidder_of, scaled, signed};
use super::driver::{Connection, EVENTS_NAME_BIDDERS, HAS_AWARDS, Row};
use super::failure::failure;
use super::value::Value;
use crate::checked::{CheckProgress, Checked};
use auction_core::auction::{Auction, Award, Event, Recorded, Standing, Status, evolve};
use auction_core::ports::Failure;
use auction_core::{AuctionId, UserId, VERSION_MAX};
use sqlx::Row as _;
use std::collections::{BTreeMap, VecDeque};

const OPERATION: &str = "check the database";

/// How many auctions are looked at between two reports of progress.
const AUCTIONS_PAGE: i64 = 256;

/// How many rows of another table are read at once.
const ROWS_PAGE: i64 = 1_000;

const AUCTIONS: &str = "\
SELECT a.id AS id, a.revision AS revision, a.version AS version, a.phase AS phase, a.price_scaled AS price_scaled,
    a.bid_count AS bid_count, a.starts_at AS starts_at, a.ends_at AS ends_at, a.deadline AS deadline,
    a.winner AS winner, a.state AS state, l.seller AS seller, l.charter AS charter
FROM auctions AS a JOIN lots AS l ON l.auction_id = a.id WHERE a.id > $1 ORDER BY a.id LIMIT $2";

const EVENTS: &str = concat!(
    "SELECT auction_id, revision AS place, revision, version, kind, is_public, at, public_part,
    coalesce(private_part, public_part) AS part, ",
    bidder!(),
    " FROM events WHERE (auction_id, revision) > ($2, $3) ORDER BY auction_id, revision LIMIT $1"
);

const STANDINGS: &str = "\
SELECT auction_id, user_id AS place, user_id, number, bids, maximum, last_version
FROM standings WHERE (auction_id, user_id) > ($2, $3) ORDER BY auction_id, user_id LIMIT $1";

const AWARDS: &str = "\
SELECT auction_id, revision AS place, position AS key, bidder, units, price
FROM awards WHERE (auction_id, revision, position) > ($2, $3, $4) ORDER BY auction_id, revision, position LIMIT $1";

const RECEIPTS: &str = "\
SELECT auction_id, user_id AS place, key, receipt
FROM receipts WHERE (auction_id, user_id, key) > ($2, $3, $4) ORDER BY auction_id, user_id, key LIMIT $1";

/// Who takes part, as the events say.
pub(super) type Standings = BTreeMap<UserId, Standing>;

/// Who was given what, by revision and place, as the events say.
type Awards = BTreeMap<(u64, u64), Award>;

/// Checks all tables of auctions. What the events make of an auction is handed on to `folded`.
pub(super) async fn check_tables(
    view: &mut Connection,
    checked: &mut Checked,
    progress: &mut (impl FnMut(CheckProgress) + Send),
    mut folded: impl FnMut(Auction, Standings, &mut Checked) + Send,
) -> Result<(), Failure> {
    let count = sqlx::query("SELECT count(*) AS count FROM auctions").fetch_one(&mut *view).await;
    let count: i64 = count.and_then(|row| row.try_get("count")).map_err(failed)?;
    let has_awards = sqlx::query(HAS_AWARDS).fetch_one(&mut *view).await;
    let has_awards: bool = has_awards.and_then(|row| row.try_get("found")).map_err(failed)?;
    let mut others = Others::new(has_awards);
    let mut last = 0_i64;
    loop {
        let page = sqlx::query(AUCTIONS).bind(last).bind(AUCTIONS_PAGE).fetch_all(&mut *view).await;
        let page = page.map_err(failed)?;
        for row in &page {
            last = row.try_get("id").map_err(failed)?;
            if let Some((auction, standings)) = others.check(view, row, checked).await? {
                folded(auction, standings, checked);
            }
        }
        progress(CheckProgress { auctions: checked.auctions, auctions_total: count.unsigned_abs() });
        if page.is_empty() {
            return strays(view, has_awards, checked).await;
        }
    }
}

/// Whether an event can come next.
pub(super) fn follows(auction: &Auction, recorded: &Recorded) -> bool {
    recorded.revision == auction.revision() + 1
        && recorded.version == auction.version() + u64::from(recorded.event.is_public())
        && recorded.version <= VERSION_MAX
        && recorded.at >= auction.last_at()
}

/// Rows of auctions that do not exist.
async fn strays(view: &mut Connection, has_awards: bool, checked: &mut Checked) -> Result<(), Failure> {
    macro_rules! strays {
        ($table:literal) => {
            concat!(
                "SELECT DISTINCT auction_id FROM ",
                $table,
                " AS stray WHERE NOT EXISTS (SELECT 1 FROM auctions WHERE auctions.id = stray.auction_id) LIMIT 100"
            )
        };
    }
    let auctions = "SELECT id AS auction_id FROM auctions \
                    WHERE NOT EXISTS (SELECT 1 FROM lots WHERE lots.auction_id = auctions.id) LIMIT 100";
    for (table, sql) in [
        ("auctions", auctions),
        ("lots", strays!("lots")),
        ("events", strays!("events")),
        ("standings", strays!("standings")),
        ("receipts", strays!("receipts")),
        ("awards", strays!("awards")),
    ] {
        if table == "awards" && !has_awards {
            continue;
        }
        for row in sqlx::query(sql).fetch_all(&mut *view).await.map_err(failed)? {
            let auction: i64 = row.try_get("auction_id").map_err(failed)?;
            checked.find(table, auction, "the rest of the auction is missing");
        }
    }
    Ok(())
}

/// A column that says something else than the state.
fn wrong_column(row: &Row, auction: &Auction) -> Result<Option<&'static str>, sqlx::Error> {
    let winner = match auction.status() {
        Status::Ended { outcome, .. } => outcome.sale().map(|(winner, _)| winner),
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

/// What is wrong with an event besides what it says. Its public part says what the whole of it does, masked, and no
/// more.
fn wrong_event(reading: &Reading<'_>, recorded: &Recorded) -> Result<Option<&'static str>, Failure> {
    let event = &recorded.event;
    let bidder = bidder_of(event).filter(|_| EVENTS_NAME_BIDDERS).map(UserId::number);
    if reading.text("kind")? != event.name() {
        return Ok(Some("column kind is not that of the event"));
    }
    if reading.maybe_unsigned("bidder")? != bidder {
        return Ok(Some("column bidder is not that of the event"));
    }
    let masked = event.masked();
    let public = if reading.flag("is_public")? { Some(reading.json::<Event>("public_part")?) } else { None };
    Ok((public != masked).then_some("public_part is not private_part without what is private"))
}

/// The tables beside that of the auctions.
struct Others {
    events: Rows,
    standings: Rows,
    /// `None` where nobody has brought the tables so far.
    awards: Option<Rows>,
    receipts: Rows,
}

impl Others {
    fn new(has_awards: bool) -> Self {
        let awards = Rows { key: Some(Value::Integer(0)), ..Rows::new(AWARDS) };
        let receipts = Rows { key: Some(Value::Text(String::new())), ..Rows::new(RECEIPTS) };
        let awards = has_awards.then_some(awards);
        Self { events: Rows::new(EVENTS), standings: Rows::new(STANDINGS), awards, receipts }
    }

    /// Checks one auction, and answers what its events make.
    async fn check(
        &mut self,
        view: &mut Connection,
        row: &Row,
        checked: &mut Checked,
    ) -> Result<Option<(Auction, Standings)>, Failure> {
        checked.auctions += 1;
        let reading = Reading::new(OPERATION, "auctions", "id", row)?;
        let id = reading.auction_id("id")?;
        let Some(stored) = checked.sound("auctions", id, reading.auction())? else { return Ok(None) };
        if let Some(column) = wrong_column(row, &stored).map_err(failed)? {
            checked.find("auctions", id, format_args!("column {column} is not that of the state"));
        }
        let Some((folded, standings, awards)) = self.fold(view, id, checked).await? else { return Ok(None) };
        if folded != stored {
            checked.find("auctions", id, "the state is not what the events make");
        }
        self.check_standings(view, id, &standings, checked).await?;
        self.check_awards(view, id, &awards, checked).await?;
        self.check_receipts(view, &stored, checked).await?;
        Ok(Some((folded, standings)))
    }

    /// What the events in the tables make.
    async fn fold(
        &mut self,
        view: &mut Connection,
        id: AuctionId,
        checked: &mut Checked,
    ) -> Result<Option<(Auction, Standings, Awards)>, Failure> {
        let mut auction: Option<Auction> = None;
        let (mut standings, mut awards) = (BTreeMap::new(), BTreeMap::new());
        let mut is_wrong = false;
        while let Some(row) = self.events.next_of(view, id).await? {
            checked.events += 1;
            let reading = Reading::new(OPERATION, "events", "auction_id", &row)?;
            let Some(recorded) = checked.sound("events", id, reading.recorded())? else { return Ok(None) };
            let next = match &mut auction {
                None => Auction::created(id, &recorded),
                Some(auction) if follows(auction, &recorded) => {
                    evolve(auction, &mut standings, &recorded);
                    None
                }
                Some(_) => {
                    let what =
                        format_args!("revision {} does not follow what is before it", recorded.revision);
                    checked.find("events", id, what);
                    return Ok(None);
                }
            };
            awards.extend(
                (1..).zip(recorded.event.shares()).map(|(place, award)| ((recorded.revision, place), award)),
            );
            auction = next.or(auction);
            if auction.is_none() {
                checked.find("events", id, format_args!("revision {} is no creation", recorded.revision));
                return Ok(None);
            }
            // Once an auction: what is wrong with one event is so with most.
            if !is_wrong
                && let Some(what) = checked.sound("events", id, wrong_event(&reading, &recorded))?.flatten()
            {
                checked.find("events", id, what);
                is_wrong = true;
            }
        }
        if auction.is_none() {
            checked.find("events", id, "there are no events");
        }
        Ok(auction.map(|auction| (auction, standings, awards)))
    }

    async fn check_standings(
        &mut self,
        view: &mut Connection,
        id: AuctionId,
        folded: &Standings,
        checked: &mut Checked,
    ) -> Result<(), Failure> {
        let mut stored = BTreeMap::new();
        while let Some(row) = self.standings.next_of(view, id).await? {
            let reading = Reading::new(OPERATION, "standings", "auction_id", &row)?;
            let standing = reading.user_id("user_id").and_then(|user| Ok((user, reading.standing()?)));
            stored.extend(checked.sound("standings", id, standing)?);
        }
        if stored != *folded {
            let differing =
                folded.iter().filter(|(user, standing)| stored.get(user) != Some(standing)).count();
            let what = format_args!(
                "the standings are not what the events make: {differing} of {} differ, {} are stored",
                folded.len(),
                stored.len()
            );
            checked.find("standings", id, what);
        }
        Ok(())
    }

    /// Units that the events give to somebody, and no others.
    async fn check_awards(
        &mut self,
        view: &mut Connection,
        id: AuctionId,
        folded: &Awards,
        checked: &mut Checked,
    ) -> Result<(), Failure> {
        let Some(awards) = &mut self.awards else { return Ok(()) };
        let mut stored = Awards::new();
        while let Some(row) = awards.next_of(view, id).await? {
            let Some((place, award)) = checked.sound("awards", id, award(&row))? else { return Ok(()) };
            stored.insert(place, award);
        }
        if stored != *folded {
            checked.find("awards", id, "the awards are not what the events make");
        }
        Ok(())
    }

    /// Receipts that cannot be of what happened.
    async fn check_receipts(
        &mut self,
        view: &mut Connection,
        auction: &Auction,
        checked: &mut Checked,
    ) -> Result<(), Failure> {
        let id = auction.id();
        while let Some(row) = self.receipts.next_of(view, id).await? {
            let receipt = Reading::new(OPERATION, "receipts", "auction_id", &row)?.receipt();
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
}

fn award(row: &Row) -> Result<((u64, u64), Award), Failure> {
    let reading = Reading::new(OPERATION, "awards", "auction_id", row)?;
    let (bidder, units, price) =
        (reading.user_id("bidder")?, reading.units("units")?, reading.amount("price")?);
    Ok(((reading.unsigned("place")?, reading.unsigned("key")?), Award { bidder, units, price }))
}

/// The rows of a table in the order of their auctions, of which a page is in memory.
struct Rows {
    sql: &'static str,
    page: VecDeque<Row>,
    is_over: bool,
    /// The key of the last row that was read.
    auction: i64,
    place: i64,
    key: Option<Value>,
}

impl Rows {
    const fn new(sql: &'static str) -> Self {
        Self { sql, page: VecDeque::new(), is_over: false, auction: 0, place: 0, key: None }
    }

    /// The next row of an auction. Those of auctions before it are passed over.
    async fn next_of(&mut self, view: &mut Connection, id: AuctionId) -> Result<Option<Row>, Failure> {
        let id = signed(id.number());
        loop {
            while let Some(row) = self.page.pop_front() {
                let auction: i64 = row.try_get("auction_id").map_err(failed)?;
                if auction == id {
                    return Ok(Some(row));
                }
                if auction > id {
                    self.page.push_front(row);
                    return Ok(None);
                }
            }
            if self.is_over {
                return Ok(None);
            }
            self.read(view).await.map_err(failed)?;
        }
    }

    async fn read(&mut self, view: &mut Connection) -> Result<(), sqlx::Error> {
        let query = sqlx::query(self.sql).bind(ROWS_PAGE).bind(self.auction).bind(self.place);
        let query = match &self.key {
            Some(key) => key.clone().bind(query),
            None => query,
        };
        self.page = query.fetch_all(view).await?.into();
        match self.page.back() {
            Some(last) => {
                (self.auction, self.place) = (last.try_get("auction_id")?, last.try_get("place")?);
                self.key = match &self.key {
                    None => None,
                    Some(Value::Text(_)) => Some(Value::Text(last.try_get("key")?)),
                    Some(_) => Some(Value::Integer(last.try_get("key")?)),
                };
            }
            None => self.is_over = true,
        }
        Ok(())
    }
}

fn failed(error: sqlx::Error) -> Failure {
    failure(OPERATION, error)
}
