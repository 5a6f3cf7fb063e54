//! Connections that read, and transactions that write.

use super::failure::failure;
use super::link::Links;
use super::session::Session;
use auction_core::ports::Failure;
use std::ops::{Deref, DerefMut};

/// Hands out transactions that write.
#[derive(Clone, Debug)]
pub(super) struct Pen {
    links: Links,
    /// How transactions begin.
    begin: &'static str,
}

/// Hands out connections that read.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    links: Links,
}

/// A transaction that writes, and is rolled back if it is dropped.
#[derive(Debug)]
pub(super) struct Draft {
    session: Session,
}

/// A connection that reads, until it is dropped.
#[derive(Debug)]
pub(super) struct View {
    session: Session,
}

impl Pen {
    pub(super) const fn new(links: Links) -> Self {
        Self { links, begin: "BEGIN" }
    }

    /// What is written waits for no disk: should the machine lose it, it loses what was written after it as well.
    pub(super) fn in_passing(self) -> Self {
        Self { begin: "BEGIN; SET LOCAL synchronous_commit = off", ..self }
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&self, operation: &'static str) -> Result<Draft, Failure> {
        let mut session = Session::take(&self.links, operation).await?;
        session.begin_as(self.begin).await.map_err(|error| failure(operation, error))?;
        Ok(Draft { session })
    }
}

impl Readers {
    pub(super) const fn new(links: Links) -> Self {
        Self { links }
    }

    /// A connection on which each statement sees what was committed before it began.
    pub(super) async fn take(&self, operation: &'static str) -> Result<View, Failure> {
        let mut session = Session::take(&self.links, operation).await?;
        session.begin_where_needed().await.map_err(|error| failure(operation, error))?;
        Ok(View { session })
    }

    /// A connection on which all statements see what was committed before the first of them began.
    pub(super) async fn view(&self, operation: &'static str) -> Result<View, Failure> {
        let mut session = Session::take(&self.links, operation).await?;
        let begun = session.begin_as("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await;
        begun.map_err(|error| failure(operation, error))?;
        Ok(View { session })
    }
}

impl Draft {
    /// Waits until nobody else works on what has these names, and keeps others waiting until the end: those who write
    /// about the same person or address by several statements do so one after the other.
    pub(super) async fn hold(&mut self, names: &[String]) -> Result<(), sqlx::Error> {
        // In one order, so that no two wait for each other.
        let sql = "SELECT pg_advisory_xact_lock(held.key) FROM (SELECT DISTINCT hashtextextended(name, 0) AS key \
                   FROM unnest($1::text[]) AS names (name) ORDER BY key) AS held";
        sqlx::query(sql).bind(names).execute(&mut self.session).await.map(drop)
    }

    /// Writes what the transaction did.
    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        self.session.commit().await
    }
}

impl Deref for Draft {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Draft {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}

impl Deref for View {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for View {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
