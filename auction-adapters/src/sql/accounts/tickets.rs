//! Tickets.

use super::rows::Table;
use super::{Accounts, Row, failure, lock, signed};
use async_trait::async_trait;
use auction_core::identity::{CHALLENGE_ATTEMPTS_MAX, Purpose, Ticket, TokenDigest};
use auction_core::ports::{Failure, TicketStore};

macro_rules! ticket_columns {
    () => {
        "id, token, purpose, user_id, expires_at, attempts"
    };
}

#[async_trait]
impl TicketStore for Accounts {
    async fn issue_ticket(&self, ticket: &Ticket) -> Result<(), Failure> {
        const OPERATION: &str = "issue a ticket";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        // Of two who write at once each would not see that of the other, and too many would stay.
        lock(&mut draft, ticket.user).await.map_err(failed)?;
        sqlx::query(
            "INSERT INTO tickets (token, purpose, user_id, expires_at, attempts) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(ticket.token.as_bytes().as_slice())
        .bind(ticket.purpose.name())
        .bind(signed(ticket.user.number()))
        .bind(ticket.expires_at.micros())
        .bind(i64::from(ticket.attempts))
        .execute(&mut *draft)
        .await
        .map_err(failed)?;
        sqlx::query(
            "DELETE FROM tickets WHERE user_id = $1 AND purpose = $2 AND id NOT IN \
             (SELECT id FROM tickets WHERE user_id = $1 AND purpose = $2 ORDER BY id DESC LIMIT $3)",
        )
        .bind(signed(ticket.user.number()))
        .bind(ticket.purpose.name())
        .bind(signed(ticket.purpose.per_user_max() as u64))
        .execute(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)
    }

    async fn ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        const OPERATION: &str = "read a ticket";
        let row = sqlx::query(concat!(
            "SELECT ",
            ticket_columns!(),
            " FROM tickets WHERE token = $1 AND purpose = $2"
        ))
        .bind(token.as_bytes().as_slice())
        .bind(purpose.name())
        .fetch_optional(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        row.as_ref().map(ticket).transpose()
    }

    async fn attempt_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        const OPERATION: &str = "count an attempt at a ticket";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let row = sqlx::query(concat!(
            "UPDATE tickets SET attempts = attempts + 1 WHERE token = $1 AND purpose = $2 AND attempts < $3 \
             RETURNING ",
            ticket_columns!()
        ))
        .bind(token.as_bytes().as_slice())
        .bind(purpose.name())
        .bind(i64::from(CHALLENGE_ATTEMPTS_MAX))
        .fetch_optional(&mut *draft)
        .await
        .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        row.as_ref().map(ticket).transpose()
    }

    async fn redeem_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<bool, Failure> {
        const OPERATION: &str = "redeem a ticket";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let removed = sqlx::query("DELETE FROM tickets WHERE token = $1 AND purpose = $2")
            .bind(token.as_bytes().as_slice())
            .bind(purpose.name())
            .execute(&mut *draft)
            .await
            .map_err(failed)?;
        draft.commit().await.map_err(failed)?;
        Ok(removed.rows_affected() > 0)
    }
}

fn ticket(row: &Row) -> Result<Ticket, Failure> {
    let table = Table { name: "tickets", row, key: "id" };
    Ok(Ticket {
        purpose: table.read("purpose", |name: String| Purpose::named(&name))?,
        user: table.user("user_id")?,
        token: table.read("token", |bytes: &[u8]| bytes.try_into().ok().map(TokenDigest::from_bytes))?,
        expires_at: table.time("expires_at")?,
        attempts: table.read("attempts", |attempts: i64| u8::try_from(attempts).ok())?,
    })
}
