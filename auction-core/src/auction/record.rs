//! The accepted bids of an auction, taken from its log.
//!
//! The state of an auction is small, and most decisions need nothing else. Those that look at all bids at once,
//! like the end of a sealed auction or the removal of a bid, are handed this record: see [`needs_record`].

use crate::auction::command::{Action, BidKind, Command};
use crate::auction::event::{Event, Recorded};
use crate::auction::state::Auction;
use crate::auction::status::Phase;
use crate::auction::terms::Retraction;
use crate::auction::units::Units;
use crate::auction::withdrawal::Removal;
use crate::id::UserId;
use crate::money::Amount;
use crate::time::Timestamp;

/// The accepted bids of an auction that still stand, in the order in which they were accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    bids: Vec<Placed>,
    answers: Vec<Answer>,
}

/// A row of the history in which a maximum answered somebody else's bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) version: u64,
    pub(crate) bidder: UserId,
    pub(crate) price: Amount,
}

/// An accepted bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The revision of its event, by which it is named.
    pub revision: u64,
    /// The public version of its row in the history; `None` where it has none.
    pub version: Option<u64>,
    /// When it came in.
    pub at: Timestamp,
    /// Who.
    pub bidder: UserId,
    /// Straight or maximum.
    pub kind: BidKind,
    /// What was offered for one unit.
    pub amount: Amount,
    /// For how many units.
    pub units: Units,
}

impl Placed {
    /// The leader changed the own maximum, and nobody saw it.
    #[inline]
    pub(crate) fn is_change_of_maximum(&self) -> bool {
        self.kind == BidKind::Maximum && self.version.is_none()
    }

    /// A removal names it, or everything of its bidder.
    pub(crate) fn is_meant_by(&self, removal: Removal) -> bool {
        match removal {
            Removal::Of(bidder) => self.bidder == bidder,
            Removal::One(revision) => self.revision == revision,
            Removal::Row(version) => self.version == Some(version),
        }
    }
}

impl Record {
    /// The record of a log, or of its first part.
    pub fn of<'a>(log: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut record = Self::default();
        for recorded in log {
            record.take(recorded);
        }
        record
    }

    /// Takes in the next event of the log.
    pub fn take(&mut self, recorded: &Recorded) {
        let (bidder, kind, amount, units) = match &recorded.event {
            // A straight bid that leads is at its price, and a maximum is what it is.
            Event::Bid { bidder, kind: BidKind::Straight, price, .. } => {
                (*bidder, BidKind::Straight, *price, Units::ONE)
            }
            Event::Bid { bidder, kind: BidKind::Maximum, maximum, .. }
            | Event::MaximumChanged { bidder, maximum } => (*bidder, BidKind::Maximum, *maximum, Units::ONE),
            Event::SealedBid { bidder, amount, units } => (*bidder, BidKind::Straight, *amount, *units),
            Event::AutoBid { bidder, price, .. } => {
                self.answers.push(Answer { version: recorded.version, bidder: *bidder, price: *price });
                return;
            }
            Event::Withdrawn(withdrawal) => {
                self.bids.retain(|bid| withdrawal.revisions.binary_search(&bid.revision).is_err());
                self.answers.retain(|row| withdrawal.versions.binary_search(&row.version).is_err());
                return;
            }
            _ => return,
        };
        let (revision, at) = (recorded.revision, recorded.at);
        let version = recorded.event.is_public().then_some(recorded.version);
        self.bids.push(Placed { revision, version, at, bidder, kind, amount, units });
    }

    /// The bids that came in before a time.
    pub fn before(&self, at: Timestamp) -> &[Placed] {
        // A log never goes back in time.
        &self.bids[..self.bids.partition_point(|bid| bid.at < at)]
    }

    /// The record of the bids that came in before a time, like the end that was drawn for a candle auction.
    #[must_use]
    pub fn until(&self, at: Timestamp) -> Self {
        Self { bids: self.before(at).to_vec(), ..Self::default() }
    }

    /// The record without the bids of some.
    #[must_use]
    pub fn without(&self, bidders: &[UserId]) -> Self {
        let stays = |bid: &&Placed| !bidders.contains(&bid.bidder);
        Self { bids: self.bids.iter().filter(stays).copied().collect(), ..Self::default() }
    }

    /// The rows in which a maximum of this bidder answered with more than the bidder goes up to.
    pub(crate) fn answers_above(
        &self,
        bidder: UserId,
        maximum: Option<Amount>,
    ) -> impl Iterator<Item = &Answer> {
        let is_above = move |row: &&Answer| maximum.is_none_or(|maximum| row.price > maximum);
        self.answers.iter().filter(move |row| row.bidder == bidder).filter(is_above)
    }

    /// Whose bids the house strikes with a removal; `None` where there is none such.
    pub fn bidder_of(&self, removal: Removal) -> Option<UserId> {
        self.bids.iter().find(|bid| bid.is_meant_by(removal)).map(|bid| bid.bidder)
    }

    /// The bids, in order.
    pub fn bids(&self) -> &[Placed] {
        &self.bids
    }
}

/// Whether a command can only be decided with the [`Record`] of the auction's log: see
/// [`decide_with`](crate::auction::decide_with()).
#[inline]
pub fn needs_record(auction: &Auction, command: &Command) -> bool {
    match command.action {
        Action::Retract { .. } => auction.terms().retraction != Retraction::Forbidden,
        Action::Void { .. } => true,
        Action::Advance => auction.ends_by_record() && ends_at(auction, command.at),
        Action::Close => auction.ends_by_record(),
        _ => false,
    }
}

fn ends_at(auction: &Auction, at: Timestamp) -> bool {
    let at = at.max(auction.last_at());
    matches!(auction.status().phase(), Phase::Scheduled | Phase::Started) && at >= auction.ends_at()
}
