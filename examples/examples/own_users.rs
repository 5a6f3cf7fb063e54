//! The engine in a host that has users of its own: `cargo run -p auction-examples --example own_users`.
//!
//! No accounts, no sessions, no identity room: to the engine a bidder is a number and a few [`BidderFacts`], which the
//! host fills in from its own table. Bids go through the desk on tokio, auctions are kept in SQLite, and a worker
//! closes them on time. The clock of this house is moved by hand, so that an hour passes at once; a real one brings
//! `auction_adapters::system::SystemClock`.

use async_trait::async_trait;
use auction_adapters::runtime::{ClosingOptions, DeskHandle, DeskOptions, DeskRuntime};
use auction_adapters::sqlite::{SqliteOptions, SqliteStore};
use auction_adapters::system::SystemEntropy;
use auction_core::auction::{
    Action, Bid, BidderFacts, Charter, Command, Outcome, Schedule, Status, TermsDocument,
};
use auction_core::catalog::Listing;
use auction_core::memory::ManualClock;
use auction_core::money::{Amount, Currency, parse_decimal};
use auction_core::ports::{
    AuctionStore, Change, CommitId, Entropy, FactsSource, Failure, NewAuction, Transport,
};
use auction_core::service::desk::{Refusal, Request};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// A row of the host's table of users.
struct Customer {
    name: &'static str,
    has_shown_papers: bool,
    /// What they may spend on one lot.
    credit: Option<Amount>,
}

/// The host's table of users.
#[derive(Default)]
struct Customers(Mutex<BTreeMap<UserId, Customer>>);

/// What the host tells of an auction that is over.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Evening {
    /// Who was refused, with the code of the refusal.
    pub(crate) refused: Vec<(&'static str, &'static str)>,
    /// Who won.
    pub(crate) winner: &'static str,
    /// For how much.
    pub(crate) price: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let Evening { refused, winner, price } = evening(folder.path()).await?;
    for (who, code) in refused {
        println!("{who} was refused: {code}");
    }
    println!("{winner} won for {price}");
    Ok(())
}

/// An auction from its start to its winner, in a house that is kept in this folder.
pub(crate) async fn evening(folder: &Path) -> Result<Evening, Box<dyn Error>> {
    let noon: Timestamp = "2026-01-01T12:00:00Z".parse()?;
    let house = House::open(folder, noon).await?;
    let (ann, bob, cleo) = (UserId::new(2)?, UserId::new(3)?, UserId::new(4)?);
    house.customers.insert(ann, Customer { name: "Ann", has_shown_papers: true, credit: None });
    let credit = Some(Amount::parse("120.00", Currency::USD)?);
    house.customers.insert(bob, Customer { name: "Bob", has_shown_papers: true, credit });
    house.customers.insert(cleo, Customer { name: "Cleo", has_shown_papers: false, credit: None });

    let lot = house.offer("A walnut desk", noon, noon.after(Span::from_secs(3_600))).await?;
    let mut refused = Vec::new();
    for (who, action) in [
        (cleo, Action::Join),
        (ann, Action::Join),
        (bob, Action::Join),
        (ann, Action::Bid(Bid::straight(parse_decimal("100")?))),
        (bob, Action::Bid(Bid::maximum(parse_decimal("120")?))),
        (bob, Action::Bid(Bid::maximum(parse_decimal("500")?))),
        (ann, Action::Bid(Bid::straight(parse_decimal("130")?))),
    ] {
        if let Err(refusal) = house.act(lot, who, action).await {
            let code = refusal.rejection().ok_or("the house has failed")?.code();
            refused.push((house.customers.name(who), code));
        }
    }

    let (winner, price) = house.close(lot, noon.after(Span::from_secs(3_600))).await?;
    let evening = Evening {
        refused,
        winner: house.customers.name(winner),
        price: price.display(Currency::USD).to_string(),
    };
    house.shut().await?;
    Ok(evening)
}

/// The parts of the host that auctions need.
struct House {
    customers: Arc<Customers>,
    clock: Arc<ManualClock>,
    store: Arc<SqliteStore>,
    desk: DeskRuntime,
    handle: DeskHandle,
    news: Arc<News>,
}

