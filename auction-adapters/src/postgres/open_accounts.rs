//! The accounts of a database that is open.

use super::{PostgresAccounts, PostgresDatabase};

impl PostgresAccounts {
    /// The accounts of a database. They share its connections.
    pub fn new(database: &PostgresDatabase) -> Self {
        Self { readers: database.readers(), pen: database.pen() }
    }
}
