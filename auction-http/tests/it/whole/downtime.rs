//! A house that was closed for days, while its auctions went on.

use super::house::{Folder, House, Is, Person};
use super::notices::mails_to;
use super::process::{PATIENCE, Process, UNLIMITED, until};
use auction_adapters::runtime::{DeskOptions, DeskRuntime};
use auction_adapters::sqlite::{SqliteOptions, SqliteStore};
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Schedule, TermsDocument};
use auction_core::catalog::Listing;
use auction_core::memory::{ManualClock, NoTransport};
use auction_core::money::{Amount, Currency};
use auction_core::ports::{AuctionStore, Clock, CommitId, NewAuction};
use auction_core::service::desk::{Desk, Request};
use auction_core::{AuctionId, Span, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

const DAY: Span = Span::from_secs(24 * 60 * 60);

/// Less than the time before the end at which people are reminded.
const SOON: Span = Span::from_secs(10 * 60);

/// How often it is looked whether a notice has come.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The house as it was, in which no worker runs: what is written is as old as its clock says.
struct Past {
    store: SqliteStore,
    desk: DeskRuntime,
    clock: Arc<ManualClock>,
    now: Timestamp,
    seller: Person,
}

impl Past {
    async fn open(folder: &Folder, seller: &Person) -> Self {
        let path = folder.path().join("data/auction.db");
        let store = SqliteStore::open(path, SqliteOptions::default()).await.expect("a database");
        let now = SystemClock.now();
        let clock = Arc::new(ManualClock::new(now.before(days(7))));
        let desk = DeskRuntime::start(
            Arc::new(store.clone()),
            Arc::new(SystemEntropy),
            clock.clone(),
            Arc::new(NoTransport),
            None,
            DeskOptions::default(),
        );
        Self { store, desk, clock, now, seller: seller.clone() }
    }

    /// Lists an auction with those who take part; everybody joins at once.
    async fn list(&self, starts_at: Timestamp, ends_at: Timestamp, participants: &[&Person]) -> AuctionId {
        let price = Amount::parse("10.00", Currency::USD).expect("an amount");
        let terms = TermsDocument::parse(r#"{"first_bid":"at_least"}"#).expect("terms");
        let terms = terms.terms(Currency::USD, price).expect("terms");
        let schedule = Schedule::new(starts_at, ends_at).expect("a schedule");
        let new = NewAuction {
            commit: CommitId::random(&SystemEntropy),
            charter: Arc::new(Charter::new(self.seller.id, schedule, terms).expect("a charter")),
            listing: Listing::new("Persian rug", "", None).expect("a listing"),
            draft: false,
            at: self.clock.now(),
        };
        let auction = self.store.create(&new).await.expect("a database").id();
        for person in participants {
            self.act(person, auction, Action::Join).await;
        }
        auction
    }

    /// Lets each of these bid, one after the other.
    async fn bid(&self, auction: AuctionId, bids: &[(&Person, u32)]) {
        for (person, price) in bids {
            self.act(person, auction, Action::Bid(Bid::straight((*price).into()))).await;
        }
    }

    async fn act(&self, person: &Person, auction: AuctionId, action: Action) {
        let command = Command::of(person.id, self.clock.now(), action);
        let request = Request { auction, command, facts: BidderFacts::VERIFIED, key: None };
        let replies = Desk::submit(&self.desk.handle(), vec![request]).await;
        assert!(replies.iter().all(Result::is_ok), "{replies:?}");
    }

    async fn close(self) {
        self.desk.shutdown().await.expect("it is done");
        drop(self.desk);
        self.store.close().await.expect("it is written");
    }
}

fn days(count: u32) -> Span {
    Span::from_secs(count * 24 * 60 * 60)
}

/// What somebody was told: the kind and the auction, sorted.
async fn told(house: &House, person: &Person) -> Vec<(String, u64)> {
    let answer = house.client(person).await.get("/api/notifications/").await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    let Value::Array(rows) = answer.json() else { panic!("no list: {}", answer.text()) };
    let text = |row: &Value| row["kind"].as_str().expect("a kind").to_owned();
    let mut told: Vec<_> =
        rows.iter().map(|row| (text(row), row["auction"].as_u64().expect("a number"))).collect();
    told.sort();
    told
}

/// Waits until this is what somebody was told; that it stays so is asked later.
async fn until_told(house: &House, person: &Person, expected: &[(&str, AuctionId)]) {
    let mut expected: Vec<_> = expected.iter().map(|(kind, id)| ((*kind).to_owned(), id.number())).collect();
    expected.sort();
    let started = tokio::time::Instant::now();
    loop {
        let told = told(house, person).await;
        if told == expected {
            return;
        }
        assert!(
            told.len() <= expected.len() && started.elapsed() < PATIENCE,
            "{} was told {told:?}, not {expected:?}",
            person.email
        );
        sleep(LOOK_EVERY).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_days_of_downtime_everybody_is_told_once_what_still_matters() {
    let folder = Folder::new().await;
    let seller = folder.person("sally", Is::Seller).await;
    let (ann, bob) = (folder.person("ann", Is::Bidder).await, folder.person("bob", Is::Bidder).await);
    let cat = folder.person("cat", Is::Bidder).await;
    let past = Past::open(&folder, &seller).await;
    let now = past.now;
    let sold = past.list(now.before(days(6)), now.before(days(3)), &[&ann, &bob, &cat]).await;
    let unsold = past.list(now.before(days(5)), now.before(days(2)), &[&cat]).await;
    let running = past.list(now.before(days(4)), now.after(SOON), &[&ann, &bob]).await;
    let coming = past.list(now.after(DAY), now.after(days(2)), &[&ann, &cat]).await;
    past.clock.set(now.before(days(4)).after(SOON));
    past.bid(sold, &[(&ann, 20), (&bob, 30), (&ann, 40), (&bob, 50)]).await;
    past.bid(running, &[(&ann, 20), (&bob, 30)]).await;
    past.close().await;

    let mut house = folder.serve(&UNLIMITED).await;
    let to_seller = [("ended", sold), ("ended", unsold)];
    let to_ann = [("ending_soon", running), ("lost", sold), ("outbid", running)];
    let to_bob = [("ending_soon", running), ("payment_due", sold), ("won", sold)];
    let to_cat = [("ended", sold), ("ended", unsold)];
    for (person, expected) in [(&seller, &to_seller[..]), (&ann, &to_ann), (&bob, &to_bob), (&cat, &to_cat)] {
        until_told(&house, person, expected).await;
    }
    for (auction, status, result) in [
        (sold, "ended", json!("sold")),
        (unsold, "ended", json!("no_bids")),
        (running, "started", Value::Null),
        (coming, "scheduled", Value::Null),
    ] {
        let shown = house.get(&format!("/api/auctions/{auction}/")).await.json();
        assert_eq!((&shown["status"], &shown["outcome"]["result"]), (&json!(status), &result), "{shown}");
    }

    let path = house.folder.path().to_owned();
    let mails = |person: &Person, subject| mails_to(&path, &person.email, subject);
    let mailed = [
        (&seller, "Auction ended", 2),
        (&seller, "", 2),
        (&ann, "You did not win the auction", 1),
        (&ann, "You have been outbid", 1),
        (&ann, "Auction ending soon", 1),
        (&ann, "", 3),
        (&bob, "You won the auction", 1),
        (&bob, "Auction ending soon", 1),
        (&cat, "Auction ended", 2),
        (&cat, "", 2),
    ];
    until("the mails", || mailed.iter().all(|(person, subject, count)| mails(person, subject) >= *count))
        .await;

    // Once more from the beginning: whatever is told now is told after everything that was due.
    let House { process, folder } = house;
    process.kill().await;
    let process = Process::start(folder.path(), &UNLIMITED).await;
    house = House { process, folder };
    let answer = house.bid(&ann, running.number(), json!({ "price": "60.00" })).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let to_bob = [to_bob[0], to_bob[1], to_bob[2], ("outbid", running)];
    for (person, expected) in [(&bob, &to_bob[..]), (&seller, &to_seller), (&ann, &to_ann), (&cat, &to_cat)] {
        until_told(&house, person, expected).await;
    }
    until("the last mail", || mails(&bob, "You have been outbid") == 1).await;
    for (person, subject, count) in mailed {
        assert_eq!(mails(person, subject), count, "{subject} to {}", person.email);
    }
    assert_eq!(mails(&bob, ""), 3);
    house.folder.assert_sound().await;
}
