//! The formats: how a winner is found. One room each; a new one enters as a room and an arm of each match here.
//!
//! A format decides what a bid does to its [`Book`] and what the outcome is. Who may bid, whether the auction is
//! open, and what a bid does to the end is the same for all formats and decided outside.

pub mod english;

use crate::auction::command::BidKind;
use crate::auction::event::{Event, Events};
use crate::auction::rejection::Rejection;
use crate::auction::status::Outcome;
use crate::auction::terms::{BidEffect, Terms};
use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};

/// How a winner is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Open and ascending, with straight and maximum bids in one auction.
    #[default]
    English,
}

/// What a format remembers of the bids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Book {
    /// Of an English auction.
    English(english::Book),
}

/// A bid that may be placed as far as everything but its amount is concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) bidder: UserId,
    pub(crate) kind: BidKind,
    pub(crate) amount: Amount,
    /// The most that the bidder may commit to.
    pub(crate) spendable: Option<Amount>,
}

impl Format {
    /// The names of the formats that are built.
    pub(crate) const NAMES: [&'static str; 1] = ["english"];

    /// The name in a document of terms.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "english",
        }
    }

    /// The format with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        (name == Self::English.name()).then_some(Self::English)
    }
}

impl Book {
    /// The book of an auction without bids.
    pub(crate) const fn new(terms: &Terms) -> Self {
        match terms.format {
            Format::English => Self::English(english::Book::EMPTY),
        }
    }

    /// Adds what becomes of an offer to `events`, and answers what it means for the end of the auction; `None`
    /// where it cannot matter.
    #[inline]
    pub(crate) fn place(
        &self,
        terms: &Terms,
        offer: &Offer,
        events: &mut Events,
    ) -> Result<Option<BidEffect>, Rejection> {
        match self {
            Self::English(book) => book.place(terms, offer, events),
        }
    }

    /// Takes in an event that [`Book::place`] made.
    #[inline]
    pub(crate) fn apply(&mut self, event: &Event) {
        match self {
            Self::English(book) => book.apply(event),
        }
    }

    /// The standing price; `None` without bids.
    #[inline]
    pub(crate) fn price(&self) -> Option<Amount> {
        match self {
            Self::English(book) => book.price(),
        }
    }

    /// Who leads.
    #[inline]
    pub(crate) fn leader(&self) -> Option<UserId> {
        match self {
            Self::English(book) => book.leader(),
        }
    }

    /// The leader's maximum.
    pub(crate) fn leader_maximum(&self) -> Option<Amount> {
        match self {
            Self::English(book) => book.leader_maximum(),
        }
    }

    /// The least that somebody who does not lead has to bid; `None` where no higher amount exists.
    #[inline]
    pub(crate) fn minimum(&self, terms: &Terms) -> Option<Amount> {
        match self {
            Self::English(book) => book.minimum(terms),
        }
    }

    /// How it went, if the auction ended now.
    pub(crate) fn outcome(&self, terms: &Terms) -> Outcome {
        match self {
            Self::English(book) => book.outcome(terms),
        }
    }
}
