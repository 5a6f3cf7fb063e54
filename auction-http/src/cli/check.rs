//! `auction-server check`.

use super::{Common, block_on, complain, print, settings};
use crate::progress::Bar;
use crate::settings::{Database, Settings};
use auction_adapters::sqlite::{Checked, FINDINGS_MAX, SqliteReader};
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
    let Database::Sqlite(path) = &settings.database else {
        return complain("there is nothing to check: everything is kept in memory");
    };
    match checked(path).await {
        Ok(checked) => told(path, &checked),
        Err(failure) => complain(format_args!("{}: {}", path.display(), super::said(&failure))),
    }
}

async fn checked(path: &Path) -> Result<Checked, Failure> {
    let mut reader = SqliteReader::open(path).await?;
    let count = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let bar = Bar::new("auctions checked", Some(0));
    let progress = |now: auction_adapters::sqlite::CheckProgress| {
        bar.tell_total(count(now.auctions_total));
        bar.tell(count(now.auctions));
    };
    reader.check(progress).await
}

/// What is wrong, a line each, is the result; that something is, is an error.
fn told(path: &Path, checked: &Checked) -> ExitCode {
    let Checked { auctions, events, wrong, findings, .. } = checked;
    let path = path.display();
    if checked.is_sound() {
        return print(&format!("{path} is sound: {auctions} auctions are what their {events} events make\n"));
    }
    let lines: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    print(&lines);
    let told =
        if findings.len() < FINDINGS_MAX { String::new() } else { format!("; {FINDINGS_MAX} are told") };
    complain(format_args!("{path} is damaged: {wrong} things are wrong in {auctions} auctions{told}"))
}
