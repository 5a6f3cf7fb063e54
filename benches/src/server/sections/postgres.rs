//! Bids through the desk on Postgres.

use super::{Options, ROUND, ROUNDS, folder, runtime};
use crate::report::table;
use crate::server::Result;
use crate::server::counter::{Bids, Counter, Crowd};
use crate::server::disk::syncs;
use crate::server::entries::{Line, Shape, commit};
use crate::server::postgres::{Postgres, Spent};
use crate::server::rowlock::RowLocks;
use crate::server::stock::lots;
use crate::server::subject::used_by_all;
use auction_adapters::postgres::{PostgresDatabase, PostgresOptions, PostgresStore};
use auction_core::UserId;
use std::num::NonZeroU32;

/// Bidders, auctions and bids of each bidder that are under way; those of an auction hand in together.
const CROWDS: [(usize, usize, usize); 5] = [(1, 1, 1), (32, 1, 1), (32, 32, 1), (100, 1, 16), (100, 100, 16)];
/// Bidders on one auction who hand in alone.
const APART: usize = 32;
/// How `pgbench` bids: clients, and what came of it.
const CLIENTS: [usize; 2] = [1, 32];
/// For how long, in whole seconds.
const CLIENT_SECONDS: u64 = 2;
/// How bids are committed without a desk.
const SHAPES: [Shape; 5] = [
    Shape { tasks: 1, auctions: 1, bids: 1 },
    Shape { tasks: 32, auctions: 1, bids: 1 },
    Shape { tasks: 1, auctions: 100, bids: 1 },
    Shape { tasks: 2, auctions: 100, bids: 1 },
    Shape { tasks: 1, auctions: 1, bids: 100 },
];
/// Connections for those who commit one by one at the same time: a quarter of them is for bids.
const CONNECTIONS_MAX: NonZeroU32 = NonZeroU32::MIN.saturating_add(4 * 32 - 1);

/// What came of something that was measured round by round.
#[derive(Clone, Copy, Default)]
struct Total {
    bids: f64,
    refused: u64,
    seconds: f64,
    /// CPU time of this process and of what it started, in seconds.
    client: f64,
    server: Spent,
}

/// Short rounds beside the probes.
pub(super) fn throughput(_options: &Options) -> Result<String> {
    let runtime = runtime()?;
    let postgres = Postgres::start(folder()?)?;
    runtime.block_on(measure(&postgres))
}

async fn measure(postgres: &Postgres) -> Result<String> {
    let scratch = folder()?;
    let plain = RowLocks::open(postgres.database("plain").await?, scratch.path()).await?;
    let url = postgres.database("auctions").await?;
    let database = PostgresDatabase::open(&url, PostgresOptions::DEFAULT).await?;
    let desks = [
        Counter::over(PostgresStore::new(&database), 1).await?,
        Counter::over(PostgresStore::new(&database), 32).await?,
        Counter::over(PostgresStore::new(&database), 100).await?,
    ];
    let wide = PostgresOptions::DEFAULT.with_connections_max(CONNECTIONS_MAX);
    let wide = PostgresStore::new(&PostgresDatabase::open(&url, wide).await?);
    let mut lines = Line::of(&wide, &lots(&wide, UserId::new(1)?, 200).await?).await?;
    let mut totals = [Total::default(); CROWDS.len()];
    let (mut plains, mut shapes) = ([Total::default(); CLIENTS.len()], [Total::default(); SHAPES.len()]);
    let (mut sync, mut apart) = (0.0, Total::default());
    for _ in 0..ROUNDS {
        sync += syncs(scratch.path(), ROUND / 2)?.0 / ROUNDS as f64;
        for (clients, total) in CLIENTS.iter().zip(&mut plains) {
            let run = async { Ok(accepted(plain.run(*clients, CLIENT_SECONDS)?, CLIENT_SECONDS as f64)) };
            total.run(postgres, run).await?;
        }
        for ((bidders, auctions, depth), total) in CROWDS.iter().zip(&mut totals) {
            let desk = match auctions {
                1 => &desks[0],
                32 => &desks[1],
                _ => &desks[2],
            };
            let crowd = Crowd { bidders: *bidders, depth: *depth };
            total.run(postgres, desk.run(crowd, ROUND)).await?;
        }
        apart.run(postgres, desks[0].run_apart(APART, ROUND)).await?;
        for (shape, total) in SHAPES.iter().zip(&mut shapes) {
            let run = async {
                let rate = commit(&wide, &mut lines, *shape, ROUND).await?;
                Ok(accepted(rate, ROUND.as_secs_f64()))
            };
            total.run(postgres, run).await?;
        }
    }
    for desk in desks {
        desk.end().await?;
    }
    Ok(text(sync, &plains, (&totals, &apart), &shapes))
}

