//! Statements that are put together from parts.

use super::super::driver::{Arguments, Database};
use super::super::value::Value;
use sqlx::AssertSqlSafe;
use sqlx::query::Query;
use std::fmt::Write as _;
use std::sync::Arc;

/// A condition with its values. Only texts of this program get into the text; everything else is a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Adds text.
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value.
    pub(super) fn value(&mut self, value: Value) -> &mut Self {
        // A value that stands there already keeps its number.
        let place = self.values.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.values.push(value);
            self.values.len() - 1
        });
        // Writing to a string cannot fail.
        let _ = write!(self.text, "${}", place + 1);
        self
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: i64) -> &mut Self {
        self.value(Value::Integer(number))
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The statement, with another text before it.
    pub(super) fn query(&self, before: &str) -> Query<'static, Database, Arguments> {
        let text: Arc<str> = format!("{before}{}", self.text).into();
        let query = sqlx::query(AssertSqlSafe(text));
        self.values.iter().cloned().fold(query, |query, value| value.bind(query))
    }
}
