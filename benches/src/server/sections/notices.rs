//! An auction for which thousands wait, among others that start with it.
#![allow(clippy::disallowed_methods, reason = "it is waited for the start of auctions")]

use super::{CONNECTIONS, Options, percent, runtime, seats, stocked};
use crate::report::table;
use crate::server::Result;
use crate::server::bidding::{Bids, Seat};
use crate::server::client::{Client, Pace};
use crate::server::message::Framing;
use crate::server::stock::{Size, Stock};
use crate::server::subject::Subject;
use auction_adapters::runtime::{DeskOptions, DeskRuntime};
use auction_adapters::sqlite::{SqliteOptions, SqliteReader, SqliteStore};
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::auction::{Action, BidderFacts, Charter, Command, Event, Schedule, TermsDocument};
use auction_core::catalog::Listing;
use auction_core::memory::NoTransport;
use auction_core::money::{Amount, Currency};
use auction_core::ports::{AuctionStore, Clock, CommitId, HISTORY_PAGE_MAX, NewAuction};
use auction_core::service::desk::{Desk, Request};
use auction_core::{AuctionId, Span, Timestamp};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How many wait for the start.
const PARTICIPANTS: usize = 10_000;
/// How many other auctions start with it.
const OTHERS: u32 = 200;
/// How many of them start at the same instant; the rest follow one by one.
const TOGETHER: u32 = 100;
/// How long after one another the rest start, in milliseconds.
const APART_MILLIS: u32 = 20;
/// How long before the start everything is written.
const BEFORE: Span = Span::from_secs(15);
/// How long bids are counted before the start and while people are told of it.
const COUNTED: Duration = Duration::from_secs(4);
/// How long the last notice may take before the run is given up.
const TOLD_MAX: Duration = Duration::from_secs(120);
/// How often it is looked how many were told.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How many of a bidder's bids are under way.
const WINDOW: usize = 8;
/// How many join in one call.
const JOINS: usize = 1_000;
/// How long the auctions last.
const DAY: Span = Span::from_secs(24 * 60 * 60);

/// The same start with nobody and with thousands who wait for it.
pub(super) fn starting(_options: &Options) -> Result<String> {
    let alone = Start::measure(0)?;
    let crowded = Start::measure(PARTICIPANTS)?;
    let later = crowded.latest() - alone.latest();
    let heading = [
        "who joined",
        "starts",
        "late, ms: median",
        "the latest",
        "the last is told after, s",
        "bids/s before",
        "bids/s from the start on",
        "of those before",
    ];
    Ok(format!(
        "{OTHERS} auctions start together with one for which people wait: {TOGETHER} at the same instant, the rest every\n\
         {APART_MILLIS} ms after it, while {CONNECTIONS} bidders bid over sockets on others, {WINDOW} bids of each under way. Mails go\n\
         to files. Goal: with {PARTICIPANTS} who wait no start is more than 100 ms later than without; the latest was\n\
         {later:+.1} ms later.\n\n{}",
        table(heading, &[alone.row(), crowded.row()])
    ))
}

/// What was measured around one start.
struct Start {
    participants: usize,
    /// How late each auction started, in milliseconds, in order.
    late: Vec<f64>,
    /// Seconds until the last who joined was told.
    told: f64,
    /// Bids a second before the start, and from then on.
    rates: (f64, f64),
}

impl Start {
    fn measure(participants: usize) -> Result<Self> {
        let (data, stock) = stocked(Size { people: CONNECTIONS + participants, lots: CONNECTIONS })?;
        let starts_at = SystemClock.now().after(BEFORE);
        let path = data.path().join("auction.db");
        let waiting = runtime()?.block_on(schedule(&path, &stock, starts_at))?;
        let mut command = Subject::server_command(data.path())?;
        // Only the start is measured: no reminders of it.
        command.env("NOTICE_LEAD_START", "off");
        let server = Subject::start(command, data.path())?;
        let watched = waiting[0].0;
        let bell = thread::spawn(move || {
            let told = runtime().and_then(|runtime| runtime.block_on(told(path, watched, participants)));
            told.map_err(|error| error.to_string())
        });
        let seats = seats(&stock, CONNECTIONS, CONNECTIONS);
        let greetings = seats.iter().map(Seat::handshake).map(Some);
        let mut client = Client::connect(server.address, Framing::WebSocket, greetings)?;
        let mut script = Bids::over_sockets(&seats);
        sleep_until(starts_at.before(Span::from_millis(5_000)))?;
        let before = client.run(&mut script, Pace::Closed(WINDOW), COUNTED)?;
        sleep_until(starts_at)?;
        let from_then_on = client.run(&mut script, Pace::Closed(WINDOW), COUNTED)?;
        let told = bell.join().map_err(|_| "the one who looks panicked")??;
        let mut late = runtime()?.block_on(lateness(data.path(), &waiting))?;
        late.sort_unstable_by(f64::total_cmp);
        let told = told.since(starts_at).micros() as f64 / 1e6;
        Ok(Self { participants, late, told, rates: (before.rate(), from_then_on.rate()) })
    }

