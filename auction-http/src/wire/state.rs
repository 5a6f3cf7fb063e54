//! The state of an auction as those who watch it are sent it.

use crate::wire::auction::{OutcomeView, PublicStatus, ReserveState, Sight, Vote, current_price, images};
use crate::wire::bid::BidRow;
use crate::wire::money::Price;
use crate::wire::time::Time;
use auction_core::auction::{Auction, Recorded};
use auction_core::catalog::Listing;
use auction_core::money::Amount;
use serde::Serialize;

#[derive(Serialize)]
struct Form<'a> {
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

/// The public form of a state as JSON, serialised once for all who watch.
///
/// `rows` are the rows of the history that are new since `previous_version`; others of them are left out. `sight`
/// is that of everybody: the labels in it must not be made for a viewer.
pub fn public_state(
    auction: &Auction,
    listing: &Listing,
    previous_version: u64,
    rows: &[Recorded],
    sight: &Sight<'_>,
) -> String {
    let terms = auction.terms();
    let price = |amount| Price::new(amount, terms.currency);
    let form = Form {
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
        previous_version,
        server_time: sight.now.millis(),
        bids: rows
            .iter()
            .filter_map(|recorded| BidRow::new(auction, recorded, None, sight.labels))
            .map(BidRow::for_all)
            .collect(),
    };
    serde_json::to_string(&form).expect("invariant: the form has string keys and finite numbers")
}

/// What one person learns besides, as JSON.
pub fn own_part(auction: &Auction, you: You) -> String {
    #[derive(Serialize)]
    struct Own {
        leading: bool,
        max: Option<Price>,
    }
    let max = you.maximum.map(|maximum| Price::new(maximum, auction.terms().currency));
    let own = Own { leading: you.leading, max };
    serde_json::to_string(&own).expect("invariant: the form has string keys and finite numbers")
}
