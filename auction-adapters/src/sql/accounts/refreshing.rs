//! Sessions whose secret changes.

use super::rows::{account, session};
use super::{Accounts, failure, signed};
use async_trait::async_trait;
use auction_core::identity::{Account, Session, SessionId};
use auction_core::ports::{Failure, RefreshStore, Rotated, Rotation};

#[async_trait]
impl RefreshStore for Accounts {
    async fn session_by_number(&self, number: SessionId) -> Result<Option<(Session, Account)>, Failure> {
        const OPERATION: &str = "read a session by its number";
        let row = sqlx::query(concat!(
            "SELECT ",
            session_columns!(),
            ", ",
            account_columns!(),
            " FROM sessions JOIN accounts ON accounts.id = sessions.user_id WHERE sessions.id = $1"
        ))
        .bind(signed(number.number()))
        .fetch_optional(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        row.map(|row| Ok((session(&row)?, account(&row)?))).transpose()
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        const OPERATION: &str = "rotate a session";
        let failed = |error| failure(OPERATION, error);
        let number = signed(rotation.session.number());
        let mut draft = self.pen.begin(OPERATION).await?;
        // Of many with one secret all wait for the first to write the row, and find another secret in it then.
        let written =
            sqlx::query("UPDATE sessions SET token = $3, expires_at = $4 WHERE id = $1 AND token = $2")
                .bind(number)
                .bind(rotation.shown.as_bytes().as_slice())
                .bind(rotation.next.as_bytes().as_slice())
                .bind(rotation.expires_at.micros())
                .execute(&mut *draft)
                .await
                .map_err(failed)?;
        let rotated = if written.rows_affected() > 0 {
            Rotated::Done
        } else {
            let removed = sqlx::query("DELETE FROM sessions WHERE id = $1").bind(number);
            let removed = removed.execute(&mut *draft).await.map_err(failed)?;
            if removed.rows_affected() > 0 { Rotated::Reused } else { Rotated::Missing }
        };
        draft.commit().await.map_err(failed)?;
        Ok(rotated)
    }
}
