//! The state of one auction: small, whatever the number of its bids and bidders.

use crate::auction::event::{Charter, Event, Recorded};
use crate::auction::format::{Book, Format};
use crate::auction::schedule::Schedule;
use crate::auction::status::{Outcome, Phase, Status};
use crate::auction::terms::{BuyNow, BuyNowRule, ClosingPolicy, Terms};
use crate::id::{AuctionId, UserId};
use crate::money::Amount;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One auction, as its events have made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Auction {
    pub(crate) id: AuctionId,
    pub(crate) revision: u64,
    pub(crate) version: u64,
    pub(crate) charter: Arc<Charter>,
    pub(crate) status: Status,
    pub(crate) ends_at: Timestamp,
    pub(crate) hard_end: Option<Timestamp>,
    pub(crate) last_at: Timestamp,
    pub(crate) book: Book,
    pub(crate) bid_count: u64,
    pub(crate) extensions: u32,
    pub(crate) participants: u32,
}

impl Auction {
    /// The auction that its first event describes; `None` where that is not [`Event::Created`] at revision 1.
    pub fn created(id: AuctionId, first: &Recorded) -> Option<Self> {
        let Event::Created { charter, draft } = &first.event else { return None };
        (first.revision == 1).then(|| Self {
            id,
            revision: 1,
            version: 0,
            status: if *draft { Status::Draft } else { Status::Scheduled },
            ends_at: charter.schedule().ends_at(),
            hard_end: charter.terms().closing.hard_end(),
            last_at: first.at,
            book: Book::new(charter.terms()),
            bid_count: 0,
            extensions: 0,
            participants: 0,
            charter: Arc::clone(charter),
        })
    }

    /// Which auction.
    pub const fn id(&self) -> AuctionId {
        self.id
    }

    /// How many public events it has had.
    #[inline]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// How many events of any kind it has had. Never shown to the public: it would tell of secret raises.
    #[inline]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Who sells.
    #[inline]
    pub fn seller(&self) -> UserId {
        self.charter.seller()
    }

    /// What was agreed on.
    pub const fn charter(&self) -> &Arc<Charter> {
        &self.charter
    }

    /// The terms.
    #[inline]
    pub fn terms(&self) -> &Terms {
        self.charter.terms()
    }

    /// The schedule as it was set; the end may have moved since.
    pub fn schedule(&self) -> Schedule {
        self.charter.schedule()
    }

    /// The status that was written down. What the auction is *by now* tells [`Auction::phase_at`].
    #[inline]
    pub const fn status(&self) -> &Status {
        &self.status
    }

    /// When bidding opens.
    #[inline]
    pub fn starts_at(&self) -> Timestamp {
        self.charter.schedule().starts_at()
    }

    /// When bidding ends, extensions included.
    #[inline]
    pub const fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// The time past which bids cannot move the end.
    pub const fn hard_end(&self) -> Option<Timestamp> {
        self.hard_end
    }

    /// How often bids have moved the end.
    pub const fn extensions(&self) -> u32 {
        self.extensions
    }

    /// The time of the last event.
    pub const fn last_at(&self) -> Timestamp {
        self.last_at
    }

    /// How many bids stand in the history, answers of maximums not counted.
    pub const fn bid_count(&self) -> u64 {
        self.bid_count
    }

    /// How many people take part.
    pub const fn participants(&self) -> u32 {
        self.participants
    }

    /// The standing price; the starting price without bids.
    #[inline]
    pub fn price(&self) -> Amount {
        self.book.price().unwrap_or(self.terms().starting_price)
    }

    /// The price at `at`: what a Dutch clock says, the price of one unit where it is fixed, else the standing price.
    pub fn price_at(&self, at: Timestamp) -> Amount {
        let terms = self.terms();
        match (terms.format, self.status) {
            (_, Status::Ended { .. }) => self.price(),
            (Format::Dutch(clock), status) => {
                let until = if let Status::Paused { since } = status { since } else { at };
                clock.price(terms.starting_price, self.clock_run(until))
            }
            (Format::FixedPrice(_), _) => terms.starting_price,
            _ => self.price(),
        }
    }

