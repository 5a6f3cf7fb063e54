//! One lot among sealed bids: the highest wins, and pays its own bid or the second highest.
//!
//! Bids of 100, 80 and 60: the first price is 100, the second 80. With a reserve of 90 the second price is 90; with
//! one of 110 nobody wins. Alone above a starting price of 10 a bidder pays 10. Of two bids of 100 the earlier wins
//! and pays 100.

use super::{by_rank, last_of_each, minimum};
use crate::auction::record::Placed;
use crate::auction::status::Outcome;
use crate::auction::terms::Terms;
use crate::id::UserId;
use crate::money::Amount;

/// The highest bid, with the best of the others.
fn best_two(bids: &[Placed]) -> Option<(UserId, Amount, Option<Amount>)> {
    let mut best: Option<&Placed> = None;
    let mut second: Option<&Placed> = None;
    for bid in last_of_each(bids) {
        if best.is_none_or(|best| by_rank(bid, best).is_lt()) {
            second = best.replace(bid);
        } else if second.is_none_or(|second| by_rank(bid, second).is_lt()) {
            second = Some(bid);
        }
    }
    best.map(|best| (best.bidder, best.amount, second.map(|second| second.amount)))
}

/// The winner pays what `price` makes of their bid, the second highest one, and the least that is taken.
fn outcome(
    terms: &Terms,
    bids: &[Placed],
    price: impl FnOnce(Amount, Option<Amount>, Amount) -> Amount,
) -> Outcome {
    let Some((winner, bid, second)) = best_two(bids) else { return Outcome::NoBids };
    let least = terms.reserve.unwrap_or(Amount::ZERO).max(minimum(terms));
    if bid < least {
        return Outcome::ReserveNotMet;
    }
    Outcome::Sold { winner, price: price(bid, second, least) }
}

/// The winner pays the own bid.
pub(super) fn first_price(terms: &Terms, bids: &[Placed]) -> Outcome {
    outcome(terms, bids, |bid, _, _| bid)
}

/// The winner pays the second highest bid, and at least the reserve and the starting price (Vickrey).
pub(super) fn second_price(terms: &Terms, bids: &[Placed]) -> Outcome {
    outcome(terms, bids, |_, second, least| second.unwrap_or(Amount::ZERO).max(least))
}
