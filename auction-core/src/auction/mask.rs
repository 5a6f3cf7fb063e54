//! Events as everybody may see them.

use crate::auction::draw::Draw;
use crate::auction::event::{Charter, Event, Recorded};
use crate::auction::terms::{ClosingPolicy, ReserveVisibility};
use std::sync::Arc;

impl Recorded {
    /// The event as everybody may see it: its revision is its version, and what is private says no more than what
    /// is public does (a maximum is the price that the history shows). `None` for a private event.
    pub fn masked(&self) -> Option<Self> {
        let event = self.event.masked()?;
        Some(Self { revision: self.version, version: self.version, at: self.at, event })
    }
}

impl Event {
    /// The event as everybody may see it; see [`Recorded::masked`].
    pub fn masked(&self) -> Option<Self> {
        let masked = match self {
            Self::Created { .. }
            | Self::Joined { .. }
            | Self::MaximumChanged { .. }
            | Self::SealedBid { .. } => return None,
            Self::Revised { charter } => Self::Revised { charter: charter.masked() },
            Self::Bid { bidder, kind, leads, price, .. } => Self::Bid {
                bidder: *bidder,
                kind: *kind,
                leads: *leads,
                price: *price,
                maximum: *price,
                answer: *price,
            },
            Self::AutoBid { bidder, price, .. } => {
                Self::AutoBid { bidder: *bidder, price: *price, answer: *price }
            }
            Self::Published
            | Self::Started
            | Self::Paused
            | Self::Resumed { .. }
            | Self::Extended { .. }
            | Self::Ended { .. }
            | Self::Received
            | Self::Bought { .. }
            | Self::Awarded { .. } => self.clone(),
            Self::Drawn(draw) => {
                let Draw { seed, ended_at, book } = **draw;
                Self::Drawn(Arc::new(Draw { seed, ended_at, book: book.masked() }))
            }
            Self::Withdrawn(withdrawal) if !withdrawal.is_public => return None,
            Self::Withdrawn(withdrawal) => Self::Withdrawn(Arc::new(withdrawal.masked())),
        };
        Some(masked)
    }

    /// Whether it is a row of the bid history.
    pub const fn is_bid(&self) -> bool {
        matches!(self, Self::Bid { .. } | Self::AutoBid { .. } | Self::Bought { .. })
    }
}

impl Charter {
    /// The same without a reserve that is not public.
    fn masked(self: &Arc<Self>) -> Arc<Self> {
        let terms = self.terms();
        let hides_reserve = terms.reserve.is_some() && terms.reserve_visibility != ReserveVisibility::Public;
        let hides_seed = matches!(terms.closing, ClosingPolicy::Candle { .. });
        if !hides_reserve && !hides_seed {
            return Arc::clone(self);
        }
        let mut open = terms.clone();
        if hides_reserve {
            open.reserve = None;
        }
        if hides_seed {
            // Nobody needs the policy of an event's terms; that of the auction is shown with its commitment.
            open.closing = ClosingPolicy::Hard;
        }
        Arc::new(self.showing(open))
    }
}
