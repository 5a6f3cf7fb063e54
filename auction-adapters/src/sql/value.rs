//! Values that are bound to statements.

use super::driver::{Arguments, Database};
use sqlx::query::Query;

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
    pub(super) fn bind(self, query: Query<'_, Database, Arguments>) -> Query<'_, Database, Arguments> {
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
