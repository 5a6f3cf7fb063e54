//! The state of an auction as those who watch it are sent it.

use crate::wire::auction::{OutcomeView, PublicStatus, ReserveState, Sight, Vote, current_price, images};
use crate::wire::bid::BidRow;
use crate::wire::money::Price;
use crate::wire::time::Time;
use auction_core::auction::{Auction, Recorded};
use auction_core::catalog::Listing;
use auction_core::money::Amount;
use serde::Serialize;
use std::sync::Arc;

/// The public form of a state, serialised once for all who watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicState {
    text: Arc<str>,
    version: u64,
}

#[derive(Serialize)]
struct Form<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    auction: Option<u64>,
    title: &'a str,
    description: &'a str,
    image: Option<String>,
    starting_price: Price,
    status: PublicStatus,
    last_vote: Option<Vote>,
    current_price: Price,
    minimum_bid: Option<Price>,
    bid_count: u64,
    reserve: ReserveState,
    buy_now_price: Option<Price>,
    outcome: Option<OutcomeView>,
    ends_at: Time,
    version: u64,
    previous_version: u64,
    server_time: i64,
    bids: Vec<BidRow>,
}

/// What one person learns besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct You {
    /// Whether they lead.
    pub leading: bool,
    /// Their own maximum.
    pub maximum: Option<Amount>,
}

/// Whether a state says which auction it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// It goes to those who watch this auction alone.
    Unnamed,
    /// It goes to those who watch several.
    Named,
}

impl PublicState {
    /// The state after a commit. `new` are the events of the commit, of which those that are rows of the history
    /// are shown; a state that follows from no commit has none.
    ///
    /// `sight` is that of everybody: the labels in it must not be made for a viewer.
    pub fn new(
        auction: &Auction,
        listing: &Listing,
        new: &[Recorded],
        sight: &Sight<'_>,
        naming: Naming,
    ) -> Self {
        let terms = auction.terms();
        let price = |amount| Price::new(amount, terms.currency);
        let first_public = new.iter().find(|recorded| recorded.event.is_public());
        let form = Form {
            auction: (naming == Naming::Named).then(|| auction.id().number()),
            title: listing.title(),
            description: listing.description(),
            image: images(listing, sight.media_url).into_iter().next(),
            starting_price: price(terms.starting_price),
            status: PublicStatus::at(auction, sight.now),
            last_vote: Vote::of(auction, sight.labels),
            current_price: price(current_price(auction)),
            minimum_bid: auction.minimum_bid().map(price),
            bid_count: auction.bid_count(),
            reserve: ReserveState::of(auction, false),
            buy_now_price: auction.buy_now().map(|offer| price(offer.price)),
            outcome: OutcomeView::of(auction, sight.labels),
            ends_at: Time(auction.ends_at()),
            version: auction.version(),
            previous_version: first_public.map_or(auction.version(), |recorded| recorded.version - 1),
            server_time: sight.now.millis(),
            bids: new
                .iter()
                .filter_map(|recorded| BidRow::new(auction, recorded, None, sight.labels))
                .map(BidRow::for_all)
                .collect(),
        };
        let text =
            serde_json::to_string(&form).expect("invariant: the form has string keys and finite numbers");
        Self { text: text.into(), version: auction.version() }
    }

    /// Its JSON text.
    pub const fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The public version of the auction.
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// One's own copy: the same, and `you`.
    pub fn with_you(&self, auction: &Auction, you: You) -> String {
        #[derive(Serialize)]
        struct Own {
            leading: bool,
            max: Option<Price>,
        }
        let max = you.maximum.map(|maximum| Price::new(maximum, auction.terms().currency));
        let own = serde_json::to_string(&Own { leading: you.leading, max })
            .expect("invariant: the form has string keys and finite numbers");
        let public = self.text.strip_suffix('}').unwrap_or(&self.text);
        format!("{public},\"you\":{own}}}")
    }
}