/// So many bids a second, for so long.
fn accepted(rate: f64, seconds: f64) -> Bids {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bids")]
    let accepted = (rate * seconds).round() as u64;
    Bids { accepted, refused: 0, seconds }
}

impl Total {
    async fn run(&mut self, postgres: &Postgres, work: impl Future<Output = Result<Bids>>) -> Result<()> {
        let (client, server) = (used_by_all(), postgres.spent().await?);
        let bids = work.await?;
        self.server.add(postgres.spent().await?.since(server));
        self.client += used_by_all() - client;
        self.bids += bids.accepted as f64;
        self.refused += bids.refused;
        self.seconds += bids.seconds;
        Ok(())
    }

    /// Bids in a second.
    fn rate(&self) -> f64 {
        self.bids / self.seconds
    }

    /// CPU time of a bid on this side and in Postgres, and bytes of its log.
    fn costs(&self) -> [String; 3] {
        let each = |sum: f64| format!("{:.0}", sum / self.bids.max(1.0));
        [each(self.client * 1e6), each(self.server.cpu * 1e6), each(self.server.wal)]
    }
}

fn text(sync: f64, plain: &[Total], (totals, apart): (&[Total], &Total), shapes: &[Total]) -> String {
    let [one, many] = [plain[0].rate(), plain[1].rate()];
    let plain_row = |(clients, total): (&usize, &Total)| {
        let [client, server, wal] = total.costs();
        let [to_many, to_one] = [many, one].map(|probe| format!("{:.1}", total.rate() / probe));
        let bidders = format!("{clients} of `pgbench`");
        let rate = format!("{:.0}", total.rate());
        let none = String::new;
        [
            bidders,
            "1".to_owned(),
            "1".to_owned(),
            rate,
            none(),
            to_many,
            to_one,
            none(),
            none(),
            client,
            server,
            wal,
        ]
    };
    let bids = |(bidders, auctions, depth): (String, usize, usize), total: &Total| {
        let rate = total.rate();
        let [client, server, wal] = total.costs();
        [
            bidders,
            auctions.to_string(),
            depth.to_string(),
            format!("{rate:.0}"),
            total.refused.to_string(),
            format!("{:.1}", rate / many),
            format!("{:.1}", rate / one),
            format!("{:.1}", rate / totals[0].rate()),
            format!("{:.1}", total.bids / total.server.commits),
            client,
            server,
            wal,
        ]
    };
    let mut rows: Vec<_> = CLIENTS.iter().zip(plain).map(plain_row).collect();
    let crowds = CROWDS.iter().zip(totals);
    rows.extend(
        crowds
            .map(|((bidders, auctions, depth), total)| bids((bidders.to_string(), *auctions, *depth), total)),
    );
    rows.push(bids((format!("{APART}, each alone"), 1, 1), apart));
    let heading = [
        "bidders",
        "auctions",
        "under way each",
        "bids/s",
        "refused",
        "to 32 row locks",
        "to one row lock",
        "to one bidder",
        "bids a commit",
        "CPU a bid, us",
        "of Postgres, us",
        "WAL a bid, bytes",
    ];
    let commits = |(shape, total): (&Shape, &Total)| {
        let [client, server, wal] = total.costs();
        [
            shape.tasks.to_string(),
            shape.auctions.to_string(),
            shape.bids.to_string(),
            format!("{:.0}", total.rate()),
            format!("{:.1}", total.rate() / shapes[0].rate()),
            format!("{:.1}", total.rate() / shapes[1].rate()),
            client,
            server,
            wal,
        ]
    };
    let commits: Vec<_> = SHAPES.iter().zip(shapes).map(commits).collect();
    let commit_heading = [
        "commits at the same time",
        "auctions in each",
        "bids on each",
        "bids/s",
        "to one bid a commit, one by one",
        "to one bid a commit, 32 at a time",
        "CPU a bid, us",
        "of Postgres, us",
        "WAL a bid, bytes",
    ];
    format!(
        "Straight bids with idempotency keys through `DeskRuntime` on `PostgresStore`, which waits for the disk\n\
         (`fsync`, `synchronous_commit`, `full_page_writes`). Goals: one auction with 32 bidders at least 10 x a plain\n\
         transaction that locks the row of the auction, with 32 clients, and 2 x one bidder (P7). Probes: pages written\n\
         and synced one by one, {sync:.0}/s; `pgbench` with four prepared statements a bid on one row.\n\n{}\n\
         The same store without a desk, states, events, standings and receipts included. Goal: batches of 100 at least\n\
         5 x one bid a commit (P8).\n\n{}",
        table(heading, &rows),
        table(commit_heading, &commits)
    )
}
