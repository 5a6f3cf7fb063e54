//! What the examples of formats share: an auction in memory that lasts an hour, and people who bid.

use auction_core::auction::{
    Action, Bid, BidderFacts, Charter, Command, Rejection, Saleroom, Schedule, Seed, Status, TermsDocument,
    TermsErrors, Units,
};
use auction_core::money::{Amount, Currency, parse_decimal};
use auction_core::{AuctionId, Span, Timestamp, UserId};

/// An auction in memory, in dollars, from noon to one o'clock. Everybody may bid.
#[derive(Debug)]
pub struct Room {
    room: Saleroom,
}

impl Room {
    /// An auction under these terms.
    ///
    /// # Errors
    /// What is wrong with the terms.
    pub fn open(starting_price: &str, terms: &str) -> Result<Self, TermsErrors> {
        let defaults = TermsDocument::parse(r#"{"participation":"open","first_bid":"at_least"}"#)?;
        let start = Amount::parse(starting_price, Currency::USD).expect("invariant: a price in dollars");
        let terms = TermsDocument::parse(terms)?.or(&defaults).terms(Currency::USD, start)?;
        // A candle needs a seed, which a real house draws at random when it makes the auction.
        let terms = terms.with_seed(Seed::new([7; 32]));
        let schedule = Schedule::new(after(0), after(3_600))?;
        let charter = Charter::new(person(1), schedule, terms)?;
        let id = AuctionId::new(1).expect("invariant: an id");
        Ok(Self { room: Saleroom::open(id, charter, after(0)) })
    }

    /// Somebody bids, so many seconds after noon.
    ///
    /// # Errors
    /// Why the bid is refused.
    pub fn bid(&mut self, who: u64, seconds: u32, amount: &str, units: u32) -> Result<(), Rejection> {
        let bid = Bid::maximum(parse_decimal(amount).expect("invariant: a number")).for_units(some(units));
        self.ask(Command::of(person(who), after(seconds), Action::Bid(bid)))
    }

    /// Somebody buys at the price that they saw, so many seconds after noon.
    ///
    /// # Errors
    /// Why nothing is sold to them.
    pub fn buy(&mut self, who: u64, seconds: u32, seen: &str, units: u32) -> Result<(), Rejection> {
        let buy =
            Action::Buy { price: parse_decimal(seen).expect("invariant: a number"), units: some(units) };
        self.ask(Command::of(person(who), after(seconds), buy))
    }

    /// One o'clock: the auction is closed.
    pub fn close(&mut self) {
        self.ask(Command::advance(after(3_600))).expect("invariant: what is due is never refused");
    }

    /// The auction and its log.
    pub const fn room(&self) -> &Saleroom {
        &self.room
    }

    /// How an amount is written.
    pub fn money(&self, amount: Amount) -> String {
        amount.display(Currency::USD).to_string()
    }

    /// Who has the lot, by number, and for how much; `None` where nobody has.
    pub fn sale(&self) -> Option<(u64, String)> {
        let Status::Ended { outcome, .. } = self.room.auction().status() else { return None };
        outcome.sale().map(|(winner, price)| (winner.number(), self.money(price)))
    }

    fn ask(&mut self, command: Command) -> Result<(), Rejection> {
        self.room.handle(&BidderFacts::VERIFIED, &command).map(|_| ())
    }
}

/// Person number 1 sells; the others bid.
pub fn person(number: u64) -> UserId {
    UserId::new(number).expect("invariant: a small number")
}

/// So many seconds after noon.
pub fn after(seconds: u32) -> Timestamp {
    let noon: Timestamp = "2026-01-01T12:00:00Z".parse().expect("invariant: a time");
    noon.after(Span::from_secs(seconds))
}

fn some(units: u32) -> Units {
    Units::new(units).expect("invariant: a few units")
}
