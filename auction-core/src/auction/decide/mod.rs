//! What becomes of a command: events, or a rejection.

mod bidding;
mod joining;
mod lifecycle;
mod withdrawing;

use crate::auction::command::{Action, Actor, Command};
use crate::auction::draw::{Draw, drawn_end};
use crate::auction::event::{Event, Events};
use crate::auction::facts::BidderFacts;
use crate::auction::format::{Book, sealed};
use crate::auction::record::Record;
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::state::Auction;
use crate::auction::status::{Outcome, Phase, Status};
use crate::auction::terms::ClosingPolicy;
use crate::auction::units::Units;
use crate::id::UserId;
use crate::money::Amount;
use crate::time::Timestamp;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Decides a command against the state of an auction.
///
/// `standing` and `facts` are those of the one who acts. What is due by `command.at` is applied first: a bid at
/// the end is refused even if nobody has closed the auction yet, and one just after the start is taken even if
/// nobody has opened it. No events mean that there is nothing to do.
///
/// The function is pure: the same arguments give the same answer, and nothing is changed.
///
/// # Errors
/// The first [`Rejection`] that applies, in their order of precedence; [`Rejection::RecordMissing`] where
/// [`needs_record`](crate::auction::needs_record()) says that [`decide_with`] is to be asked.
#[inline]
pub fn decide(
    auction: &Auction,
    standing: &Standing,
    facts: &BidderFacts,
    command: &Command,
) -> Result<Events, Rejection> {
    judge(auction, standing, facts, command, None)
}

/// Decides a command as [`decide`](decide()) does, with the record of the auction's whole log at hand.
///
/// # Errors
/// The first [`Rejection`] that applies, in their order of precedence.
pub fn decide_with(
    auction: &Auction,
    standing: &Standing,
    facts: &BidderFacts,
    command: &Command,
    record: &Record,
) -> Result<Events, Rejection> {
    judge(auction, standing, facts, command, Some(record))
}

#[inline]
fn judge(
    auction: &Auction,
    standing: &Standing,
    facts: &BidderFacts,
    command: &Command,
    record: Option<&Record>,
) -> Result<Events, Rejection> {
    let price = screen(auction, facts, command)?;
    // A log never goes back in time: what was stamped before the last commit counts as of then.
    let at = command.at.max(auction.last_at());
    let phase = auction.status().phase();
    let mut case = Case { auction, record, at, phase, lacks_record: false, events: Events::new() };
    case.advance();
    match &command.action {
        Action::Advance => {}
        Action::Bid(bid) => case.bid(acting(command)?, standing, facts, bid, price)?,
        Action::Buy { units, .. } => case.buy(acting(command)?, standing, facts, *units, price)?,
        Action::Join => case.join(acting(command)?, standing)?,
        Action::Publish => case.publish(command.by, facts)?,
        Action::Revise(charter) => case.revise(command.by, facts, charter)?,
        Action::Pause => case.pause(command.by, facts)?,
        Action::Resume => case.resume(command.by, facts)?,
        Action::Close => case.close(command.by, facts)?,
        Action::Cancel => case.cancel(command.by, facts)?,
        Action::Retract { reason } => case.retract(acting(command)?, standing, reason)?,
        Action::Void { removal, reason } => case.void(command.by, facts, *removal, reason)?,
    }
    if case.lacks_record { Err(Rejection::RecordMissing) } else { Ok(case.events) }
}

/// The part of [`decide`] that comes before the look for a receipt: whether the person may act at all, and
/// whether the price is one in the auction's currency. Answers the price; zero where the command has none.
///
/// # Errors
/// [`Rejection::AccountNotVerified`], [`Rejection::AccountBanned`], [`Rejection::InvalidPrice`] or
/// [`Rejection::InvalidUnits`].
#[inline]
pub fn screen(auction: &Auction, facts: &BidderFacts, command: &Command) -> Result<Amount, Rejection> {
    match &command.action {
        Action::Bid(bid) => {
            participant(facts)?;
            let amount = price(auction, bid.amount)?;
            check_units(auction, bid.units).map(|()| amount)
        }
        Action::Buy { price: seen, units } => {
            participant(facts)?;
            let seen = price(auction, *seen)?;
            check_units(auction, *units).map(|()| seen)
        }
        Action::Retract { .. } => participant(facts).map(|()| Amount::ZERO),
        Action::Join => participant(facts).map(|()| Amount::ZERO),
        Action::Advance
        | Action::Publish
        | Action::Revise(_)
        | Action::Pause
        | Action::Resume
        | Action::Close
        | Action::Cancel
        | Action::Void { .. } => Ok(Amount::ZERO),
    }
}

