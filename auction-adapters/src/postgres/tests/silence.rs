//! What a node does when the way to its database falls silent, at any point of a call.

use super::place::TestDatabase;
use super::scene::everything;
use super::wire::Wire;
use crate::postgres::{
    Pooler, PostgresAccounts, PostgresClock, PostgresDatabase, PostgresNotices, PostgresOptions,
    PostgresStore,
};
use auction_core::admin::{AuditAction, AuditActor, AuditEntry};
use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Saleroom, Schedule, TermsDocument};
use auction_core::catalog::{AuctionQuery, Listing, Window};
use auction_core::identity::Email;
use auction_core::money::{Amount, Currency};
use auction_core::notify::{Audience, Channels, Manner, NewNotice, NoticeFacts, NoticeKind, Plan, Position};
use auction_core::ports::{
    AccountStore, AuctionStore, AuditStore, Batch, CatalogStore, Claim, CommitId, Failure, FailureKind,
    InboxPage, InboxStore, NewAuction, OutboxStore, RelayStore, Roll, RowClaim, Timetable, Wanted,
};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use futures_util::future::join_all;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a node of these tests waits for a connection, and for a statement in the database.
const CONNECT_DURATION: Duration = Duration::from_millis(600);
const STATEMENT_DURATION: Duration = Duration::from_millis(600);

/// A connection, the answer to one statement, and time for a machine that is busy.
const CALL_DURATION_MAX: Duration = Duration::from_millis(600 + 1_200 + 1_200);

/// How often a call is made after the silence until it has to work.
const TRIES_MAX: usize = 3;

/// More messages than any call here sends.
const MESSAGES_MAX: usize = 40;

/// A node behind a wire of its own.
struct Node {
    wire: Wire,
    clock: Arc<PostgresClock>,
    store: PostgresStore,
    accounts: PostgresAccounts,
    notices: PostgresNotices,
    batch: Arc<Batch>,
}

/// What is asked of a node.
#[derive(Clone, Copy, Debug)]
enum Call {
    Account,
    Append,
    Audience,
    Claim,
    ClaimMails,
    Clock,
    Commit,
    CommitUnderLock,
    Create,
    Find,
    Inbox,
    Load,
    Plan,
    Positions,
    Relist,
    Versions,
}

const CALLS: [Call; 16] = [
    Call::Account,
    Call::Append,
    Call::Audience,
    Call::Claim,
    Call::ClaimMails,
    Call::Clock,
    Call::Commit,
    Call::CommitUnderLock,
    Call::Create,
    Call::Find,
    Call::Inbox,
    Call::Load,
    Call::Plan,
    Call::Positions,
    Call::Relist,
    Call::Versions,
];

impl Node {
    async fn new(place: &TestDatabase, pooler: Pooler, number: u64) -> Self {
        let url = place.url();
        let (_, rest) = url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let wire = Wire::to(server.to_owned()).await;
        let options = PostgresOptions {
            connect_duration_max: CONNECT_DURATION,
            statement_duration_max: STATEMENT_DURATION,
            pooler,
            ..PostgresOptions::DEFAULT
        };
        let url = format!("postgres://auction@{}/{name}", wire.address());
        let database = PostgresDatabase::lazy(&url, options).unwrap();
        let store = PostgresStore::new(&database);
        let id = store.create(&new_auction(number)).await.unwrap().id();
        Self {
            wire,
            accounts: PostgresAccounts::new(&database),
            notices: PostgresNotices::new(&database),
            clock: PostgresClock::open(&database).await.unwrap(),
            store,
            batch: first_bid(id, number),
        }
    }

    fn auction(&self) -> AuctionId {
        self.batch.entries()[0].auction().id()
    }

    async fn call(&self, call: Call) -> Result<(), Failure> {
        let id = self.auction();
        match call {
            Call::Account => self.accounts.account_by_email(&Email::parse("a@b.co").unwrap()).await.map(drop),
            Call::Append => {
                let entry = AuditEntry::new(at(0), AuditActor::Nobody, AuditAction::ALL[0]);
                self.accounts.append(&[entry]).await
            }
            Call::Audience => self.store.audience(id, Audience::Bidders, None, 9).await.map(drop),
            Call::Claim => {
                let (now, lease) = (at(0), Span::from_secs(5));
                self.store.claim(&Claim { now, due_by: now, lease, auctions_max: 9 }).await.map(drop)
            }
            Call::ClaimMails => {
                let (now, lease) = (at(0), Span::from_secs(5));
                self.notices.claim_mails(&RowClaim { now, lease, token: 7, rows_max: 9 }).await.map(drop)
            }
            Call::Clock => self.clock.ask().await,
            Call::Commit => self.store.commit(&self.batch).await.map(drop),
            Call::CommitUnderLock => {
                let mut locked = self.store.lock(id).await?;
                locked.load(&Wanted { auctions: vec![id], ..Wanted::NOTHING }).await?;
                locked.commit(&self.batch).await.map(drop)
            }
            Call::Create => self.store.create(&new_auction(id.number())).await.map(drop),
            Call::Find => self
                .store
                .find(&AuctionQuery { window: Window::Page { number: 1, size: 9 }, ..everything() })
                .await
                .map(drop),
            Call::Inbox => self.notices.inbox(user(2), InboxPage::Before(None), 9).await.map(drop),
            Call::Load => self.store.load(&Wanted { auctions: vec![id], ..Wanted::NOTHING }).await.map(drop),
            Call::Plan => {
                let revision = self.notices.positions(&[id]).await?[0].revision;
                let after = Position { revision: revision + 1, ..Position::default() };
                let notices = vec![notice(id, revision)];
                let plan = Plan {
                    auction: id,
                    before: revision,
                    after,
                    notices,
                    rounds: Vec::new(),
                    dropped: Vec::new(),
                };
                self.notices.plan(&[plan]).await.map(drop)
            }
            Call::Positions => self.notices.positions(&[id]).await.map(drop),
            Call::Relist => {
                let listing = lot(id.number());
                self.store.relist(id, &listing, &listing).await.map(drop)
            }
            Call::Versions => self.store.versions(&[id]).await.map(drop),
        }
    }

