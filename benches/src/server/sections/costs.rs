//! What a bid, an auction and its end cost on Postgres: what a model of capacity is made of.
#![allow(clippy::disallowed_methods, reason = "it is waited for the end of auctions")]

use super::{Options, ROUND, folder, runtime};
use crate::report::table;
use crate::server::Result;
use crate::server::bidding::{Bids as Script, Seat};
use crate::server::client::{Client, Pace};
use crate::server::counter::{Bids, Counter, Crowd};
use crate::server::entries::{Line, Shape, commit};
use crate::server::message::Framing;
use crate::server::postgres::{Postgres, Spent, number};
use crate::server::stock::{Size, Stock, lots, lots_until};
use crate::server::subject::{Subject, resident, used_by_all};
use auction_adapters::postgres::{PostgresAccounts, PostgresDatabase, PostgresOptions, PostgresStore};
use auction_adapters::system::SystemClock;
use auction_core::ports::Clock;
use auction_core::{Span, Timestamp, UserId};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Bidders on one hot auction, and bids of each that are under way.
const HOT: [(usize, usize); 5] = [(1, 1), (8, 1), (32, 1), (128, 1), (128, 8)];
/// How many auctions are visited one after the other.
const COLD: usize = 2_000;
/// How many of them at a time.
const AT_ONCE: [usize; 4] = [1, 8, 32, 128];
/// How many auctions one commit writes to.
const ENTRIES: [usize; 4] = [1, 8, 32, 100];
/// How many auctions end at the same instant.
const ENDING: usize = 500;
/// How long before their end they are written, and bid on.
const BEFORE: Span = Span::from_secs(30);
/// How long the last of them may take before the run is given up.
const ENDED_MAX: Duration = Duration::from_secs(120);

/// Everything, one after the other.
pub(super) fn of_everything(_options: &Options) -> Result<String> {
    let runtime = runtime()?;
    let postgres = Postgres::start(folder()?)?;
    let url = runtime.block_on(postgres.database("auctions"))?;
    let (bids, memory) = runtime.block_on(bids(&postgres, &url))?;
    let commits = runtime.block_on(commits(&postgres, &url))?;
    let bytes = runtime.block_on(bytes(&url))?;
    let url = runtime.block_on(postgres.database("ending"))?;
    let ends = ends(&runtime, &postgres, &url)?;
    Ok(format!(
        "CPU time of this process (desk, store and who hands in, without a network) and of all processes of Postgres; log\n\
         of Postgres after a checkpoint, whole pages included.\n\n{bids}\n\
         A cached auction with one standing takes {memory:.1} KiB of a node.\n\n\
         One commit with one bid on each of so many auctions, without a desk:\n\n{commits}\n\
         Stored, indexes included, after a vacuum:\n\n{bytes}\n{ends}"
    ))
}

async fn open(url: &str) -> Result<PostgresStore> {
    Ok(PostgresStore::new(&PostgresDatabase::open(url, PostgresOptions::DEFAULT).await?))
}

/// Bids through the desk: a table, and the memory of an auction in KiB.
async fn bids(postgres: &Postgres, url: &str) -> Result<(String, f64)> {
    let mut rows = Vec::new();
    let store = open(url).await?;
    let hot = Counter::over(store.clone(), 1).await?;
    hot.run(Crowd { bidders: 1, depth: 1 }, ROUND / 5).await?;
    for (bidders, depth) in HOT {
        let crowd = Crowd { bidders, depth };
        rows.push(spent(postgres, "one auction", bidders * depth, hot.run(crowd, ROUND)).await?);
    }
    // All are kept until the end: what one of them gave back would be taken for memory that the next one needs.
    let (mut desks, before) = (vec![hot], resident(std::process::id()));
    for at_once in AT_ONCE {
        // Fewer where each waits for a sync of its own.
        let auctions = if at_once == 1 { COLD / 4 } else { COLD };
        let cold = Counter::over(store.clone(), auctions).await?;
        for what in ["auctions that are not cached", "auctions that are cached"] {
            rows.push(spent(postgres, what, at_once, visit(&cold, at_once)).await?);
        }
        desks.push(cold);
    }
    let cached: usize = desks.iter().map(|desk| desk.lots().len()).sum();
    let memory = resident(std::process::id()).saturating_sub(before) as f64 / cached as f64 / 1_024.0;
    for desk in desks {
        desk.end().await?;
    }
    let heading = [
        "bids on",
        "handed in together",
        "bids/s",
        "bids a commit",
        "CPU of the node a bid, us",
        "of Postgres, us",
        "WAL a bid, bytes",
    ];
    Ok((table(heading, &rows), memory))
}