    fn latest(&self) -> f64 {
        self.late.last().copied().unwrap_or_default()
    }

    fn row(&self) -> [String; 8] {
        let (before, from_then_on) = self.rates;
        [
            self.participants.to_string(),
            self.late.len().to_string(),
            format!("{:.1}", self.late[self.late.len() / 2]),
            format!("{:.1}", self.latest()),
            if self.participants == 0 { String::new() } else { format!("{:.2}", self.told) },
            format!("{before:.0}"),
            format!("{from_then_on:.0}"),
            percent(from_then_on, before),
        ]
    }
}

/// Writes the auctions that start, that for which people wait first, and lets everybody but the bidders join it.
async fn schedule(path: &Path, stock: &Stock, starts_at: Timestamp) -> Result<Vec<(AuctionId, Timestamp)>> {
    let store = SqliteStore::open(path, SqliteOptions::default()).await?;
    let mut creating = Vec::new();
    for index in 0..=OTHERS {
        let behind = Span::from_millis(index.saturating_sub(TOGETHER) * APART_MILLIS);
        let starts_at = starts_at.after(behind);
        let price = Amount::from_minor(100_000)?;
        let terms = TermsDocument::parse("{}")?.terms(Currency::USD, price)?;
        let schedule = Schedule::new(starts_at, starts_at.after(DAY))?;
        let new = NewAuction {
            commit: CommitId::random(&SystemEntropy),
            charter: Arc::new(Charter::new(stock.people[0].id, schedule, terms)?),
            listing: Listing::new(&format!("Start {index}: a brass bell"), "", None)?,
            draft: false,
            at: SystemClock.now(),
        };
        let store = store.clone();
        creating.push((tokio::spawn(async move { store.create(&new).await }), starts_at));
    }
    let mut waiting = Vec::with_capacity(creating.len());
    for (created, starts_at) in creating {
        waiting.push((created.await??.id(), starts_at));
    }
    join(&store, waiting[0].0, stock).await?;
    store.close().await?;
    if SystemClock.now().after(Span::from_secs(8)) > starts_at {
        return Err("it took too long to write everything".into());
    }
    Ok(waiting)
}

async fn join(store: &SqliteStore, auction: AuctionId, stock: &Stock) -> Result<()> {
    let desk = DeskRuntime::start(
        Arc::new(store.clone()),
        Arc::new(SystemEntropy),
        Arc::new(SystemClock),
        Arc::new(NoTransport),
        None,
        DeskOptions::default(),
    );
    for people in stock.people[1 + CONNECTIONS..].chunks(JOINS) {
        let at = SystemClock.now();
        let request = |user| Request {
            auction,
            command: Command::of(user, at, Action::Join),
            facts: BidderFacts::VERIFIED,
            key: None,
        };
        let requests = people.iter().map(|somebody| request(somebody.id)).collect();
        let replies = Desk::submit(&desk.handle(), requests).await;
        if let Some(refused) = replies.iter().find(|reply| reply.is_err()) {
            return Err(format!("somebody could not join: {refused:?}").into());
        }
    }
    desk.shutdown().await?;
    Ok(())
}

/// When it was seen that so many were told of the start of an auction.
async fn told(path: PathBuf, auction: AuctionId, participants: usize) -> Result<Timestamp> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = options.connect().await?;
    let until = SystemClock.now().after(BEFORE).after(Span::from_secs(u32::try_from(TOLD_MAX.as_secs())?));
    let sql = "SELECT count(*) AS count FROM notices WHERE auction_id = ?1 AND kind = 'started'";
    loop {
        let row = sqlx::query(sql).bind(auction.number().cast_signed()).fetch_one(&mut connection).await?;
        let now = SystemClock.now();
        if row.try_get::<i64, _>("count")? >= i64::try_from(participants)? {
            return Ok(now);
        }
        if now > until {
            return Err("not everybody was told".into());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// How late each of these auctions started, in milliseconds.
async fn lateness(data: &Path, waiting: &[(AuctionId, Timestamp)]) -> Result<Vec<f64>> {
    let mut reader = SqliteReader::open(data.join("auction.db")).await?;
    let mut late = Vec::with_capacity(waiting.len());
    for (auction, starts_at) in waiting {
        let mut after = 0;
        let started = loop {
            let page = reader.history(*auction, after, HISTORY_PAGE_MAX).await?;
            if let Some(started) = page.iter().find(|recorded| recorded.event == Event::Started) {
                break started.at;
            }
            after = page.last().ok_or("an auction did not start")?.revision;
        };
        late.push(started.since(*starts_at).micros() as f64 / 1e3);
    }
    Ok(late)
}

fn sleep_until(at: Timestamp) -> Result<()> {
    let micros = at.since(SystemClock.now()).micros();
    thread::sleep(Duration::from_micros(u64::try_from(micros.max(0))?));
    Ok(())
}
