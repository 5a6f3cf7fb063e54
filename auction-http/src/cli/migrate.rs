//! `auction-server migrate`.

use super::{Common, block_on, complain, print, settings};
use crate::server::{Stores, make_folder};
use crate::settings::{Database, Settings};
use std::process::ExitCode;

/// Makes the database, or brings its tables up to date.
pub(super) fn run(common: &Common) -> ExitCode {
    match settings(&common.sources()) {
        Ok(settings) => block_on(migrate(settings)).unwrap_or_else(complain),
        Err(code) => code,
    }
}

async fn migrate(settings: Settings) -> ExitCode {
    if settings.database == Database::Memory {
        return complain("there is nothing to migrate: everything is kept in memory");
    }
    if let Database::Sqlite(path) = &settings.database
        && let Some(folder) = path.parent()
        && let Err(error) = make_folder(folder)
    {
        return complain(format_args!("{} cannot be made: {error}", folder.display()));
    }
    let migrated = match Stores::open(&settings.database).await {
        Ok(stores) => stores.close().await,
        Err(failure) => Err(failure),
    };
    match migrated {
        Ok(()) => print(&format!("{} is up to date\n", settings.shown_database())),
        Err(failure) => complain(super::said(&failure)),
    }
}
