//! A run of bids through the desk, in any store.

use async_trait::async_trait;
use auction_core::auction::{
    Action, Auction, Bid, BidderFacts, Charter, Command, Recorded, Schedule, TermsDocument,
};
use auction_core::catalog::{AuctionQuery, Drafts, Listing, Ordering, OrderingField, Scope, Window};
use auction_core::memory::{MemoryStore, SeededEntropy};
use auction_core::money::{Amount, Currency};
use auction_core::ports::{
    AuctionStore, CatalogStore, CommitId, Failure, FailureKind, IdempotencyKey, NewAuction, Receipt,
    ReceiptKey, Wanted,
};
use auction_core::service::desk::{Limits, Refusal, Request, Shard};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use std::sync::Arc;

/// How often a client sends the same again.
const TRIES: usize = 60;
pub(super) const AUCTIONS: u64 = 3;
pub(super) const BIDDERS: u64 = 3;

pub(super) fn at(secs: u32) -> Timestamp {
    Timestamp::EPOCH.after(Span::from_secs(1_767_225_600)).after(Span::from_secs(secs))
}

pub(super) fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

pub(super) fn new_auction(number: u64) -> NewAuction {
    let terms = r#"{"participation":"open","first_bid":"at_least","closing":{"kind":"reset","window_s":60}}"#;
    let price = Amount::from_minor(1_000).unwrap();
    let terms = TermsDocument::parse(terms).unwrap().terms(Currency::USD, price).unwrap();
    let charter = Charter::new(user(1), Schedule::new(at(100), at(1_000)).unwrap(), terms).unwrap();
    NewAuction {
        commit: CommitId(u128::from(number)),
        charter: Arc::new(charter),
        listing: Listing::new(&format!("Lot {number}"), "As seen.", None).unwrap(),
        draft: false,
        at: at(0),
    }
}

/// The bids of a round: everybody bids in every auction.
pub(super) fn round(number: u32) -> Vec<Request> {
    let mut requests = Vec::new();
    for auction in 1..=AUCTIONS {
        for bidder in 0..BIDDERS {
            let amount = i64::from(number) * 10_000 + i64::try_from(bidder).unwrap() * 700 + 2_000;
            let amount = Amount::from_minor(amount).unwrap().to_decimal(Currency::USD);
            let bid = if bidder == 1 { Bid::maximum(amount) } else { Bid::straight(amount) };
            requests.push(Request {
                auction: AuctionId::new(auction).unwrap(),
                command: Command::of(user(bidder + 2), at(100 + number * 10), Action::Bid(bid)),
                facts: BidderFacts::VERIFIED,
                key: Some(IdempotencyKey::new(&format!("round-{number}-{bidder}")).unwrap()),
            });
        }
    }
    requests
}

/// Somebody who finds it all.
pub(super) fn everything() -> AuctionQuery {
    AuctionQuery {
        now: at(0),
        viewer: None,
        drafts: Drafts::Own,
        scope: Scope::All,
        search: None,
        status: None,
        category: None,
        seller: None,
        min_price: None,
        max_price: None,
        ends_before: None,
        ends_after: None,
        format: None,
        ordering: Ordering { field: OrderingField::CreatedAt, descending: false },
        window: Window::Rows { after: None, rows_max: 100 },
    }
}

pub(super) fn shard<S: AuctionStore + 'static>(store: &Arc<S>, seed: u64) -> Shard {
    let store = Arc::clone(store) as Arc<dyn AuctionStore>;
    Shard::new(store, Arc::new(SeededEntropy::new(seed)), Limits::default())
}

/// Sends a round until everything is answered, as clients do that got no answer.
pub(super) async fn play(shard: &mut Shard, number: u32) {
    let mut open = round(number);
    for _ in 0..TRIES {
        let processed = shard.process(&open).await;
        let replies = processed.replies.into_iter().zip(open);
        open = replies
            .filter_map(|(reply, request)| match reply {
                Ok(_) => None,
                Err(Refusal::Failed(FailureKind::Unavailable | FailureKind::Busy)) => Some(request),
                Err(refusal) => panic!("round {number}: {refusal:?}"),
            })
            .collect();
        if open.is_empty() {
            return;
        }
    }
    panic!("round {number} was never answered");
}

/// All that is known of the auctions of a run.
#[derive(Debug, PartialEq)]
pub(super) struct Story {
    auctions: Vec<Option<Auction>>,
    logs: Vec<Vec<Recorded>>,
    standings: Vec<auction_core::auction::Standing>,
    receipts: Vec<Option<Receipt>>,
}

#[async_trait]
pub(super) trait Telling {
    async fn story(&self, rounds: u32) -> Result<Story, Failure>;
}

#[async_trait]
impl<S: AuctionStore> Telling for S {
    async fn story(&self, rounds: u32) -> Result<Story, Failure> {
        let ids = || (1..=AUCTIONS).map(|id| AuctionId::new(id).unwrap());
        let requests: Vec<Request> = (1..=rounds).flat_map(round).collect();
        let wanted = Wanted {
            auctions: ids().collect(),
            standings: ids().flat_map(|id| (2..2 + BIDDERS).map(move |bidder| (id, user(bidder)))).collect(),
            receipts: requests
                .iter()
                .map(|request| ReceiptKey {
                    auction: request.auction,
                    user: request.command.by.user().unwrap(),
                    key: request.key.unwrap(),
                })
                .collect(),
        };
        let found = self.load(&wanted).await?;
        let mut logs = Vec::new();
        for id in ids() {
            logs.push(self.history(id, 0, 1_000).await?);
        }
        let (auctions, standings, receipts) = (found.auctions, found.standings, found.receipts);
        Ok(Story { auctions, logs, standings, receipts })
    }
}

/// What should have happened.
pub(super) async fn reference(rounds: u32) -> Story {
    let store = Arc::new(MemoryStore::new());
    create(&*store).await;
    let mut shard = shard(&store, 1);
    for number in 1..=rounds {
        play(&mut shard, number).await;
    }
    store.story(rounds).await.unwrap()
}

pub(super) async fn create(store: &impl AuctionStore) {
    for number in 1..=AUCTIONS {
        store.create(&new_auction(number)).await.unwrap();
    }
}

/// Asks for a list until it is answered.
pub(super) async fn list(store: &impl CatalogStore) -> Vec<Auction> {
    for _ in 0..TRIES {
        match store.find(&everything()).await {
            Ok(found) => return found.rows.into_iter().map(|row| row.auction).collect(),
            Err(failure) => assert_eq!(failure.kind, FailureKind::Unavailable, "{failure:?}"),
        }
    }
    panic!("the list was never answered");
}
