//! Lots that close together: `cargo run -p auction-examples --example group_closing`.
//!
//! A bid near the end of one lot moves the end of both. The desk does that, so that this example runs one, over a store
//! in memory and a clock that is set by hand.

use auction_adapters::runtime::{ClosingOptions, DeskOptions, DeskRuntime};
use auction_adapters::system::SystemEntropy;
use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Phase, Schedule, TermsDocument};
use auction_core::catalog::Listing;
use auction_core::memory::{ManualClock, MemoryStore};
use auction_core::money::{Amount, Currency};
use auction_core::ports::{AuctionStore, Change, CommitId, NewAuction, Transport};
use auction_core::service::desk::Request;
use auction_core::{AuctionId, Timestamp};
use auction_examples::{after, person};
use std::error::Error;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const TERMS: &str = r#"{"participation":"open","first_bid":"at_least",
    "closing":{"kind":"reset","window_s":180,"group":"evening"}}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    for line in sale().await? {
        println!("{line}");
    }
    Ok(())
}

/// Everything that moves or ends a lot.
struct News(UnboundedSender<(AuctionId, Phase, Timestamp)>);

impl Transport for News {
    fn publish(&self, change: Change) {
        let lot = change.entry().auction();
        // Nobody listens any more when the sale is over.
        let _ = self.0.send((lot.id(), lot.status().phase(), lot.ends_at()));
    }
}

/// Two lots that are scheduled from noon to one.
pub(crate) async fn sale() -> Result<Vec<String>, Box<dyn Error>> {
    let store = Arc::new(MemoryStore::new());
    let clock = Arc::new(ManualClock::new(after(0)));
    let (sender, mut news) = unbounded_channel();
    let (entropy, transport) = (Arc::new(SystemEntropy), Arc::new(News(sender)));
    let options = DeskOptions::default();
    let desk = DeskRuntime::start(store.clone(), entropy, clock.clone(), transport, None, options);
    let mut lots = Vec::new();
    for title in ["A walnut desk", "A chair that goes with it"] {
        let terms =
            TermsDocument::parse(TERMS)?.terms(Currency::USD, Amount::parse("50.00", Currency::USD)?)?;
        let charter = Charter::new(person(1), Schedule::new(after(0), after(3_600))?, terms)?;
        let (charter, listing) = (Arc::new(charter), Listing::new(title, "", None)?);
        let commit = CommitId::random(&SystemEntropy);
        let lot = NewAuction { commit, charter, listing, draft: false, at: after(0) };
        lots.push(store.create(&lot).await?.id());
    }
    let mut told = Vec::new();
    // A minute before the end, and a minute after the one that was announced for the second lot.
    for (lot, who, seconds, amount) in [(lots[0], 2, 3_540, 60), (lots[1], 3, 3_660, 70)] {
        clock.set(after(seconds));
        let stamp = desk.handle().stamp();
        let command = Command::of(person(who), stamp.at(), Action::Bid(Bid::straight(amount.into())));
        let request = Request { auction: lot, command, facts: BidderFacts::VERIFIED, key: None };
        let answer = desk.handle().submit(stamp, request).await;
        answer.map_err(|refusal| format!("the bid is refused: {refusal:?}"))?;
        told.push(format!("person {who} bids on lot {} at {}", lot.number(), after(seconds)));
        told.append(&mut next(&mut news, lots.len()).await);
    }
    clock.set(after(3_840));
    desk.start_closing(store, ClosingOptions::default());
    told.append(&mut next(&mut news, lots.len()).await);
    desk.shutdown().await?;
    Ok(told)
}

/// What is told of so many lots next, by number.
async fn next(news: &mut UnboundedReceiver<(AuctionId, Phase, Timestamp)>, lots: usize) -> Vec<String> {
    let mut told = Vec::new();
    while told.len() < lots
        && let Some((lot, phase, ends_at)) = news.recv().await
    {
        let verb = if phase == Phase::Ended { "has ended at" } else { "ends at" };
        told.push(format!("lot {} {verb} {ends_at}", lot.number()));
    }
    told.sort_unstable();
    told
}
