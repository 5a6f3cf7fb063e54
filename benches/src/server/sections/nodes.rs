//! Three nodes that take bids on the same auctions.
#![allow(clippy::disallowed_methods, reason = "statistics are waited for")]

use super::{Options, folder, percent, runtime};
use crate::report::table;
use crate::server::Result;
use crate::server::client::{Client, Pace, Tally, call};
use crate::server::contest::Contest;
use crate::server::message::{Framing, get};
use crate::server::postgres::{Postgres, number};
use crate::server::stock::{Size, Stock};
use crate::server::subject::Subject;
use auction_adapters::postgres::{PostgresAccounts, PostgresDatabase, PostgresOptions, PostgresStore};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Row as _};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tempfile::TempDir;

/// How many nodes there are.
const NODES: usize = 3;
/// How many connections each has.
const CONNECTIONS: usize = 32;
/// One that is very hot, nine that are hot, and all others.
const AUCTIONS: usize = 1_000;
/// After how long it is looked whether there were enough bids.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long a server takes at most to count what its connections did.
const COUNTED_AFTER: Duration = Duration::from_secs(3);

/// Whether what is stored is of one piece: each answers how many auctions, or else rows, are not as they should be.
const CHECKS: [(&str, &str); 5] = [
    (
        "auctions with a gap in their versions",
        "SELECT count(*) FROM (SELECT auction_id FROM events WHERE is_public GROUP BY auction_id \
         HAVING min(version) <> 1 OR max(version) <> count(*)) AS gaps",
    ),
    (
        "auctions with a gap in their revisions",
        "SELECT count(*) FROM (SELECT auction_id FROM events GROUP BY auction_id \
         HAVING min(revision) <> 1 OR max(revision) <> count(*)) AS gaps",
    ),
    (
        "auctions whose state is not that of their events",
        "SELECT count(*) FROM auctions AS a JOIN (SELECT auction_id, max(version) AS version, \
         max(revision) AS revision, count(*) FILTER (WHERE kind = 'bid') AS bids FROM events GROUP BY auction_id) AS e \
         ON e.auction_id = a.id WHERE (a.version, a.revision, a.bid_count) <> (e.version, e.revision, e.bids)",
    ),
    (
        "bids without a receipt, or receipts without a bid",
        "SELECT abs((SELECT count(*) FROM events WHERE kind = 'bid') - (SELECT count(*) FROM receipts))",
    ),
    (
        "bidders whose bids are not counted as they are stored",
        "SELECT count(*) FROM (SELECT auction_id, bidder, count(*) AS bids FROM events WHERE kind = 'bid' \
         GROUP BY auction_id, bidder) AS e FULL JOIN (SELECT * FROM standings WHERE bids > 0) AS s \
         ON s.auction_id = e.auction_id AND s.user_id = e.bidder WHERE s.bids IS DISTINCT FROM e.bids",
    ),
];

/// What was measured.
struct Run {
    tally: Tally,
    contest: Contest,
    /// CPU time of the nodes, and what Postgres spent.
    nodes: f64,
    cpu: f64,
    wal: f64,
    conflicts: f64,
    commits: f64,
}

/// Bids from all nodes at once, and what is stored afterwards.
pub(super) fn contest(options: &Options) -> Result<String> {
    let runtime = runtime()?;
    let postgres = Postgres::start(folder()?)?;
    let url = runtime.block_on(postgres.database("auctions"))?;
    let stock = runtime.block_on(fill(&url))?;
    let run = run(&runtime, &postgres, (&url, &stock), options.bids)?;
    let findings = runtime.block_on(check(&url, &run.contest))?;
    let deadlocks = "SELECT CAST(deadlocks AS DOUBLE PRECISION) FROM pg_stat_database \
                     WHERE datname = current_database()";
    std::thread::sleep(COUNTED_AFTER);
    let deadlocks = runtime.block_on(number(&url, deadlocks))?;
    Ok(run.text(deadlocks, &findings))
}

async fn fill(url: &str) -> Result<Stock> {
    let database = PostgresDatabase::open(url, PostgresOptions::DEFAULT).await?;
    let (store, accounts) = (PostgresStore::new(&database), PostgresAccounts::new(&database));
    let size = Size { people: NODES * CONNECTIONS, lots: AUCTIONS };
    let stock = Stock::put(&store, &accounts, size).await?;
    database.close().await;
    Ok(stock)
}

