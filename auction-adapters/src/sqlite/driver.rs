//! What bodies that are compiled for both databases call the driver, and where the dialects differ.

pub(super) use sqlx::Sqlite as Database;
pub(super) use sqlx::SqliteConnection as Connection;
pub(super) use sqlx::sqlite::SqliteArguments as Arguments;
pub(super) use sqlx::sqlite::SqliteRow as Row;

/// The elements of a JSON array, as rows with `key` (their places) and `value`.
macro_rules! each {
    ($parameter:literal, $name:literal) => {
        concat!("json_each(", $parameter, ") AS ", $name)
    };
}

/// The bytes that an element of a JSON array has in hex.
macro_rules! unhex {
    ($value:literal) => {
        concat!("unhex(", $value, ")")
    };
}

/// Locks the rows that are read until the transaction ends. Whoever writes has locked the whole file.
macro_rules! for_update {
    () => {
        ""
    };
}

/// The same, for rows that nobody else has locked.
macro_rules! skip_locked {
    () => {
        ""
    };
}

/// Along which index a table is read, where the planner has to be told.
macro_rules! indexed_by {
    ($index:literal) => {
        concat!(" INDEXED BY ", $index)
    };
}

/// The bidder of an event, as a column.
macro_rules! bidder {
    () => {
        "NULL AS bidder"
    };
}

/// The bidder of events of one kind, which has this name in JSON.
macro_rules! bidder_of {
    ($event:literal) => {
        concat!("private_part ->> '$.", $event, ".bidder'")
    };
}

/// Whether there is a table of awards: an older version may have been the last one to open the database.
pub(super) const HAS_AWARDS: &str = "SELECT count(*) > 0 AS found FROM sqlite_master WHERE name = 'awards'";

/// Whether events that are looked for by their bidders have a column with the bidder.
pub(super) const EVENTS_NAME_BIDDERS: bool = false;
