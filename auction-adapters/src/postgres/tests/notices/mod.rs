//! Notices and mails, by every case that there is, and what several nodes do to them at once.

mod claims;
mod crossing;
mod plans;
mod rows;

use super::place::{InDatabase, TestDatabase, Way, at_once, block_on};
use crate::postgres::PostgresNotices;
use async_trait::async_trait;
use auction_core::conformance::{Counter, Mailroom};
use auction_core::identity::Sealed;
use auction_core::money::Currency;
use auction_core::notify::{
    Audience, Channels, MailClass, MailState, Manner, NewNotice, NewRound, Notice, NoticeFacts, NoticeKind,
    Plan, Position,
};
use auction_core::ports::{
    Failure, INBOX_PAGE_MAX, InboxPage, InboxStore as _, Letter, OutboxStore as _, RowClaim,
};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use std::sync::Arc;

/// For how many seconds every claim holds.
const LEASE: u32 = 60;

#[async_trait]
impl Counter for InDatabase {
    async fn open(&self) -> Result<Arc<dyn Mailroom>, Failure> {
        Ok(Arc::new(PostgresNotices::new(&self.node().await?)))
    }
}

mod direct {
    use super::*;

    auction_core::notices_conformance_tests! {
        block_on: block_on,
        counter: InDatabase::new(Way::Direct),
    }
}

mod pooled {
    use super::*;

    auction_core::notices_conformance_tests! {
        block_on: block_on,
        counter: InDatabase::new(Way::Pooled),
    }
}

/// Two nodes with one database; the second stands behind a pooler.
struct Nodes {
    first: PostgresNotices,
    second: PostgresNotices,
    database: TestDatabase,
}

impl Nodes {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let first = PostgresNotices::new(&database.open().await);
        let second = PostgresNotices::new(&database.open_by(Way::Pooled).await.unwrap());
        Self { first, second, database }
    }

    /// Does so many things at once, on both nodes by turns.
    async fn at_once<T, F>(&self, count: usize, job: impl Fn(PostgresNotices, usize) -> F) -> Vec<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        at_once([&self.first, &self.second], count, job).await
    }

    /// The inbox of somebody, newest first.
    async fn inbox(&self, person: u64) -> Vec<Notice> {
        self.first.inbox(user(person), InboxPage::Before(None), INBOX_PAGE_MAX).await.unwrap()
    }

    /// How many mails there are in a state.
    async fn mails(&self, state: MailState) -> u64 {
        let counts = self.second.count_mails().await.unwrap();
        counts.into_iter().find(|(known, _)| *known == state).unwrap().1
    }
}

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

fn auction(number: u64) -> AuctionId {
    AuctionId::new(number).unwrap()
}

fn at(seconds: u32) -> Timestamp {
    Timestamp::EPOCH.after(Span::from_secs(seconds))
}

fn facts() -> NoticeFacts {
    NoticeFacts {
        title: "A lot".to_owned(),
        price: None,
        currency: Currency::USD,
        starts_at: None,
        ends_at: None,
        result: None,
        manner: Manner::Open,
    }
}

/// Something that somebody is told about an auction, by mail and in the inbox.
fn told(number: u64, person: u64, kind: NoticeKind, occurrence: u64) -> NewNotice {
    NewNotice {
        user: user(person),
        auction: auction(number),
        kind,
        occurrence,
        facts: facts(),
        at: at(10),
        channels: Channels { mail: true, in_app: true },
    }
}

fn round(kind: NoticeKind, occurrence: u64) -> NewRound {
    let audience = Audience::Participants;
    NewRound { kind, occurrence, audience, except: None, facts: facts(), due_at: at(10) }
}

/// A plan that goes from one revision to the next, and has nothing in it yet.
fn step(number: u64, before: u64) -> Plan {
    Plan {
        auction: auction(number),
        before,
        after: Position { revision: before + 1, leader: None },
        notices: Vec::new(),
        rounds: Vec::new(),
        dropped: Vec::new(),
    }
}

fn letter(name: &str, class: MailClass) -> Letter {
    Letter {
        message_id: name.to_owned(),
        class,
        sealed: Sealed::from_bytes(format!("sealed {name}").into_bytes()),
        at: at(10),
        expires_at: at(10_000),
    }
}

fn claim(now: u32, token: u64, rows_max: usize) -> RowClaim {
    RowClaim { now: at(now), lease: Span::from_secs(LEASE), token, rows_max }
}
