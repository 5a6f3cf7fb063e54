//! Statements that write many rows at once.

use super::faults::Step;
use super::link::Link;
use crate::sqlite::value::Value;
use sqlx::AssertSqlSafe;
use std::sync::Arc;

/// How many rows one statement writes: the largest that fits, so that few different statements are prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// An `INSERT` of as many rows as there are.
#[derive(Debug)]
pub(super) struct Insert {
    table: &'static str,
    columns: &'static [&'static str],
    /// What stands after the rows.
    on_conflict: &'static str,
    texts: [Option<Arc<str>>; SIZES.len()],
}

impl Insert {
    pub(super) const fn new(
        table: &'static str,
        columns: &'static [&'static str],
        on_conflict: &'static str,
    ) -> Self {
        Self { table, columns, on_conflict, texts: [const { None }; SIZES.len()] }
    }

    /// Writes rows, whose values stand one after the other.
    pub(super) async fn run(&mut self, link: &mut Link, values: Vec<Value>) -> Result<(), sqlx::Error> {
        let width = self.columns.len();
        let mut left = values.len() / width;
        let mut values = values.into_iter();
        while left > 0 {
            let size = SIZES.iter().position(|size| *size <= left).unwrap_or(SIZES.len() - 1);
            let rows = SIZES[size];
            let text = Arc::clone(self.text(size));
            let mut query = sqlx::query(AssertSqlSafe(text));
            for value in values.by_ref().take(rows * width) {
                query = value.bind(query);
            }
            link.run(Step::Statement, query).await?;
            left -= rows;
        }
        Ok(())
    }

    fn text(&mut self, size: usize) -> &Arc<str> {
        let Self { table, columns, on_conflict, texts } = self;
        texts[size].get_or_insert_with(|| {
            // Without numbers: a place that has one is looked up among all others when it is bound.
            let row = format!("({})", vec!["?"; columns.len()].join(", "));
            let rows = vec![row; SIZES[size]].join(", ");
            format!("INSERT INTO {table} ({}) VALUES {rows}{on_conflict}", columns.join(", ")).into()
        })
    }
}
