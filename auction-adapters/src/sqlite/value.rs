//! Values that are bound to statements.

use sqlx::Sqlite;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Integer(i64),
    Maybe(Option<i64>),
    Text(String),
    MaybeText(Option<String>),
    Name(&'static str),
    Bytes(Vec<u8>),
}

impl Value {
    /// Binds it as the next argument.
    pub(super) fn bind(
        self,
        query: Query<'_, Sqlite, SqliteArguments>,
    ) -> Query<'_, Sqlite, SqliteArguments> {
        match self {
            Self::Integer(value) => query.bind(value),
            Self::Maybe(value) => query.bind(value),
            Self::Text(value) => query.bind(value),
            Self::MaybeText(value) => query.bind(value),
            Self::Name(value) => query.bind(value),
            Self::Bytes(value) => query.bind(value),
        }
    }
}