fn run(
    runtime: &tokio::runtime::Runtime,
    postgres: &Postgres,
    (url, stock): (&str, &Stock),
    bids: u64,
) -> Result<Run> {
    let folders: Vec<TempDir> = (0..NODES).map(|_| folder()).collect::<Result<_>>()?;
    let nodes: Vec<_> = folders.iter().map(|data| Subject::node(data.path(), url)).collect::<Result<_>>()?;
    let node_of = |connection: usize| nodes[connection % NODES].address;
    let connections = NODES * CONNECTIONS;
    let mut client = Client::connect_to(Framing::Http, (0..connections).map(|index| (node_of(index), None)))?;
    let mut contest =
        Contest::new(&stock.lots, (0..connections).map(|index| stock.bidder(index).token.clone()));
    let (cpu, spent) = (nodes.iter().map(Subject::cpu).sum::<f64>(), runtime.block_on(postgres.spent())?);
    let mut tally = Tally::default();
    while contest.placed() < bids {
        tally.add(&client.run(&mut contest, Pace::Closed(1), LOOK_EVERY)?);
    }
    let spent = runtime.block_on(postgres.spent())?.since(spent);
    let used = nodes.iter().map(Subject::cpu).sum::<f64>() - cpu;
    drop(client);
    settle(&mut contest, node_of)?;
    let counted = |name: &str| nodes.iter().map(|node| metric(node, name)).sum::<Result<f64>>();
    let conflicts = counted("auction_postgres_conflicts_total")?;
    let commits = counted("auction_postgres_commits_total")?;
    Ok(Run { tally, contest, nodes: used, cpu: spent.cpu, wal: spent.wal, conflicts, commits })
}

/// Asks again what became of bids of which nobody knows, until it is known.
fn settle(contest: &mut Contest, node_of: impl Fn(usize) -> SocketAddr) -> Result<()> {
    use crate::server::client::Script as _;
    for connection in contest.open() {
        while contest.open().contains(&connection) {
            let mut request = Vec::new();
            contest.ask(connection, &mut request);
            let answer = call(node_of(connection), &request)?;
            contest.hear(connection, &answer);
        }
    }
    Ok(())
}

/// A counter of a node.
fn metric(node: &Subject, name: &str) -> Result<f64> {
    let answer = call(node.address, &get("/metrics"))?;
    let text = String::from_utf8_lossy(&answer);
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.and_then(|value| value.trim().parse().ok()).unwrap_or_default())
}

/// What is stored, beside what clients were told.
async fn check(url: &str, contest: &Contest) -> Result<Vec<(&'static str, f64)>> {
    let mut connection = PgConnection::connect(url).await?;
    let mut findings = Vec::new();
    for (name, sql) in CHECKS {
        let found: i64 = sqlx::query(sql).fetch_one(&mut connection).await?.try_get(0)?;
        findings.push((name, found as f64));
    }
    let sql = "SELECT auction_id, count(*) FROM events WHERE kind = 'bid' GROUP BY auction_id";
    let mut stored: BTreeMap<i64, i64> = BTreeMap::new();
    for row in sqlx::query(sql).fetch_all(&mut connection).await? {
        stored.insert(row.try_get(0)?, row.try_get(1)?);
    }
    let differs = |&(id, told): &(u64, u64)| {
        stored.get(&id.cast_signed()).copied().unwrap_or_default() != told.cast_signed()
    };
    let differing = contest.accepted_on_each().filter(differs).count();
    findings.push(("auctions with more or fewer bids than clients were told", differing as f64));
    Ok(findings)
}

impl Run {
    fn text(&self, deadlocks: f64, findings: &[(&str, f64)]) -> String {
        let accepted = self.contest.accepted() as f64;
        let row = [
            self.contest.placed().to_string(),
            format!("{accepted:.0}"),
            format!("{:.0}", self.tally.rate()),
            percent(self.contest.refused as f64, self.contest.placed() as f64),
            self.contest.unknown.to_string(),
            format!("{:.2}", accepted / self.commits),
            percent(self.conflicts, self.commits),
            format!("{:.0}", self.tally.latency(0.5) / 1e3),
            format!("{:.0}", self.tally.latency(0.99) / 1e3),
            format!("{:.0}", self.nodes * 1e6 / accepted),
            format!("{:.0}", self.cpu * 1e6 / accepted),
            format!("{:.0}", self.wal / accepted),
        ];
        let heading = [
            "placed",
            "accepted",
            "accepted/s",
            "refused",
            "unknown, asked again",
            "bids a commit",
            "conflicts to commits",
            "p50, ms",
            "p99, ms",
            "CPU of the nodes a bid, us",
            "of Postgres, us",
            "WAL a bid, bytes",
        ];
        let mut rows = vec![["deadlocks".to_owned(), format!("{deadlocks:.0}")]];
        rows.extend(findings.iter().map(|(name, count)| [(*name).to_owned(), format!("{count:.0}")]));
        format!(
            "{NODES} processes of `auction-server` over HTTP, {CONNECTIONS} connections to each, one bid of each under way, on\n\
             {AUCTIONS} auctions: 40 % of the bids go to one, 40 % to nine, the rest to all others. Each is one to three cents\n\
             above the price that was last told, whoever told it, and has a key. All duties of the nodes go on meanwhile.\n\
             Goal: no deadlock, nothing lost, nothing twice (P8).\n\n{}\n{}",
            table(heading, &[row]),
            table(["wrong", "how many"], &rows)
        )
    }
}
