//! `auction-server check`.

use super::{Common, block_on, complain, print, settings};
use crate::progress::Bar;
use crate::settings::{Database, Postgres, Settings};
use auction_adapters::postgres::{PostgresDatabase, PostgresStore};
use auction_adapters::sqlite::{CheckProgress, Checked, FINDINGS_MAX, SqliteReader};
use auction_core::ports::Failure;
use std::path::Path;
use std::process::ExitCode;

/// Folds every log of events and compares it with what is stored. Fails where something is wrong.
pub(super) fn run(common: &Common) -> ExitCode {
    match settings(&common.sources()) {
        Ok(settings) => block_on(check(&settings)).unwrap_or_else(complain),
        Err(code) => code,
    }
}

async fn check(settings: &Settings) -> ExitCode {
    let bar = Bar::new("auctions checked", Some(0));
    let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let progress = |now: CheckProgress| {
        bar.tell_total(count(now.auctions_total));
        bar.tell(count(now.auctions));
    };
    let checked = match &settings.database {
        Database::Sqlite(path) => in_file(path, progress).await,
        Database::Postgres(postgres) => in_postgres(postgres, progress).await,
        Database::Memory => return complain("there is nothing to check: everything is kept in memory"),
    };
    drop(bar);
    let database = settings.shown_database();
    match checked {
        Ok(checked) => told(&database, &checked),
        Err(failure) => complain(format_args!("{database}: {}", super::said(&failure))),
    }
}

async fn in_file(path: &Path, progress: impl FnMut(CheckProgress) + Send) -> Result<Checked, Failure> {
    SqliteReader::open(path).await?.check(progress).await
}

/// Nothing is brought up to date: nodes of an older version may be at work.
async fn in_postgres(
    postgres: &Postgres,
    progress: impl FnMut(CheckProgress) + Send,
) -> Result<Checked, Failure> {
    let database = PostgresDatabase::lazy(postgres.remote.expose(), postgres.options)?;
    let checked = PostgresStore::new(&database).check(progress).await;
    database.close().await;
    checked
}

/// What is wrong, a line each, is the result; that something is, is an error.
fn told(database: &str, checked: &Checked) -> ExitCode {
    let Checked { auctions, events, wrong, findings, .. } = checked;
    if checked.is_sound() {
        return print(&format!(
            "{database} is sound: {auctions} auctions are what their {events} events make\n"
        ));
    }
    let lines: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    print(&lines);
    let told =
        if findings.len() < FINDINGS_MAX { String::new() } else { format!("; {FINDINGS_MAX} are told") };
    complain(format_args!("{database} is damaged: {wrong} things are wrong in {auctions} auctions{told}"))
}
