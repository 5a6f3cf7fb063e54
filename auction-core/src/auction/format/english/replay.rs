//! What accepted bids make of an auction when some of them are gone (rules: retraction, cancellation, second
//! chance).
//!
//! The bids are resolved again in the order of the log, as if the others had never been made. What was accepted
//! stays accepted: no minimum, jump or limit is looked at, nor whether leaders may bid straight. A straight bid that
//! leads stands at its amount, and a maximum that was lowered stays lowered.

use super::proxy;
use super::{Book, Lead};
use crate::auction::command::BidKind;
use crate::auction::record::Placed;
use crate::auction::terms::Terms;

impl Book {
    /// The book that these bids make.
    pub(in crate::auction::format) fn replayed(terms: &Terms, bids: &[Placed]) -> Self {
        let lead = bids.iter().fold(None, |lead: Option<Lead>, bid| {
            Some(match lead {
                None => first(terms, bid),
                Some(lead) if lead.bidder == bid.bidder => lead.raised_again(terms, bid),
                Some(lead) => lead.challenged_again(terms, bid),
            })
        });
        Self { lead }
    }
}

fn first(terms: &Terms, bid: &Placed) -> Lead {
    let start = terms.starting_price;
    let price = match bid.kind {
        BidKind::Straight => bid.amount,
        BidKind::Maximum => proxy::reserved(terms, start.min(bid.amount), bid.amount),
    };
    Lead { bidder: bid.bidder, price, maximum: bid.amount, answer: start }
}

impl Lead {
    fn challenged_again(self, terms: &Terms, bid: &Placed) -> Self {
        let losing = bid.amount.min(self.maximum);
        let answer = proxy::answer(terms, self.price, losing);
        if bid.amount > self.maximum {
            let price = match bid.kind {
                BidKind::Straight => bid.amount,
                BidKind::Maximum => proxy::reserved(terms, answer.min(bid.amount), bid.amount),
            };
            return Self { bidder: bid.bidder, price: price.max(self.price), maximum: bid.amount, answer };
        }
        let price = proxy::reserved(terms, answer.min(self.maximum), self.maximum);
        Self { price: price.max(self.price), answer: answer.max(self.answer), ..self }
    }

    fn raised_again(self, terms: &Terms, bid: &Placed) -> Self {
        match bid.kind {
            BidKind::Straight if bid.amount > self.price => {
                Self { price: bid.amount, maximum: self.maximum.max(bid.amount), ..self }
            }
            BidKind::Maximum if bid.amount > self.maximum => {
                let price = proxy::raised(terms, self.price, self.answer, bid.amount);
                Self { price, maximum: bid.amount, ..self }
            }
            // The ladder that starts elsewhere may have led the price above it.
            BidKind::Maximum if bid.is_change_of_maximum() => {
                Self { price: self.price.min(bid.amount), maximum: bid.amount, ..self }
            }
            // What no longer changes anything.
            BidKind::Straight | BidKind::Maximum => self,
        }
    }
}
