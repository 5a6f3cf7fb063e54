//! The inboxes of people.

use super::write::notice_columns;
use super::{SqliteNotices, rows};
use crate::sqlite::columns::{Reading, signed};
use crate::sqlite::failure::failure;
use async_trait::async_trait;
use auction_core::UserId;
use auction_core::notify::{Notice, NoticeId, Preferences};
use auction_core::ports::{Failure, INBOX_PAGE_MAX, InboxPage, InboxStore, NoticeCount};
use serde_json::json;

#[async_trait]
impl InboxStore for SqliteNotices {
    async fn inbox(&self, user: UserId, page: InboxPage, rows_max: usize) -> Result<Vec<Notice>, Failure> {
        const OPERATION: &str = "read an inbox";
        let (before, skipped) = match page {
            InboxPage::Before(before) => (before.map_or(i64::MAX, |before| signed(before.0)), 0),
            InboxPage::Skipping(skipped) => (i64::MAX, signed(skipped)),
        };
        let found = sqlx::query(concat!(
            "SELECT ",
            notice_columns!(),
            " FROM notices WHERE user_id = ?1 AND in_app = 1 AND id < ?2 ORDER BY id DESC LIMIT ?3 OFFSET ?4"
        ))
        .bind(signed(user.number()))
        .bind(before)
        .bind(signed(rows_max.min(INBOX_PAGE_MAX) as u64))
        .bind(skipped)
        .fetch_all(&self.readers)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        let read = |row| rows::notice(&Reading::new(OPERATION, "notices", "notice_id", row)?);
        found.iter().map(read).collect()
    }

    async fn count_notices(&self, user: UserId) -> Result<NoticeCount, Failure> {
        const OPERATION: &str = "count notices";
        let sql = "SELECT ?1 AS id, (SELECT count(*) FROM notices WHERE user_id = ?1 AND in_app = 1) AS whole, \
                   (SELECT count(*) FROM notices WHERE user_id = ?1 AND in_app = 1 AND is_read = 0) AS unread";
        let row = sqlx::query(sql).bind(signed(user.number())).fetch_one(&self.readers).await;
        let row = row.map_err(|error| failure(OPERATION, error))?;
        let reading = Reading::new(OPERATION, "notices", "id", &row)?;
        Ok(NoticeCount { all: reading.unsigned("whole")?, unread: reading.unsigned("unread")? })
    }

    async fn read_notice(&self, user: UserId, notice: NoticeId) -> Result<Option<Notice>, Failure> {
        const OPERATION: &str = "mark a notice as read";
        let row = sqlx::query(concat!(
            "UPDATE notices SET is_read = 1 WHERE id = ?1 AND user_id = ?2 AND in_app = 1 RETURNING ",
            notice_columns!()
        ))
        .bind(signed(notice.0))
        .bind(signed(user.number()))
        .fetch_optional(&mut *self.pen.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        row.map(|row| rows::notice(&Reading::new(OPERATION, "notices", "notice_id", &row)?)).transpose()
    }

    async fn read_all_notices(&self, user: UserId) -> Result<u64, Failure> {
        const OPERATION: &str = "mark all notices as read";
        let sql = "UPDATE notices SET is_read = 1 WHERE user_id = ?1 AND in_app = 1 AND is_read = 0";
        let query = sqlx::query(sql).bind(signed(user.number()));
        let done = query.execute(&mut *self.pen.take(OPERATION).await?).await;
        Ok(done.map_err(|error| failure(OPERATION, error))?.rows_affected())
    }

    async fn prefer(&self, user: UserId, preferences: &Preferences) -> Result<(), Failure> {
        const OPERATION: &str = "write preferences";
        let failed = |error| failure(OPERATION, error);
        let chosen = preferences.chosen();
        let chosen: Vec<_> = chosen
            .map(|(kind, channels)| (kind.name(), i32::from(channels.mail), i32::from(channels.in_app)))
            .collect();
        let mut draft = self.pen.begin(OPERATION).await?;
        let old =
            sqlx::query("DELETE FROM notice_preferences WHERE user_id = ?1").bind(signed(user.number()));
        old.execute(&mut *draft).await.map_err(failed)?;
        let sql = "INSERT INTO notice_preferences (user_id, kind, mail, in_app) \
                   SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2)";
        let new = sqlx::query(sql).bind(signed(user.number())).bind(json!(chosen).to_string());
        new.execute(&mut *draft).await.map_err(failed)?;
        draft.commit().await.map_err(failed)
    }
}
