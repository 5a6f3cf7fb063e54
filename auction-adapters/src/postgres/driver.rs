//! What bodies that are compiled for both databases call the driver, and where the dialects differ.

pub(super) use super::session::Session as Connection;
pub(super) use sqlx::Postgres as Database;
pub(super) use sqlx::postgres::PgArguments as Arguments;
pub(super) use sqlx::postgres::PgRow as Row;

/// The elements of a JSON array, as rows with `key` (their places) and `value`.
macro_rules! each {
    ($parameter:literal, $name:literal) => {
        concat!(
            "jsonb_array_elements(CAST(",
            $parameter,
            " AS JSONB)) WITH ORDINALITY AS ",
            $name,
            " (value, key)"
        )
    };
}

/// The bytes that an element of a JSON array has in hex.
macro_rules! unhex {
    ($value:literal) => {
        concat!("decode(", $value, " #>> '{}', 'hex')")
    };
}

/// Locks the rows that are read until the transaction ends.
macro_rules! for_update {
    () => {
        " FOR UPDATE"
    };
}

/// The same, for rows that nobody else has locked.
macro_rules! skip_locked {
    () => {
        " FOR UPDATE SKIP LOCKED"
    };
}

/// Along which index a table is read, where the planner has to be told.
macro_rules! indexed_by {
    ($index:literal) => {
        ""
    };
}

/// The bidder of an event, as a column.
macro_rules! bidder {
    () => {
        "bidder"
    };
}

/// The bidder of events of one kind, which has this name in JSON.
macro_rules! bidder_of {
    ($event:literal) => {
        "bidder"
    };
}

/// Whether there is a table of awards: an older version may have been the last one to open the database.
pub(super) const HAS_AWARDS: &str = "SELECT to_regclass('awards') IS NOT NULL AS found";

/// Whether events that are looked for by their bidders have a column with the bidder.
pub(super) const EVENTS_NAME_BIDDERS: bool = true;
