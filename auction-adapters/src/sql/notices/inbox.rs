//! The inboxes of people.

use super::columns::{Reading, signed};
use super::failure::failure;
use super::write::notice_columns;
use super::{Notices, rows};
use async_trait::async_trait;
use auction_core::UserId;
use auction_core::notify::{Notice, NoticeId, Preferences};
use auction_core::ports::{
    Failure, INBOX_HEAD_MAX, INBOX_PAGE_MAX, InboxHead, InboxPage, InboxStore, NoticeCount,
};
use serde_json::json;

#[async_trait]
impl InboxStore for Notices {
    async fn inbox(&self, user: UserId, page: InboxPage, rows_max: usize) -> Result<Vec<Notice>, Failure> {
        const OPERATION: &str = "read an inbox";
        let (before, skipped) = match page {
            InboxPage::Before(before) => (before.map_or(i64::MAX, |before| signed(before.0)), 0),
            InboxPage::Skipping(skipped) => (i64::MAX, signed(skipped)),
        };
        let found = sqlx::query(concat!(
            "SELECT ",
            notice_columns!(),
            " FROM notices WHERE user_id = $1 AND in_app = 1 AND id < $2 ORDER BY id DESC LIMIT $3 OFFSET $4"
        ))
        .bind(signed(user.number()))
        .bind(before)
        .bind(signed(rows_max.min(INBOX_PAGE_MAX) as u64))
        .bind(skipped)
        .fetch_all(&mut *self.readers.take(OPERATION).await?)
        .await
        .map_err(|error| failure(OPERATION, error))?;
        let read = |row| rows::notice(&Reading::new(OPERATION, "notices", "notice_id", row)?);
        found.iter().map(read).collect()
    }

    async fn count_notices(&self, user: UserId) -> Result<NoticeCount, Failure> {
        const OPERATION: &str = "count notices";
        let sql = "SELECT CAST($1 AS BIGINT) AS id, \
                   (SELECT count(*) FROM notices WHERE user_id = $1 AND in_app = 1) AS whole, \
                   (SELECT count(*) FROM notices WHERE user_id = $1 AND in_app = 1 AND is_read = 0) AS unread";
        let query = sqlx::query(sql).bind(signed(user.number()));
        let row = query.fetch_one(&mut *self.readers.take(OPERATION).await?).await;
        let row = row.map_err(|error| failure(OPERATION, error))?;
        let reading = Reading::new(OPERATION, "notices", "id", &row)?;
        Ok(NoticeCount { all: reading.unsigned("whole")?, unread: reading.unsigned("unread")? })
    }

    async fn inbox_heads(&self, users: &[UserId]) -> Result<Vec<Option<InboxHead>>, Failure> {
        const OPERATION: &str = "find the heads of inboxes";
        let sql = concat!(
            "WITH wanted AS (SELECT CAST(asked.value AS BIGINT) AS user_id, asked.key AS place FROM ",
            each!("$1", "asked"),
            ") SELECT wanted.user_id, \
             (SELECT max(id) FROM notices WHERE user_id = wanted.user_id AND in_app = 1) AS newest, \
             (SELECT max(head.at) FROM (SELECT at FROM notices WHERE user_id = wanted.user_id AND in_app = 1 \
             ORDER BY id DESC LIMIT $2) AS head) AS latest FROM wanted ORDER BY wanted.place"
        );
        let query = sqlx::query(sql).bind(json!(users).to_string()).bind(signed(INBOX_HEAD_MAX as u64));
        let found = query.fetch_all(&mut *self.readers.take(OPERATION).await?).await;
        let read = |row| {
            let reading = Reading::new(OPERATION, "notices", "user_id", row)?;
            let (newest, latest) = (reading.maybe_unsigned("newest")?, reading.maybe_time("latest")?);
            Ok(newest.zip(latest).map(|(id, at)| InboxHead { id: NoticeId(id), at }))
        };
        found.map_err(|error| failure(OPERATION, error))?.iter().map(read).collect()
    }

    async fn read_notice(&self, user: UserId, notice: NoticeId) -> Result<Option<Notice>, Failure> {
        const OPERATION: &str = "mark a notice as read";
        let failed = |error| failure(OPERATION, error);
        let mut draft = self.pen.begin(OPERATION).await?;
        let row = sqlx::query(concat!(
            "UPDATE notices SET is_read = 1 WHERE id = $1 AND user_id = $2 AND in_app = 1 RETURNING ",
            notice_columns!()
        ))
        .bind(signed(notice.0))
        .bind(signed(user.number()))
        .fetch_optional(&mut *draft)
        .await
        .map_err(failed)?;
        let read = |row| rows::notice(&Reading::new(OPERATION, "notices", "notice_id", row)?);
        let notice = row.as_ref().map(read).transpose()?;
        draft.commit().await.map_err(failed)?;
        Ok(notice)
    }

    async fn read_all_notices(&self, user: UserId) -> Result<u64, Failure> {
        const OPERATION: &str = "mark all notices as read";
        let failed = |error| failure(OPERATION, error);
        let sql = concat!(
            "WITH unread AS MATERIALIZED (SELECT id FROM notices \
             WHERE user_id = $1 AND in_app = 1 AND is_read = 0 ORDER BY id",
            for_update!(),
            ") UPDATE notices SET is_read = 1 WHERE id IN (SELECT id FROM unread)"
        );
        let mut draft = self.pen.begin(OPERATION).await?;
        let query = sqlx::query(sql).bind(signed(user.number()));
        let count = query.execute(&mut *draft).await.map_err(failed)?.rows_affected();
        draft.commit().await.map_err(failed)?;
        Ok(count)
    }

    async fn prefer(&self, user: UserId, preferences: &Preferences) -> Result<(), Failure> {
        const OPERATION: &str = "write preferences";
        let failed = |error| failure(OPERATION, error);
        let chosen = preferences.chosen();
        let chosen: Vec<_> = chosen
            .map(|(kind, channels)| (kind.name(), i32::from(channels.mail), i32::from(channels.in_app)))
            .collect();
        let mut draft = self.pen.begin(OPERATION).await?;
        draft.hold(&[format!("how {user} is told")]).await.map_err(failed)?;
        let old =
            sqlx::query("DELETE FROM notice_preferences WHERE user_id = $1").bind(signed(user.number()));
        old.execute(&mut *draft).await.map_err(failed)?;
        let sql = concat!(
            "INSERT INTO notice_preferences (user_id, kind, mail, in_app) SELECT CAST($1 AS BIGINT), \
             chosen.value ->> 0, CAST(chosen.value ->> 1 AS BIGINT), CAST(chosen.value ->> 2 AS BIGINT) FROM ",
            each!("$2", "chosen")
        );
        let new = sqlx::query(sql).bind(signed(user.number())).bind(json!(chosen).to_string());
        new.execute(&mut *draft).await.map_err(failed)?;
        draft.commit().await.map_err(failed)
    }
}
