//! Rows that make no sense, and what must not be found in rows.

use super::{Nodes, at, claim, letter, step, told, user};
use auction_core::notify::{MailClass, MailEnd, MailState, NoticeKind, Plan};
use auction_core::ports::{
    Failure, FailureKind, InboxPage, InboxStore as _, OutboxStore as _, RelayStore as _,
};
use sqlx::Row as _;

async fn with_a_notice() -> Nodes {
    let nodes = Nodes::new().await;
    let round = super::round(NoticeKind::Ended, 0);
    let notices = vec![told(1, 7, NoticeKind::Started, 0)];
    nodes.first.plan(&[Plan { notices, rounds: vec![round], ..step(1, 0) }]).await.unwrap();
    nodes
}

async fn spoil(nodes: &Nodes, sql: &'static str) {
    let spoilt = sqlx::query(sql).execute(&mut nodes.database.connection().await).await.unwrap();
    assert_eq!(spoilt.rows_affected(), 1);
}

fn named<T: std::fmt::Debug>(answer: Result<T, Failure>) -> String {
    let failure = answer.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Corrupt);
    failure.source.unwrap().to_string()
}

#[tokio::test]
async fn a_row_of_a_notice_that_makes_no_sense_is_named() {
    let nodes = with_a_notice().await;
    spoil(&nodes, "UPDATE notices SET kind = 'rumour'").await;
    let why = named(nodes.first.inbox(user(7), InboxPage::Before(None), 9).await);
    assert_eq!(why, "table notices, column kind, row 1: there is no such name");
    let why = named(nodes.second.claim_mails(&claim(20, 1, 9)).await);
    assert_eq!(why, "table mails, column kind, row 1: there is no such name");
    // A claim that fails holds nothing.
    spoil(&nodes, "UPDATE notices SET kind = 'started'").await;
    assert_eq!(nodes.second.claim_mails(&claim(20, 2, 9)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn rows_of_rounds_positions_and_mails_that_make_no_sense_are_named() {
    let nodes = with_a_notice().await;
    spoil(&nodes, "UPDATE notice_rounds SET facts = '{'").await;
    let why = named(nodes.first.claim_rounds(&claim(20, 1, 9)).await);
    assert!(why.starts_with("table notice_rounds, column facts, row 1: "), "{why}");
    spoil(&nodes, "UPDATE notice_positions SET revision = -1").await;
    let why = named(nodes.first.positions(&[super::auction(1)]).await);
    assert_eq!(why, "table notice_positions, column revision, row 1: it is negative");
    spoil(&nodes, "UPDATE mails SET class = 'gossip'").await;
    let why = named(nodes.first.mails(MailState::Waiting, None, 9).await);
    assert_eq!(why, "table mails, column class, row 1: there is no such name");
}

/// Erased in the table as well, not only in what is answered.
#[tokio::test]
async fn a_secret_that_was_sent_or_has_expired_is_nowhere_in_the_tables() {
    let nodes = Nodes::new().await;
    for (token, end) in [(1, MailEnd::Sent), (2, MailEnd::Dropped)] {
        let id = nodes.first.post(&letter(&format!("mail {token}"), MailClass::Secret)).await.unwrap();
        nodes.second.claim_mails(&claim(20, token, 9)).await.unwrap();
        nodes.second.settle_mails(token, &[(id, end)]).await.unwrap();
    }
    assert_eq!(sealed(&nodes).await, (2, None));
    nodes.first.post(&letter("expired", MailClass::Secret)).await.unwrap();
    nodes.first.post(&letter("waiting", MailClass::Secret)).await.unwrap();
    spoil(&nodes, "UPDATE mails SET expires_at = expires_at + 1 WHERE message_id = 'waiting'").await;
    nodes.second.forget_mails(at(10_000), at(0)).await.unwrap();
    assert_eq!(sealed(&nodes).await, (4, Some("sealed waiting".to_owned())));
}

/// How many mails there are, and all that is sealed in them.
async fn sealed(nodes: &Nodes) -> (i64, Option<String>) {
    let sql = "SELECT count(*) AS count, string_agg(convert_from(sealed, 'UTF8'), ' ') AS sealed FROM mails";
    let row = sqlx::query(sql).fetch_one(&mut nodes.database.connection().await).await.unwrap();
    (row.get("count"), row.get("sealed"))
}
