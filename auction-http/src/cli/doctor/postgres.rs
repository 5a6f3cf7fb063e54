//! What the doctor says about a Postgres.

use super::super::said;
use super::{Finding, Verdict};
use crate::server::Stores;
use crate::settings::{Database, Postgres, Settings};
use auction_adapters::postgres::{Examined, Pooler, PostgresDatabase};
use auction_adapters::system::SystemClock;
use std::time::Duration;

/// The oldest version that is supported, as the server tells it.
const VERSION_MIN: u32 = 130_000;

/// A clock of this machine that is further away from that of the database is worth a word.
const OFFSET_MICROS_MAX: u64 = 1_000_000;

/// How many nodes there are, at the least, while one takes the place of another.
const NODES_MIN: u32 = 2;

/// Asks the server what it is; and where it will do, opens the database, which brings its tables up to date.
pub(super) async fn findings(settings: &Settings, postgres: &Postgres) -> Vec<Finding> {
    let url = postgres.remote.expose();
    let examined = match PostgresDatabase::examine(url, &postgres.options, &SystemClock).await {
        Ok(examined) => examined,
        Err(failure) => return vec![Finding(Verdict::Bad, "database", said(&failure))],
    };
    let mut findings = vec![server(&examined)];
    findings.extend(durability(&examined, settings.is_production()));
    findings.push(connections(&examined, postgres));
    findings.push(clock(&examined));
    if findings[0].0 != Verdict::Bad {
        findings.push(opened(&settings.database, &settings.shown_database()).await);
    }
    findings
}

fn server(examined: &Examined) -> Finding {
    let Examined { version, version_name, .. } = examined;
    let bad = |text: String| Finding(Verdict::Bad, "postgres", text);
    if *version < VERSION_MIN {
        return bad(format!("version {version_name}; it has to be {} or newer", VERSION_MIN / 10_000));
    }
    if examined.is_standby {
        return bad(format!("version {version_name}; it is a standby, which only reads"));
    }
    if examined.only_reads {
        return bad(format!("version {version_name}; it only reads: default_transaction_read_only is on"));
    }
    Finding(Verdict::Good, "postgres", format!("version {version_name}, and it takes writes"))
}

/// What can be lost, and by what.
fn durability(examined: &Examined, is_production: bool) -> Vec<Finding> {
    let finding = |verdict, text: &str| Finding(verdict, "durability", text.to_owned());
    let mut findings = Vec::new();
    // On one's own machine that is how one tries things out.
    let unsafe_verdict = if is_production { Verdict::Bad } else { Verdict::Worth };
    if !examined.fsync {
        let text = "fsync is off: when the server's machine ends, the whole database can be lost";
        findings.push(finding(unsafe_verdict, text));
    }
    if !examined.full_page_writes {
        let text = "full_page_writes is off: when the server's machine ends, the database can be damaged";
        findings.push(finding(unsafe_verdict, text));
    }
    match examined.synchronous_commit.as_str() {
        "off" => {
            let text = "synchronous_commit is off: acknowledged bids are lost when the server ends";
            findings.push(finding(Verdict::Worth, text));
        }
        "local" if examined.has_synchronous_standbys => {
            let text = "synchronous_commit is local: a bid is acknowledged before a standby has it, and can be lost \
                        with the server's disk";
            findings.push(finding(Verdict::Worth, text));
        }
        _ => {}
    }
    if !examined.has_synchronous_standbys {
        let text = "there is no synchronous standby (synchronous_standby_names is empty): acknowledged bids can be \
                    lost with the server's disk";
        findings.push(finding(Verdict::Worth, text));
    }
    if findings.is_empty() {
        findings.push(finding(Verdict::Good, "a bid is acknowledged when the disk and a standby have it"));
    }
    findings
}

/// Whether the nodes' connections find room.
fn connections(examined: &Examined, postgres: &Postgres) -> Finding {
    let (most, there_are) = (postgres.options.connections_max.get(), examined.connections_max);
    let finding = |verdict, text| Finding(verdict, "connections", text);
    if postgres.options.pooler == Pooler::Transaction {
        let text = format!("up to {most} to the pooler; the server has {there_are} for all");
        return finding(Verdict::Good, text);
    }
    if most > there_are {
        let text = format!("DATABASE_CONNECTIONS is {most}, and the server has {there_are} for all");
        return finding(Verdict::Bad, text);
    }
    if most.saturating_mul(NODES_MIN) > there_are {
        let text = format!(
            "DATABASE_CONNECTIONS is {most}, and the server has {there_are} for all: there is no room for a second node"
        );
        return finding(Verdict::Worth, text);
    }
    finding(Verdict::Good, format!("up to {most} of this node; the server has {there_are} for all"))
}

/// Nodes stamp the time of the database, so that this only says that one of the two is wrong.
fn clock(examined: &Examined) -> Finding {
    let ahead = examined.clock_ahead_micros;
    let offset = Duration::from_micros(ahead.unsigned_abs());
    let doubt = examined.clock_doubt;
    let side = if ahead < 0 { "behind" } else { "ahead of" };
    let text =
        format!("that of the database is {offset:.1?} {side} this machine's, give or take {doubt:.1?}");
    let verdict = if ahead.unsigned_abs() > OFFSET_MICROS_MAX { Verdict::Worth } else { Verdict::Good };
    Finding(verdict, "clocks", text)
}

async fn opened(database: &Database, shown: &str) -> Finding {
    let opened = match Stores::open(database).await {
        Ok(stores) => stores.close().await,
        Err(failure) => Err(failure),
    };
    match opened {
        Ok(()) => Finding(Verdict::Good, "database", format!("{shown} opens and is up to date")),
        Err(failure) => Finding(Verdict::Bad, "database", said(&failure)),
    }
}
