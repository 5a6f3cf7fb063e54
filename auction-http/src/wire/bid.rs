//! Rows of the bid history, and what the sender of a command learns.

use crate::wire::auction::{PublicStatus, leader};
use crate::wire::label::Labels;
use crate::wire::money::Price;
use crate::wire::time::Time;
use auction_core::auction::{Auction, Event, Recorded, Standing, Status, Units};
use auction_core::catalog::ListedAuction;
use auction_core::ports::{Accepted, HiddenBid};
use auction_core::{BidId, UserId};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A row of the bid history.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Bid)]
pub struct BidRow {
    /// Which.
    id: u64,
    /// The public version of the auction that it made.
    version: u64,
    /// What the bidder is called.
    user: String,
    /// The standing price where it leads, else its amount. Of units, what one costs.
    price: Price,
    /// How many units were bought, or bid for; left out where a lot is sold as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    at: Time,
    kind: RowKind,
    /// It was taken back by its bidder or struck by the house; left out where it stands.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
    /// Whether it is the viewer's; left out where it goes to everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_you: Option<bool>,
}

/// Where a row of the history comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BidKind)]
pub enum RowKind {
    /// A bid at its amount.
    Straight,
    /// A bid up to a maximum.
    Max,
    /// The answer of the leader's maximum.
    Auto,
    /// Units that were bought at the price that stood.
    Buy,
    /// A bid that nobody else sees.
    Sealed,
}

/// A bid as it is shown to whom it belongs.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OwnBid)]
pub struct OwnBidRow<'a> {
    #[serde(flatten)]
    row: BidRow,
    /// The number of the auction.
    auction: u64,
    /// The title of the auction.
    title: &'a str,
    state: OwnState,
    /// Your maximum in the auction, as it is by now: that of this bid or of a later one.
    max: Option<Price>,
}

/// A bid as its bidder's own list has it.
#[derive(Clone, Debug)]
pub enum OwnBid {
    /// One that stands in the history for all to see.
    Shown {
        /// Its event.
        recorded: Recorded,
        /// It does not stand any more.
        withdrawn: bool,
    },
    /// One that nobody else sees.
    Hidden(HiddenBid),
}

/// Somebody who has bid, and where.
#[derive(Clone, Copy, Debug)]
pub struct Bidder<'a> {
    /// Who.
    pub user: UserId,
    /// Their own address.
    pub address: &'a str,
    /// The auction.
    pub listed: &'a ListedAuction,
    /// What the auction knows of them.
    pub standing: &'a Standing,
    /// They have units of it.
    pub has_share: bool,
}

/// How somebody stands in an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnState {
    /// It is not over, and they lead.
    Leading,
    /// It is not over, and somebody else leads.
    Outbid,
    /// It is not over, and nobody knows who leads.
    Sealed,
    /// It was sold to them, or a part of it.
    Won,
    /// It is over, and was not.
    Lost,
}

/// What the sender of a bid learns, and learns again from its receipt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BidAnswer {
    /// The row in the bid history; null where there is none.
    id: Option<u64>,
    /// The public version of the auction at that row.
    version: u64,
    /// What was bid, or paid.
    price: Price,
    /// Whether the sender leads.
    leading: bool,
    /// The price after the bid.
    current_price: Price,
    /// The least that somebody who does not lead has to bid after it.
    minimum_bid: Option<Price>,
    /// The end of the auction after it.
    ends_at: Time,
}

/// What somebody learns who changed where an auction stands, and learns again from the receipt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StatusAnswer {
    /// The auction.
    id: u64,
    status: PublicStatus,
    version: u64,
    current_price: Price,
    /// The end, extensions included.
    end_date_time: Time,
}

impl BidRow {
    /// The row that an event makes; `None` where it makes none.
    pub fn new(
        auction: &Auction,
        recorded: &Recorded,
        viewer: Option<UserId>,
        labels: &Labels,
    ) -> Option<Self> {
        let (bidder, price, kind, units) = match &recorded.event {
            Event::Bid { bidder, kind, price, .. } => (*bidder, *price, (*kind).into(), None),
            Event::AutoBid { bidder, price, .. } => (*bidder, *price, RowKind::Auto, None),
            Event::Bought { bidder, units, price } => (*bidder, *price, RowKind::Buy, Some(*units)),
            _ => return None,
        };
        Some(Self {
            id: BidId::of(auction.id(), recorded.version).map_or(0, BidId::number),
            version: recorded.version,
            user: labels.of(auction.id(), bidder).to_owned(),
            price: Price::new(price, auction.terms().currency),
            quantity: units.map(Units::count),
            at: Time(recorded.at),
            kind,
            withdrawn: false,
            is_you: Some(viewer == Some(bidder)),
        })
    }