/// Nobody asks for more units than there are.
#[inline]
fn check_units(auction: &Auction, units: Units) -> Result<(), Rejection> {
    if units == Units::ONE {
        return Ok(());
    }
    let most = auction.terms().format.units();
    if units > most { Err(Rejection::InvalidUnits { most: most.count() }) } else { Ok(()) }
}

#[inline]
fn participant(facts: &BidderFacts) -> Result<(), Rejection> {
    if !facts.verified {
        return Err(Rejection::AccountNotVerified);
    }
    if facts.banned { Err(Rejection::AccountBanned) } else { Ok(()) }
}

#[inline]
fn price(auction: &Auction, written: Decimal) -> Result<Amount, Rejection> {
    use crate::auction::rejection::InvalidPrice;
    match Amount::from_decimal(written, auction.terms().currency) {
        Ok(Amount::ZERO) => Err(Rejection::InvalidPrice(InvalidPrice::Zero)),
        Ok(price) => Ok(price),
        Err(error) => Err(Rejection::InvalidPrice(InvalidPrice::Money(error))),
    }
}

/// The person who acts; the house itself does not bid, buy or join.
#[inline]
fn acting(command: &Command) -> Result<UserId, Rejection> {
    match command.by {
        Actor::User(user) => Ok(user),
        Actor::System => Err(Rejection::NotPermitted),
    }
}

/// A decision in the making: the auction as it was, what it is by now, and the events so far.
struct Case<'a> {
    auction: &'a Auction,
    record: Option<&'a Record>,
    at: Timestamp,
    phase: Phase,
    /// The outcome could not be found without the record.
    lacks_record: bool,
    events: Events,
}

impl Case<'_> {
    /// Applies what is due by time: the start, then the end.
    #[inline]
    fn advance(&mut self) {
        if self.phase == Phase::Scheduled && self.at >= self.auction.starts_at() {
            self.events.push(Event::Started);
            self.phase = Phase::Started;
        }
        if self.phase == Phase::Started && self.at >= self.auction.ends_at() {
            self.end_at(self.auction.ends_at());
        }
    }

    /// Ends the auction with the outcome that it has.
    fn end_at(&mut self, at: Timestamp) {
        self.phase = Phase::Ended;
        let outcome = if self.auction.ends_by_record() {
            let Some(record) = self.record else {
                self.lacks_record = true;
                return;
            };
            self.outcome_of(record)
        } else {
            self.auction.book.outcome(self.auction.terms())
        };
        self.events.push(Event::Ended { at, outcome });
    }

    /// Opens the sealed bids, or draws the end.
    fn outcome_of(&mut self, record: &Record) -> Outcome {
        let (terms, ends_at) = (self.auction.terms(), self.auction.ends_at());
        if let ClosingPolicy::Candle { period, sample, seed: Some(seed) } = terms.closing {
            let ended_at = drawn_end(seed, self.auction.id(), ends_at, period, sample);
            let book = Book::replayed(terms, record.before(ended_at));
            self.events.push(Event::Drawn(Arc::new(Draw { seed, ended_at, book })));
            return book.outcome(terms);
        }
        let (outcome, awards) = sealed::resolve(terms, record);
        if let Some(awards) = awards {
            self.events.push(Event::Awarded { awards });
        }
        outcome
    }

    /// Refuses unless the auction is open for bids.
    #[inline]
    fn must_be_open(&self) -> Result<(), Rejection> {
        match self.phase {
            Phase::Started => Ok(()),
            Phase::Draft | Phase::Scheduled => {
                Err(Rejection::NotStarted { starts_at: self.auction.starts_at() })
            }
            Phase::Paused => Err(Rejection::Paused),
            Phase::Cancelled => Err(Rejection::Cancelled),
            Phase::Ended if self.is_sold_out() => Err(Rejection::AlreadySold),
            Phase::Ended => Err(Rejection::Ended),
            Phase::BoughtNow => Err(Rejection::AlreadySold),
        }
    }

    /// Every unit was bought.
    fn is_sold_out(&self) -> bool {
        let Book::Stock(stock) = &self.auction.book else { return false };
        stock.left(self.auction.terms()) == 0
    }

    /// How long the auction has been paused, where it is.
    fn paused_since(&self) -> Option<Timestamp> {
        match self.auction.status() {
            Status::Paused { since } => Some(*since),
            _ => None,
        }
    }
}