impl House {
    async fn open(folder: &Path, now: Timestamp) -> Result<Self, Failure> {
        let store = Arc::new(SqliteStore::open(folder.join("auctions.db"), SqliteOptions::default()).await?);
        let (customers, news) = (Arc::new(Customers::default()), Arc::new(News::default()));
        let clock = Arc::new(ManualClock::new(now));
        let desk = DeskRuntime::start(
            store.clone(),
            Arc::new(SystemEntropy),
            clock.clone(),
            news.clone(),
            Some(customers.clone()),
            DeskOptions::default(),
        );
        let handle = desk.handle();
        Ok(Self { customers, clock, store, desk, handle, news })
    }

    /// Puts something up for sale, which the house itself sells.
    async fn offer(
        &self,
        title: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<AuctionId, Box<dyn Error>> {
        let terms = TermsDocument::parse(r#"{"first_bid": "at_least", "join_until": "end"}"#)?;
        let terms = terms.terms(Currency::USD, Amount::parse("50.00", Currency::USD)?)?;
        let new = NewAuction {
            commit: CommitId::random(&SystemEntropy as &dyn Entropy),
            charter: Arc::new(Charter::new(UserId::new(1)?, Schedule::new(from, until)?, terms)?),
            listing: Listing::new(title, "", None)?,
            draft: false,
            at: from,
        };
        Ok(self.store.create(&new).await?.id())
    }

    /// Hands in what somebody wants.
    async fn act(&self, auction: AuctionId, who: UserId, action: Action) -> Result<(), Refusal> {
        let stamp = self.handle.stamp();
        let command = Command::of(who, stamp.at(), action);
        let facts = self.customers.facts_of(who);
        let request = Request { auction, command, facts, key: None };
        self.handle.submit(stamp, request).await.map(|_| ())
    }

    /// Lets the hour pass, and waits for the worker that closes what is over.
    async fn close(&self, auction: AuctionId, end: Timestamp) -> Result<(UserId, Amount), Box<dyn Error>> {
        let mut ended = self.news.0.subscribe();
        self.clock.set(end);
        self.desk.start_closing(self.store.clone(), ClosingOptions::default());
        let sale = *ended.wait_for(|sale| sale.is_some_and(|(sold, ..)| sold == auction)).await?;
        let (_, winner, price) = sale.ok_or("nobody won")?;
        Ok((winner, price))
    }

    async fn shut(self) -> Result<(), Box<dyn Error>> {
        self.desk.shutdown().await?;
        let Self { store, desk, handle, .. } = self;
        drop((desk, handle));
        Ok(SqliteStore::clone(&store).close().await?)
    }
}

impl Customers {
    fn insert(&self, user: UserId, customer: Customer) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(user, customer);
    }

    fn name(&self, user: UserId) -> &'static str {
        let customers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        customers.get(&user).map_or("somebody", |customer| customer.name)
    }

    /// What the engine has to know of somebody; whoever is not in the table may not take part.
    fn facts_of(&self, user: UserId) -> BidderFacts {
        let customers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match customers.get(&user) {
            Some(Customer { has_shown_papers: true, credit: Some(credit), .. }) => {
                BidderFacts::VERIFIED.with_spendable(*credit)
            }
            Some(Customer { has_shown_papers: true, credit: None, .. }) => BidderFacts::VERIFIED,
            Some(_) | None => BidderFacts::UNVERIFIED,
        }
    }
}

/// The desk asks again before it refuses somebody for what it was told of them.
#[async_trait]
impl FactsSource for Customers {
    async fn facts(&self, user: UserId, _: AuctionId) -> Result<BidderFacts, Failure> {
        Ok(self.facts_of(user))
    }
}

/// The last sale. A host would pass every change on to those who watch.
#[derive(Default)]
struct News(watch::Sender<Option<(AuctionId, UserId, Amount)>>);

impl Transport for News {
    fn publish(&self, change: Change) {
        let auction = change.entry().auction();
        if let Status::Ended { outcome: Outcome::Sold { winner, price }, .. } = auction.status() {
            self.0.send_replace(Some((auction.id(), *winner, *price)));
        }
    }
}