    /// A bid that nobody but its bidder sees: it counts the bidder's own bids, and tells nothing of others. Its bidder
    /// is called by the own address: an alias would tell how many have joined.
    fn sealed(auction: &Auction, bid: &HiddenBid, address: &str) -> Self {
        let has_units = auction.terms().format.units() != Units::ONE;
        Self {
            id: BidId::of(auction.id(), bid.number.into()).map_or(0, BidId::number),
            version: bid.number.into(),
            user: address.to_owned(),
            price: Price::new(bid.amount, auction.terms().currency),
            quantity: has_units.then(|| bid.units.count()),
            at: Time(bid.at),
            kind: RowKind::Sealed,
            withdrawn: bid.withdrawn,
            is_you: Some(true),
        }
    }

    /// The same, without standing any more where its version is among these.
    #[must_use]
    pub fn withdrawn_if_in(self, versions: &BTreeSet<u64>) -> Self {
        Self { withdrawn: self.withdrawn || versions.contains(&self.version), ..self }
    }

    /// The same for everybody at once.
    #[must_use]
    pub fn for_all(self) -> Self {
        Self { is_you: None, ..self }
    }
}

impl<'a> OwnBidRow<'a> {
    /// A bid of its bidder; `None` for an event that is no bid.
    pub fn new(bid: &OwnBid, whose: &Bidder<'a>, labels: &Labels) -> Option<Self> {
        let ListedAuction { auction, listing, .. } = whose.listed;
        let row = match bid {
            OwnBid::Shown { recorded, withdrawn } => {
                let row = BidRow::new(auction, recorded, Some(whose.user), labels)?;
                BidRow { withdrawn: *withdrawn, ..row }
            }
            OwnBid::Hidden(bid) => BidRow::sealed(auction, bid, whose.address),
        };
        Some(Self {
            row,
            auction: auction.id().number(),
            title: listing.title(),
            state: OwnState::of(auction, whose.user, whose.has_share),
            max: whose.standing.maximum.map(|maximum| Price::new(maximum, auction.terms().currency)),
        })
    }
}

impl OwnBid {
    /// Whether it was neither taken back nor struck.
    pub const fn stands(&self) -> bool {
        !matches!(self, Self::Shown { withdrawn: true, .. } | Self::Hidden(HiddenBid { withdrawn: true, .. }))
    }
}

impl OwnState {
    /// Every state, with its public name.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("leading", Self::Leading),
        ("outbid", Self::Outbid),
        ("sealed", Self::Sealed),
        ("won", Self::Won),
        ("lost", Self::Lost),
    ];

    /// How somebody who has bid stands in an auction, and has units of it or not. It is not over before that is written
    /// down.
    pub fn of(auction: &Auction, user: UserId, has_share: bool) -> Self {
        match auction.status() {
            _ if has_share => Self::Won,
            Status::Ended { outcome, .. } if outcome.sale().is_some_and(|(winner, _)| winner == user) => {
                Self::Won
            }
            Status::Ended { .. } => Self::Lost,
            _ if auction.terms().format.hides_bids() => Self::Sealed,
            _ if leader(auction) == Some(user) => Self::Leading,
            _ => Self::Outbid,
        }
    }
}

impl From<auction_core::auction::BidKind> for RowKind {
    fn from(kind: auction_core::auction::BidKind) -> Self {
        match kind {
            auction_core::auction::BidKind::Straight => Self::Straight,
            auction_core::auction::BidKind::Maximum => Self::Max,
        }
    }
}

impl From<&Accepted> for BidAnswer {
    fn from(accepted: &Accepted) -> Self {
        let price = |amount| Price::new(amount, accepted.currency);
        Self {
            id: accepted.row.map(BidId::number),
            version: accepted.version,
            price: price(accepted.amount.unwrap_or(accepted.price)),
            leading: accepted.leading,
            current_price: price(accepted.price),
            minimum_bid: accepted.minimum_bid.map(price),
            ends_at: Time(accepted.ends_at),
        }
    }
}

impl From<&Accepted> for StatusAnswer {
    fn from(accepted: &Accepted) -> Self {
        Self {
            id: accepted.auction.number(),
            status: accepted.phase.into(),
            version: accepted.version,
            current_price: Price::new(accepted.price, accepted.currency),
            end_date_time: Time(accepted.ends_at),
        }
    }
}
