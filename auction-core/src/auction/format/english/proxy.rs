//! The arithmetic of maximum bids. Constant time: nothing here depends on how many have bid.

use crate::auction::terms::{Anchor, BelowReserve, LeaderRaise, Terms};
use crate::money::Amount;

/// The price at which the winning maximum has fully answered a losing one, whatever the winner's maximum is:
/// one increment above it, or the first rung above it on the ladder that starts at the standing price.
#[inline]
pub(super) fn answer(terms: &Terms, price: Amount, losing: Amount) -> Amount {
    let answer = match terms.proxy.anchor {
        Anchor::SecondMax => terms.increments.next(losing),
        Anchor::LadderWalk => terms.increments.first_above(price, losing),
    };
    answer.unwrap_or(Amount::MAX)
}

/// The price of a lead, after the reserve was looked at (rules: straight and maximum bids, 4).
#[inline]
pub(super) fn reserved(terms: &Terms, price: Amount, maximum: Amount) -> Amount {
    match terms.reserve {
        Some(reserve) if price < reserve => {
            if maximum >= reserve {
                reserve
            } else {
                match terms.proxy.below_reserve {
                    BelowReserve::Normal => price,
                    BelowReserve::FullMax => maximum,
                }
            }
        }
        _ => price,
    }
}

/// The price after the leader has raised the own maximum (rules: straight and maximum bids, 3).
#[inline]
pub(super) fn raised(terms: &Terms, price: Amount, answer: Amount, maximum: Amount) -> Amount {
    let completed = match terms.proxy.leader_raise {
        LeaderRaise::CompletesIncrement => price.max(answer.min(maximum)),
        LeaderRaise::NeverMoves => price,
    };
    reserved(terms, completed, maximum)
}