async fn visit(counter: &Counter<PostgresStore>, at_once: usize) -> Result<Bids> {
    Ok(counter.visit(at_once).await)
}

async fn spent(
    postgres: &Postgres,
    what: &str,
    together: usize,
    work: impl Future<Output = Result<Bids>>,
) -> Result<[String; 7]> {
    postgres.checkpoint().await?;
    let (cpu, before) = (used_by_all(), postgres.spent().await?);
    let bids = work.await?;
    let spent = postgres.spent().await?.since(before);
    let cpu = used_by_all() - cpu;
    if bids.refused > 0 {
        return Err(format!("{} bids were refused", bids.refused).into());
    }
    let count = bids.accepted.max(1) as f64;
    Ok([
        what.to_owned(),
        together.to_string(),
        format!("{:.0}", bids.rate()),
        format!("{:.1}", count / spent.commits),
        format!("{:.0}", cpu * 1e6 / count),
        format!("{:.0}", spent.cpu * 1e6 / count),
        format!("{:.0}", spent.wal / count),
    ])
}

/// Commits of several auctions.
async fn commits(postgres: &Postgres, url: &str) -> Result<String> {
    let store = open(url).await?;
    let most = ENTRIES.into_iter().max().unwrap_or_default();
    let mut lines = Line::of(&store, &lots(&store, UserId::new(1)?, most).await?).await?;
    let mut rows = Vec::new();
    for auctions in ENTRIES {
        let shape = Shape { tasks: 1, auctions, bids: 1 };
        commit(&store, &mut lines, shape, ROUND / 5).await?;
        postgres.checkpoint().await?;
        let (cpu, before) = (used_by_all(), postgres.spent().await?);
        let rate = commit(&store, &mut lines, shape, ROUND).await?;
        let Spent { cpu: server, wal, commits } = postgres.spent().await?.since(before);
        rows.push([
            auctions.to_string(),
            format!("{:.2}", auctions as f64 / rate * 1e3),
            format!("{:.2}", (used_by_all() - cpu) * 1e3 / commits),
            format!("{:.2}", server * 1e3 / commits),
            format!("{:.1}", wal / commits / 1_024.0),
        ]);
    }
    let heading = ["auctions", "a commit, ms", "CPU of the node, ms", "of Postgres, ms", "WAL, KiB"];
    Ok(table(heading, &rows))
}

/// What is stored.
async fn bytes(url: &str) -> Result<String> {
    let mut rows = Vec::new();
    for (what, name) in [
        ("events", "an event, which nearly always is a bid"),
        ("receipts", "the receipt of a bid"),
        ("standings", "a bidder on an auction"),
        ("auctions", "an auction: its state"),
        ("lots", "an auction: its terms and texts"),
    ] {
        vacuum(url, what).await?;
        let sql = format!(
            "SELECT CAST(pg_total_relation_size('{what}') AS DOUBLE PRECISION) / greatest(count(*), 1) FROM {what}"
        );
        rows.push([what.to_owned(), name.to_owned(), format!("{:.0}", number(url, &sql).await?)]);
    }
    Ok(table(["table", "a row is", "bytes a row"], &rows))
}

async fn vacuum(url: &str, table: &str) -> Result<()> {
    use sqlx::{AssertSqlSafe, Connection as _};
    let mut connection = sqlx::postgres::PgConnection::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("VACUUM (ANALYZE) {table}"))).execute(&mut connection).await?;
    Ok(())
}

