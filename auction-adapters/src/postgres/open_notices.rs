//! Opening notices.

use super::database::PostgresDatabase;
use super::notices::Notices;

impl Notices {
    /// Those of a database.
    pub fn new(database: &PostgresDatabase) -> Self {
        let durable_pen = database.pen();
        Self { readers: database.readers(), pen: durable_pen.clone().in_passing(), durable_pen }
    }
}
