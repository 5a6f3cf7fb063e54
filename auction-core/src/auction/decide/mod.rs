//! What becomes of a command: events, or a rejection.

mod bidding;
mod joining;
mod lifecycle;

use crate::auction::command::{Action, Actor, Command};
use crate::auction::event::{Event, Events};
use crate::auction::facts::BidderFacts;
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::state::Auction;
use crate::auction::status::{Phase, Status};
use crate::id::UserId;
use crate::money::Amount;
use crate::time::Timestamp;
use rust_decimal::Decimal;

/// Decides a command against the state of an auction.
///
/// `standing` and `facts` are those of the one who acts. What is due by `command.at` is applied first: a bid at
/// the end is refused even if nobody has closed the auction yet, and one just after the start is taken even if
/// nobody has opened it. No events mean that there is nothing to do.
///
/// The function is pure: the same arguments give the same answer, and nothing is changed.
///
/// # Errors
/// The first [`Rejection`] that applies, in their order of precedence.
pub fn decide(
    auction: &Auction,
    standing: &Standing,
    facts: &BidderFacts,
    command: &Command,
) -> Result<Events, Rejection> {
    let price = screen(auction, facts, command)?;
    // A log never goes back in time: what was stamped before the last commit counts as of then.
    let at = command.at.max(auction.last_at());
    let mut case = Case { auction, at, phase: auction.status().phase(), events: Events::new() };
    case.advance();
    match &command.action {
        Action::Advance => {}
        Action::Bid(bid) => case.bid(acting(command)?, standing, facts, bid.kind, price)?,
        Action::Buy { .. } => case.buy(acting(command)?, standing, facts, price)?,
        Action::Join => case.join(acting(command)?, standing)?,
        Action::Publish => case.publish(command.by, facts)?,
        Action::Revise(charter) => case.revise(command.by, facts, charter)?,
        Action::Pause => case.pause(command.by, facts)?,
        Action::Resume => case.resume(command.by, facts)?,
        Action::Close => case.close(command.by, facts)?,
        Action::Cancel => case.cancel(command.by, facts)?,
    }
    Ok(case.events)
}

/// The part of [`decide`] that comes before the look for a receipt: whether the person may act at all, and
/// whether the price is one in the auction's currency. Answers the price; zero where the command has none.
///
/// # Errors
/// [`Rejection::AccountNotVerified`], [`Rejection::AccountBanned`] or [`Rejection::InvalidPrice`].
#[inline]
pub fn screen(auction: &Auction, facts: &BidderFacts, command: &Command) -> Result<Amount, Rejection> {
    match &command.action {
        Action::Bid(bid) => participant(facts).and_then(|()| price(auction, bid.amount)),
        Action::Buy { price: seen } => participant(facts).and_then(|()| price(auction, *seen)),
        Action::Join => participant(facts).map(|()| Amount::ZERO),
        Action::Advance
        | Action::Publish
        | Action::Revise(_)
        | Action::Pause
        | Action::Resume
        | Action::Close
        | Action::Cancel => Ok(Amount::ZERO),
    }
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
    at: Timestamp,
    phase: Phase,
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
        let outcome = self.auction.book.outcome(self.auction.terms());
        self.events.push(Event::Ended { at, outcome });
        self.phase = Phase::Ended;
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
            Phase::Ended => Err(Rejection::Ended),
            Phase::BoughtNow => Err(Rejection::AlreadySold),
        }
    }

    /// How long the auction has been paused, where it is.
    fn paused_since(&self) -> Option<Timestamp> {
        match self.auction.status() {
            Status::Paused { since } => Some(*since),
            _ => None,
        }
    }
}