/// What a node does when auctions end: it closes them, and plans what their bidders are told.
fn ends(runtime: &tokio::runtime::Runtime, postgres: &Postgres, url: &str) -> Result<String> {
    let ends_at = SystemClock.now().after(BEFORE);
    let stock = runtime.block_on(ending(url, ends_at))?;
    let data = folder()?;
    let node = Subject::node(data.path(), url)?;
    let seats: Vec<_> = stock
        .lots
        .iter()
        .enumerate()
        .map(|(index, lot)| Seat { lot, token: &stock.bidder(index).token })
        .collect();
    let mut client = Client::connect(node.address, Framing::Http, seats.iter().map(|_| None))?;
    let told = client.run(&mut Script::over_http(&seats), Pace::Closed(1), ROUND)?;
    drop(client);
    if told.refused > 0 || SystemClock.now().after(Span::from_secs(12)) > ends_at {
        return Err(format!("it took too long to bid on everything, or {} bids failed", told.refused).into());
    }
    // What bids leave behind is worked off before it is looked how much an idle node takes.
    sleep_until(ends_at.before(Span::from_secs(6)));
    let idle = (Instant::now(), node.cpu(), runtime.block_on(postgres.spent())?);
    sleep_until(ends_at.before(Span::from_secs(1)));
    let (mut cpu, mut server) = (node.cpu(), runtime.block_on(postgres.spent())?);
    let (idle_cpu, idle_server) = (cpu - idle.1, server.since(idle.2).cpu);
    let idle_seconds = idle.0.elapsed().as_secs_f64();
    let started = Instant::now();
    sleep_until(ends_at);
    let closed =
        wait(runtime, url, "SELECT CAST(count(*) AS DOUBLE PRECISION) FROM auctions WHERE phase = 'ended'")?;
    let told =
        wait(runtime, url, "SELECT CAST(count(*) AS DOUBLE PRECISION) FROM notices WHERE kind = 'won'")?;
    let share = started.elapsed().as_secs_f64() / idle_seconds;
    let spent = runtime.block_on(postgres.spent())?.since(server);
    (cpu, server) = (node.cpu() - cpu - idle_cpu * share, spent);
    let each = |seconds: f64| seconds * 1e6 / ENDING as f64;
    Ok(format!(
        "{ENDING} auctions with bids end at the same instant: the last is closed {:.0} ms after it, and the last winner has a\n\
         notice {:.0} ms after it. Closing one and planning its notices takes {:.0} us of CPU of the node, {:.0} us of\n\
         Postgres, and {:.0} bytes of WAL; what both take when nothing happens is not counted.\n",
        closed.as_secs_f64() * 1e3,
        (closed + told).as_secs_f64() * 1e3,
        each(cpu),
        each(server.cpu - idle_server * share),
        server.wal / ENDING as f64,
    ))
}

async fn ending(url: &str, ends_at: Timestamp) -> Result<Stock> {
    let database = PostgresDatabase::open(url, PostgresOptions::DEFAULT).await?;
    let (store, accounts) = (PostgresStore::new(&database), PostgresAccounts::new(&database));
    let mut stock = Stock::put(&store, &accounts, Size { people: 32, lots: 0 }).await?;
    stock.lots = lots_until(&store, stock.people[0].id, ENDING, |_| ends_at).await?;
    database.close().await;
    Ok(stock)
}

/// How long it takes from now until a query counts all that end.
fn wait(runtime: &tokio::runtime::Runtime, url: &str, sql: &str) -> Result<Duration> {
    let started = Instant::now();
    while runtime.block_on(number(url, sql))? < ENDING as f64 {
        if started.elapsed() > ENDED_MAX {
            return Err("not everything ended".into());
        }
        sleep(Duration::from_millis(10));
    }
    Ok(started.elapsed())
}

fn sleep_until(at: Timestamp) {
    let micros = at.since(SystemClock.now()).micros();
    sleep(Duration::from_micros(micros.max(0).unsigned_abs()));
}
