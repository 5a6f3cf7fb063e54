//! Tickets in SQLite.

use super::rows::Table;
use super::{SqliteAccounts, failure, integer};
use async_trait::async_trait;
use auction_core::identity::{CHALLENGE_ATTEMPTS_MAX, Purpose, Ticket, TokenDigest};
use auction_core::ports::{Failure, TicketStore};
use sqlx::sqlite::SqliteRow;

macro_rules! ticket_columns {
    () => {
        "id, token, purpose, user_id, expires_at, attempts"
    };
}

#[async_trait]
impl TicketStore for SqliteAccounts {
    async fn issue_ticket(&self, ticket: &Ticket) -> Result<(), Failure> {
        const OPERATION: &str = "issue a ticket";
        let failed = |error| failure(OPERATION, error);
        let mut transaction = self.begin(OPERATION).await?;
        sqlx::query(
            "INSERT INTO tickets (token, purpose, user_id, expires_at, attempts) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .bind(ticket.token.as_bytes().as_slice())
        .bind(ticket.purpose.name())
        .bind(integer(ticket.user.number()))
        .bind(ticket.expires_at.micros())
        .bind(ticket.attempts)
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        sqlx::query(
            "DELETE FROM tickets WHERE user_id = ?1 AND purpose = ?2 AND id NOT IN \
             (SELECT id FROM tickets WHERE user_id = ?1 AND purpose = ?2 ORDER BY id DESC LIMIT ?3)",
        )
        .bind(integer(ticket.user.number()))
        .bind(ticket.purpose.name())
        .bind(integer(ticket.purpose.per_user_max() as u64))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
        transaction.commit().await.map_err(failed)
    }

    async fn ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        let row = sqlx::query(concat!(
            "SELECT ",
            ticket_columns!(),
            " FROM tickets WHERE token = ?1 AND purpose = ?2"
        ))
        .bind(token.as_bytes().as_slice())
        .bind(purpose.name())
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| failure("read a ticket", error))?;
        row.as_ref().map(ticket).transpose()
    }

    async fn attempt_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        let row = sqlx::query(concat!(
            "UPDATE tickets SET attempts = attempts + 1 WHERE token = ?1 AND purpose = ?2 AND attempts < ?3 \
             RETURNING ",
            ticket_columns!()
        ))
        .bind(token.as_bytes().as_slice())
        .bind(purpose.name())
        .bind(CHALLENGE_ATTEMPTS_MAX)
        .fetch_optional(&mut *self.pen().await?)
        .await
        .map_err(|error| failure("count an attempt at a ticket", error))?;
        row.as_ref().map(ticket).transpose()
    }

    async fn redeem_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<bool, Failure> {
        let removed = sqlx::query("DELETE FROM tickets WHERE token = ?1 AND purpose = ?2")
            .bind(token.as_bytes().as_slice())
            .bind(purpose.name())
            .execute(&mut *self.pen().await?)
            .await
            .map_err(|error| failure("redeem a ticket", error))?;
        Ok(removed.rows_affected() > 0)
    }
}

fn ticket(row: &SqliteRow) -> Result<Ticket, Failure> {
    let table = Table { name: "tickets", row, key: "id" };
    Ok(Ticket {
        purpose: table.read("purpose", |name: String| Purpose::named(&name))?,
        user: table.user("user_id")?,
        token: table.read("token", |bytes: &[u8]| bytes.try_into().ok().map(TokenDigest::from_bytes))?,
        expires_at: table.time("expires_at")?,
        attempts: table.read("attempts", |attempts: i64| u8::try_from(attempts).ok())?,
    })
}
