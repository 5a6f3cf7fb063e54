//! Public events: of each kind, the fields that are named here and no others.

use crate::wire::auction::OutcomeView;
use crate::wire::bid::BidRow;
use crate::wire::label::Labels;
use crate::wire::money::Price;
use crate::wire::time::Time;
use auction_core::UserId;
use auction_core::auction::{Auction, Award, Draw, Event, Outcome, Recorded, Withdrawal};
use serde::Serialize;
use utoipa::ToSchema;

/// Something that everybody may know to have happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuctionEvent)]
pub struct EventView {
    /// The version that it made.
    version: u64,
    at: Time,
    /// `revised`, `published`, `started`, `paused`, `resumed`, `bid`, `auto_bid`, `received` (a sealed bid), `bought`,
    /// `withdrawn`, `extended`, `drawn` (the end of a candle), `ended` or `awarded`.
    kind: &'static str,
    /// The row of the bid history, of a bid or a purchase.
    #[serde(skip_serializing_if = "Option::is_none")]
    bid: Option<BidRow>,
    /// The new end, where it moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<Time>,
    /// Since when it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Time>,
    /// How it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeView>,
    /// Who got how many units, the best bid first.
    #[serde(skip_serializing_if = "Option::is_none")]
    awards: Option<Vec<AwardView>>,
    /// Which bids are gone, and what that means.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawal: Option<WithdrawalView>,
    /// The end of a candle.
    #[serde(skip_serializing_if = "Option::is_none")]
    draw: Option<DrawView>,
}

/// What a winning bid gets.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Award)]
pub struct AwardView {
    /// What the winner is called.
    user: String,
    /// How many units.
    quantity: u32,
    /// What one costs.
    price: Price,
}

/// Bids that were taken back or struck.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Withdrawal)]
pub struct WithdrawalView {
    /// What the bidder is called; null where bids are hidden.
    user: Option<String>,
    /// The house struck them.
    by_house: bool,
    /// The versions of the rows of the history that are gone.
    versions: Vec<u64>,
    /// What the leader is called now; null without one.
    leader: Option<String>,
    /// The price now; null without bids.
    price: Option<Price>,
}

/// The end of a candle, as it was drawn.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Draw)]
pub struct DrawView {
    /// From what it was drawn: its SHA-256 is the commitment in the terms.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    seed: String,
    /// When the candle went out: bids from then on count for nothing.
    ended_at: Time,
}

impl EventView {
    /// What everybody may know of an event; `None` where that is nothing.
    pub fn new(
        auction: &Auction,
        recorded: &Recorded,
        viewer: Option<UserId>,
        labels: &Labels,
    ) -> Option<Self> {
        let event = &recorded.event;
        let bare = Self {
            version: recorded.version,
            at: Time(recorded.at),
            kind: event.name(),
            bid: None,
            ends_at: None,
            ended_at: None,
            outcome: None,
            awards: None,
            withdrawal: None,
            draw: None,
        };
        Some(match event {
            Event::Revised { .. } | Event::Published | Event::Started | Event::Paused | Event::Received => {
                bare
            }
            Event::Bid { .. } | Event::AutoBid { .. } | Event::Bought { .. } => {
                Self { bid: BidRow::new(auction, recorded, viewer, labels), ..bare }
            }
            Event::Resumed { ends_at } | Event::Extended { ends_at } => {
                Self { ends_at: Some(Time(*ends_at)), ..bare }
            }
            Event::Ended { at, outcome } => Self {
                ended_at: Some(Time(*at)),
                outcome: Some(OutcomeView::new(outcome, auction, labels)),
                ..bare
            },
            Event::Awarded { awards } => {
                let view = |award: &Award| AwardView {
                    user: labels.of(auction.id(), award.bidder).to_owned(),
                    quantity: award.units.count(),
                    price: Price::new(award.price, auction.terms().currency),
                };
                Self { awards: Some(awards.iter().map(view).collect()), ..bare }
            }
            Event::Withdrawn(withdrawal) if withdrawal.is_public => {
                Self { withdrawal: Some(WithdrawalView::new(auction, withdrawal, labels)), ..bare }
            }
            Event::Drawn(draw) => {
                let Draw { seed, ended_at, .. } = **draw;
                Self { draw: Some(DrawView { seed: seed.reveal(), ended_at: Time(ended_at) }), ..bare }
            }
            // Private, and whatever is made one day: until somebody writes down what of it is public.
            _ => return None,
        })
    }

    /// The same for everybody: nothing says whose a bid is.
    pub fn for_all(self) -> Self {
        Self { bid: self.bid.map(BidRow::for_all), ..self }
    }
}

impl WithdrawalView {
    fn new(auction: &Auction, withdrawal: &Withdrawal, labels: &Labels) -> Self {
        let label = |user| labels.of(auction.id(), user).to_owned();
        let is_named = !auction.terms().format.hides_bids();
        Self {
            user: is_named.then(|| label(withdrawal.bidder)),
            by_house: withdrawal.by_house,
            versions: withdrawal.versions.clone(),
            leader: withdrawal.leader.map(label),
            price: withdrawal.price.map(|price| Price::new(price, auction.terms().currency)),
        }
    }
}

/// Everybody whom an event names.
pub fn named(event: &Event) -> impl Iterator<Item = UserId> + '_ {
    let (one, other) = match event {
        Event::Bid { bidder, .. } | Event::AutoBid { bidder, .. } | Event::Bought { bidder, .. } => {
            (Some(*bidder), None)
        }
        Event::Ended { outcome, .. } => (Outcome::sale(outcome).map(|(winner, _)| winner), None),
        Event::Withdrawn(withdrawal) => (Some(withdrawal.bidder), withdrawal.leader),
        _ => (None, None),
    };
    let awards: &[Award] = match event {
        Event::Awarded { awards } => awards,
        _ => &[],
    };
    one.into_iter().chain(other).chain(awards.iter().map(|award| award.bidder))
}

/// The rows of the history that an event takes away.
pub fn gone(event: &Event) -> &[u64] {
    match event {
        Event::Withdrawn(withdrawal) if withdrawal.is_public => &withdrawal.versions,
        _ => &[],
    }
}