    /// The call gets through: not always at once, on a machine that is busy.
    async fn works(&self, call: Call) {
        let mut failures = Vec::new();
        for _ in 0..TRIES_MAX {
            match self.call(call).await {
                Ok(()) => return,
                Err(failure) => failures.push(failure),
            }
        }
        panic!("{call:?} does not work again: {failures:?}");
    }

    /// Makes the call again and again; the way falls silent at its beginning, then later and later, until the call
    /// is through before that.
    async fn meets_silence(&self, call: Call) {
        for messages in 0..MESSAGES_MAX {
            self.works(call).await;
            self.wire.fall_silent_with(messages);
            let answer = timeout(CALL_DURATION_MAX, self.call(call)).await;
            self.wire.heal();
            match answer {
                Err(_) => panic!("{call:?} hangs in the silence after {messages} messages"),
                Ok(Ok(())) => {
                    assert!(messages > 1, "{call:?} needs no server");
                    return self.works(call).await;
                }
                Ok(Err(failure)) => {
                    assert_eq!(failure.kind, FailureKind::Unavailable, "{call:?}: {failure:?}")
                }
            }
        }
        panic!("{call:?} never got through");
    }
}

#[tokio::test]
async fn every_call_fails_in_time_wherever_the_silence_begins_and_works_again_after_it() {
    all_meet_silence(Pooler::Session).await;
}

#[tokio::test]
async fn so_it_is_behind_a_pooler() {
    all_meet_silence(Pooler::Transaction).await;
}

async fn all_meet_silence(pooler: Pooler) {
    let place = TestDatabase::new().await;
    place.open().await.close().await;
    let calls = CALLS.iter().zip(1..).map(async |(call, number)| {
        Node::new(&place, pooler, number).await.meets_silence(*call).await;
    });
    join_all(calls).await;
}

fn at(secs: u32) -> Timestamp {
    Timestamp::EPOCH.after(Span::from_secs(1_767_225_600)).after(Span::from_secs(secs))
}

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

fn lot(number: u64) -> Listing {
    Listing::new(&format!("Lot {number}"), "As seen.", None).unwrap()
}

fn charter() -> Charter {
    let terms = r#"{"participation":"open","first_bid":"at_least","closing":{"kind":"reset","window_s":60}}"#;
    let price = Amount::from_minor(1_000).unwrap();
    let terms = TermsDocument::parse(terms).unwrap().terms(Currency::USD, price).unwrap();
    Charter::new(user(1), Schedule::new(at(100), at(1_000)).unwrap(), terms).unwrap()
}

pub(super) fn new_auction(number: u64) -> NewAuction {
    let (commit, charter) = (CommitId(number.into()), Arc::new(charter()));
    NewAuction { commit, charter, listing: lot(number), draft: false, at: at(0) }
}

/// What a first bid makes of an auction. Whoever writes it twice meets a conflict.
pub(super) fn first_bid(id: AuctionId, number: u64) -> Arc<Batch> {
    let mut room = Saleroom::open(id, charter(), at(0));
    let before = room.auction().revision();
    let bid = Bid::straight(Amount::from_minor(1_000).unwrap().to_decimal(Currency::USD));
    let command = Command::of(user(2), at(200), Action::Bid(bid));
    room.handle(&BidderFacts::VERIFIED, &command).unwrap();
    let events: Vec<_> = room.log().iter().filter(|event| event.revision > before).cloned().collect();
    let standings = vec![(user(2), room.standing(user(2)))];
    let mut batch = Batch::new(CommitId(u128::from(number) << 64));
    batch.push(before, room.auction().clone(), events, standings, []);
    Arc::new(batch)
}

fn notice(auction: AuctionId, occurrence: u64) -> NewNotice {
    let facts = NoticeFacts {
        title: "Lot".to_owned(),
        price: None,
        currency: Currency::USD,
        starts_at: None,
        ends_at: None,
        result: None,
        manner: Manner::Open,
    };
    let channels = Channels { mail: true, in_app: true };
    NewNotice { user: user(2), auction, kind: NoticeKind::Outbid, occurrence, facts, at: at(0), channels }
}
