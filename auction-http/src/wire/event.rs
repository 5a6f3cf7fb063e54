//! Public events: of each kind, the fields that are named here and no others.

use crate::wire::auction::OutcomeView;
use crate::wire::bid::BidRow;
use crate::wire::label::Labels;
use crate::wire::time::Time;
use auction_core::UserId;
use auction_core::auction::{Auction, Event, Outcome, Recorded};
use serde::Serialize;
use utoipa::ToSchema;

/// Something that everybody may know to have happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuctionEvent)]
pub struct EventView {
    /// The version that it made.
    version: u64,
    at: Time,
    /// `revised`, `published`, `started`, `paused`, `resumed`, `bid`, `auto_bid`, `extended` or `ended`.
    kind: &'static str,
    /// The row of the bid history, of a bid.
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
        };
        Some(match event {
            Event::Revised { .. } | Event::Published | Event::Started | Event::Paused => bare,
            Event::Bid { .. } | Event::AutoBid { .. } => {
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
            // Private, and whatever is made one day: until somebody writes down what of it is public.
            _ => return None,
        })
    }

    /// The same for everybody: nothing says whose a bid is.
    pub fn for_all(self) -> Self {
        Self { bid: self.bid.map(BidRow::for_all), ..self }
    }
}

/// Everybody whom an event names.
pub fn named(event: &Event) -> Option<UserId> {
    match event {
        Event::Bid { bidder, .. } | Event::AutoBid { bidder, .. } => Some(*bidder),
        Event::Ended { outcome, .. } => Outcome::sale(outcome).map(|(winner, _)| winner),
        _ => None,
    }
}