    /// How long a clock has run at `at`, pauses not counted.
    fn clock_run(&self, at: Timestamp) -> Span {
        // Nothing but pauses moves the end of an auction with a clock.
        let paused = self.ends_at.since(self.schedule().ends_at());
        at.since(self.starts_at().after(paused))
    }

    /// When the price of a Dutch clock falls for the next time after `at`; `None` where it does not.
    pub fn next_price_at(&self, at: Timestamp) -> Option<Timestamp> {
        let Format::Dutch(clock) = self.terms().format else { return None };
        if matches!(self.status, Status::Draft | Status::Paused { .. } | Status::Ended { .. }) {
            return None;
        }
        let paused = self.ends_at.since(self.schedule().ends_at());
        let run = clock.next_step(self.terms().starting_price, self.clock_run(at))?;
        Some(self.starts_at().after(paused).after(run)).filter(|falls| *falls < self.ends_at)
    }

    /// Whether the outcome is found in the record of all bids: see [`needs_record`](crate::auction::needs_record()).
    #[inline]
    pub(crate) fn ends_by_record(&self) -> bool {
        self.book.ends_by_record() || matches!(self.terms().closing, ClosingPolicy::Candle { .. })
    }

    /// How many units are left to buy; 0 where the format sells none at a price that stands.
    pub fn units_left(&self) -> u32 {
        self.book.left(self.terms())
    }

    /// Who leads.
    #[inline]
    pub fn leader(&self) -> Option<UserId> {
        self.book.leader()
    }

    /// Whose bid is the best, as far as the state knows. Secret where the format hides bids; see
    /// [`Auction::leader`] for what everybody may know.
    pub fn ahead(&self) -> Option<UserId> {
        self.book.ahead()
    }

    /// The leader's maximum. Secret from everyone else.
    pub fn leader_maximum(&self) -> Option<Amount> {
        self.book.leader_maximum()
    }

    /// The least that somebody who does not lead has to bid; `None` where no higher amount exists.
    #[inline]
    pub fn minimum_bid(&self) -> Option<Amount> {
        self.book.minimum(self.terms())
    }

    /// Whether the price has reached the reserve; `None` without a reserve.
    pub fn reserve_met(&self) -> Option<bool> {
        let terms = self.terms();
        let meets = |price, reserve| match terms.format {
            Format::Reverse(_) => price <= reserve,
            _ => price >= reserve,
        };
        // Units that were sold among sealed bids have no price in common.
        let sold_units = matches!(self.status, Status::Ended { outcome: Outcome::SoldUnits { .. }, .. });
        let price = self.book.price();
        terms.reserve.map(|reserve| sold_units || price.is_some_and(|price| meets(price, reserve)))
    }

    /// What the auction is at `at`, whether or not anybody has written that down yet.
    pub fn phase_at(&self, at: Timestamp) -> Phase {
        match self.status {
            Status::Scheduled | Status::Started if at >= self.ends_at => Phase::Ended,
            Status::Scheduled if at >= self.starts_at() => Phase::Started,
            _ => self.status.phase(),
        }
    }

    /// When it has to be opened or closed; `None` where nothing is due by time.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.status {
            Status::Scheduled => Some(self.starts_at()),
            Status::Started => Some(self.ends_at),
            Status::Draft | Status::Paused { .. } | Status::Ended { .. } => None,
        }
    }

    /// The buy-now offer, where it still stands.
    #[inline]
    pub fn buy_now(&self) -> Option<BuyNow> {
        let offer = self.terms().buy_now?;
        let stands = match offer.rule {
            BuyNowRule::Always => true,
            BuyNowRule::UntilFirstBid => self.bid_count == 0,
            BuyNowRule::UntilReserveMet => match self.reserve_met() {
                Some(met) => !met,
                None => self.bid_count == 0,
            },
        };
        stands.then_some(offer)
    }
}
