//! A connection for one call, on which each statement has to be answered in time.

use super::codes::is_settled;
use super::failure::{failure, refused};
use super::link::Links;
use super::options::{Pooler, PostgresOptions};
use auction_core::ports::{Failure, FailureKind};
use futures_util::Stream;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgQueryResult, PgRow, PgStatement, PgTypeInfo};
use sqlx::{AssertSqlSafe, Describe, Either, Execute, Executor, PgConnection, Postgres, SqlStr};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep, timeout};

/// How long a connection that is given back may take to undo what was begun and to answer once more, before it is closed.
const RETURN_DURATION_MAX: Duration = Duration::from_secs(1);

/// A connection for one call.
///
/// Each statement is answered within what it may take in the database and on the way, or the call fails. What was
/// begun and not committed is undone. Where a statement broke off, nobody knows what is still on its way: the connection
/// is closed, and the server undoes what was not committed.
#[derive(Debug)]
pub(super) struct Session {
    links: Links,
    connection: Option<PoolConnection<Postgres>>,
    answer_duration_max: Duration,
    /// A transaction was begun, and neither committed nor rolled back.
    is_open: bool,
    /// The last statement was not answered.
    is_busy: bool,
}

impl Session {
    pub(super) async fn take(links: &Links, operation: &'static str) -> Result<Self, Failure> {
        let connection = links.pool().acquire().await.map_err(|error| failure(operation, error))?;
        Ok(Self {
            links: links.clone(),
            connection: Some(connection),
            answer_duration_max: links.answer_duration_max(),
            is_open: false,
            is_busy: false,
        })
    }

    /// Waits for each answer for so long from now on: for what nobody else waits for, and what takes longer in a large
    /// database. The server has to be told as well.
    pub(super) fn be_patient(&mut self, answer_duration_max: Duration) {
        self.answer_duration_max = answer_duration_max;
    }

    /// Begins a transaction, where single statements would not do.
    pub(super) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        self.begin_as("BEGIN").await
    }

    /// Begins a transaction with these words.
    pub(super) async fn begin_as(&mut self, begin: &str) -> Result<(), sqlx::Error> {
        let begin = self.links.begin_text(begin);
        self.run_first(begin).await
    }

    /// Begins a transaction with a statement that takes nothing from outside, and whose answer does not matter.
    pub(super) async fn begin_with(&mut self, statement: &str) -> Result<(), sqlx::Error> {
        let begin = self.links.begin_text("BEGIN");
        self.run_first(format!("{begin}; {statement}")).await
    }

    async fn run_first(&mut self, statements: String) -> Result<(), sqlx::Error> {
        self.is_open = true;
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(self).await.map(drop)
    }

    /// Begins a transaction behind a pooler that knows transactions only.
    pub(super) async fn begin_where_needed(&mut self) -> Result<(), sqlx::Error> {
        match self.links.pooler() {
            Pooler::Session => Ok(()),
            Pooler::Transaction => self.begin().await,
        }
    }

    /// Commits what was begun.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        if self.is_open {
            sqlx::raw_sql("COMMIT").execute(&mut self).await?;
            self.is_open = false;
        }
        Ok(())
    }

    /// Closes the connection, and doubts the others: what was answered makes no sense.
    pub(super) fn close(mut self) {
        self.is_busy = true;
    }

    /// The connection, and what a statement on it has to keep.
    fn parts(&mut self) -> (&mut PgConnection, Bound<'_>) {
        self.is_busy = true;
        let connection = self.connection.as_mut().expect("invariant: it is only taken at the end");
        let wait = Box::pin(sleep(self.answer_duration_max));
        (connection, Bound { wait, is_busy: &mut self.is_busy })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        // Without a runtime nobody waits for an answer.
        let runtime = Handle::try_current();
        let (Ok(runtime), false) = (runtime, self.is_busy) else {
            self.links.doubt();
            drop(connection.detach());
            return;
        };
        let (links, is_open) = (self.links.clone(), self.is_open);
        runtime.spawn(async move {
            let given_back = async {
                if is_open && sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.is_err() {
                    links.doubt();
                    drop(connection.detach());
                    return;
                }
                connection.return_to_pool().await;
            };
            if timeout(RETURN_DURATION_MAX, given_back).await.is_err() {
                links.doubt();
            }
        });
    }
}

/// How long a statement may take; and whether it was answered.
struct Bound<'a> {
    wait: Pin<Box<Sleep>>,
    is_busy: &'a mut bool,
}

impl Bound<'_> {
    /// Notes what came of a statement.
    fn note(&mut self, error: Option<&sqlx::Error>) {
        if error.is_none_or(is_settled) {
            *self.is_busy = false;
        }
    }

    async fn keep<T>(
        mut self,
        answer: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        tokio::select! {
            biased;
            answer = answer => {
                self.note(answer.as_ref().err());
                answer
            }
            () = &mut self.wait => Err(late()),
        }
    }
}

/// Rows, as long as they come in time.
struct Rows<'a> {
    rows: BoxStream<'a, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>,
    bound: Bound<'a>,
}

impl Stream for Rows<'_> {
    type Item = Result<Either<PgQueryResult, PgRow>, sqlx::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Poll::Ready(item) = self.rows.as_mut().poll_next(context) {
            match &item {
                Some(Ok(_)) => {}
                Some(Err(error)) => self.bound.note(Some(error)),
                None => self.bound.note(None),
            }
            return Poll::Ready(item);
        }
        ready!(self.bound.wait.as_mut().poll(context));
        Poll::Ready(Some(Err(late())))
    }
}

/// Everything that is asked of a session comes through here.
impl<'c> Executor<'c> for &'c mut Session {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (connection, bound) = self.parts();
        Box::pin(Rows { rows: connection.fetch_many(query), bound })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (connection, bound) = self.parts();
        Box::pin(bound.keep(connection.fetch_optional(query)))
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        let (connection, bound) = self.parts();
        Box::pin(bound.keep(connection.prepare_with(sql, parameters)))
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        let (connection, bound) = self.parts();
        Box::pin(bound.keep(connection.describe(sql)))
    }
}

fn late() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database did not answer in time"))
}

/// Waits for a call of several statements, but not longer than one of them may take.
pub(super) async fn in_time<T>(
    options: &PostgresOptions,
    operation: &'static str,
    call: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match timeout(options.answer_duration_max(), call).await {
        Ok(result) => result,
        Err(_) => Err(refused(FailureKind::Unavailable, operation, "the database did not answer in time")),
    }
}
