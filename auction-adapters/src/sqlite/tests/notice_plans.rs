//! How SQLite goes about what is asked for again and again: along an index, never through everything.

use crate::sqlite::SqliteNotices;
use sqlx::Row as _;
use tempfile::TempDir;

#[tokio::test]
async fn claims_and_counts_look_only_at_what_they_are_about() {
    let folder = TempDir::new().unwrap();
    let notices = SqliteNotices::open(folder.path().join("auctions.db")).await.unwrap();
    for (sql, index) in [
        (
            "SELECT id FROM mails INDEXED BY mails_due WHERE state = 'waiting' AND due_at <= 5 AND (token IS NULL OR lease_until <= 5) \
          ORDER BY due_at, id LIMIT 9",
            "mails_due (due_at<?)",
        ),
        (
            "SELECT due_at FROM mails INDEXED BY mails_due WHERE state = 'waiting' AND token IS NULL ORDER BY due_at LIMIT 1",
            "mails_due",
        ),
        (
            "SELECT lease_until FROM mails INDEXED BY mails_held WHERE state = 'waiting' AND token IS NOT NULL",
            "mails_held",
        ),
        (
            "SELECT id FROM mails WHERE state = 'dead' AND id < 9 ORDER BY id DESC LIMIT 9",
            "mails_state (state=? AND id<?)",
        ),
        ("SELECT id FROM mails WHERE sealed IS NOT NULL AND expires_at <= 5", "mails_sealed (expires_at<?)"),
        (
            "SELECT id FROM mails INDEXED BY mails_over WHERE state IN ('sent', 'dropped') AND claimed_at < 5",
            "mails_over (claimed_at<?)",
        ),
        (
            "SELECT id FROM notice_rounds WHERE is_called = 0 AND due_at <= 5 \
          AND (lease_until IS NULL OR lease_until <= 5) ORDER BY due_at, id LIMIT 9",
            "notice_rounds_due (due_at<?)",
        ),
        (
            "SELECT id FROM notices WHERE user_id = 7 AND in_app = 1 AND id < 9 ORDER BY id DESC LIMIT 9",
            "notices_inbox (user_id=? AND id<?)",
        ),
        (
            "SELECT count(*) FROM notices WHERE user_id = 7 AND in_app = 1 AND is_read = 0",
            "notices_unread (user_id=?)",
        ),
        ("SELECT id FROM notices WHERE (is_read = 1 OR in_app = 0) AND at < 5", "notices_done (at<?)"),
    ] {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
        let rows = rows.fetch_all(&mut *notices.readers.take("look").await.unwrap()).await.unwrap();
        let steps = rows.iter().map(|row| row.get("detail")).collect::<Vec<String>>().join("; ");
        assert!(steps.contains(index) && !steps.contains("TEMP B-TREE"), "{sql}: {steps}");
    }
}
