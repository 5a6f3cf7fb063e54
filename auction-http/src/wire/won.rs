//! What somebody has won.

use crate::wire::auction::{AuctionView, Sight};
use crate::wire::money::Price;
use crate::wire::time::Time;
use auction_core::AuctionId;
use auction_core::auction::{Status, Units};
use auction_core::catalog::ListedAuction;
use auction_core::money::Amount;
use auction_core::ports::Share;
use serde::Serialize;
use utoipa::ToSchema;

/// An auction that the viewer has won.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WonAuction)]
pub struct WonAuctionView<'a> {
    #[serde(flatten)]
    auction: AuctionView<'a>,
    /// What the viewer pays, for all units.
    winning_price: Price,
    /// How many units the viewer has.
    quantity: u32,
    /// What the units cost, the best bid first.
    awards: Vec<ShareView>,
    /// How many bids there were.
    total_bids: u64,
    /// When it ended.
    date_won: Time,
    /// What the sale is called.
    transaction_id: String,
}

/// Units that somebody has.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Share)]
pub struct ShareView {
    /// How many.
    quantity: u32,
    /// What one costs.
    price: Price,
}

impl<'a> WonAuctionView<'a> {
    /// A sale as its winner sees it, who has these shares of a lot of several units; `None` where it is none.
    pub fn new(listed: &'a ListedAuction, shares: &[Share], sight: &Sight<'_>) -> Option<Self> {
        let auction = &listed.auction;
        let (sale, date_won) = match auction.status() {
            Status::Ended { at, outcome } => (outcome.sale(), *at),
            // Units are the buyer's from the purchase on.
            _ => (None, auction.last_at()),
        };
        let whole = sale.filter(|_| shares.is_empty()).map(|(_, price)| Share { units: Units::ONE, price });
        let shares: Vec<Share> = shares.iter().copied().chain(whole).collect();
        let costs = shares.iter().map(|share| share.price.checked_mul(share.units.count()));
        let sum = costs.into_iter().try_fold(Amount::ZERO, |sum, cost| sum.checked_add(cost?))?;
        let price = |amount| Price::new(amount, auction.terms().currency);
        let share = |share: &Share| ShareView { quantity: share.units.count(), price: price(share.price) };
        if shares.is_empty() {
            return None;
        }
        Some(Self {
            auction: AuctionView::new(listed, true, sight),
            winning_price: price(sum),
            quantity: shares.iter().map(|share| share.units.count()).sum(),
            awards: shares.iter().map(share).collect(),
            total_bids: auction.bid_count(),
            date_won: Time(date_won),
            transaction_id: transaction(auction.id()),
        })
    }
}

/// What the sale of an auction is called: an auction is sold once.
fn transaction(auction: AuctionId) -> String {
    format!("S{:010}", auction.number())
}
