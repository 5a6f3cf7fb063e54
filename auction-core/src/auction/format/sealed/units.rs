//! Several units among sealed bids, of which those of one bidder add up.
//!
//! Bids are served in the order of their amount, and of their arrival where they are equal, until nothing is left.
//! The last one served may get a part; what it does not get counts as a losing bid.
//!
//! Five units, A bids 20 for two, then B 21 for four: B gets four, A one, and with uniform pricing all pay 20.

use super::{Count, by_rank, minimum};
use crate::auction::event::Award;
use crate::auction::record::Placed;
use crate::auction::status::Outcome;
use crate::auction::terms::Terms;
use crate::auction::units::Units;
use crate::money::Amount;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How several units are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MultiUnit {
    /// How many there are.
    pub units: Units,
    /// What winners pay.
    pub pricing: Pricing,
    /// The fewest units that the last winner takes in part: where fewer are left, they stay unsold.
    pub min_fill: Units,
    /// Who learns how many bids came in.
    pub count: Count,
}

/// What the winners of units pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Pricing {
    /// All the lowest bid that wins.
    #[default]
    LowestWinning,
    /// All the highest bid, or part of one, that loses; at least the starting price and the reserve.
    HighestLosing,
    /// Each the own bid.
    PayAsBid,
}

pub(super) fn resolve(terms: &Terms, rules: MultiUnit, bids: &[Placed]) -> (Outcome, Option<Arc<[Award]>>) {
    if bids.is_empty() {
        return (Outcome::NoBids, None);
    }
    let least = terms.reserve.unwrap_or(Amount::ZERO).max(minimum(terms));
    let mut served: Vec<&Placed> = bids.iter().filter(|bid| bid.amount >= least).collect();
    served.sort_unstable_by(|one, other| by_rank(one, other));
    let mut left = rules.units.count();
    let mut awards: Vec<Award> = Vec::new();
    let mut lowest_winning = least;
    let mut highest_losing = None;
    for bid in served {
        let wanted = bid.units.count();
        let given = wanted.min(left);
        let is_enough = given == wanted || given >= rules.min_fill.count();
        let units = Units::new(given).filter(|_| highest_losing.is_none() && is_enough);
        if let Some(units) = units {
            awards.push(Award { bidder: bid.bidder, units, price: bid.amount });
            lowest_winning = bid.amount;
            left -= given;
        }
        if units.map_or(0, Units::count) < wanted {
            highest_losing = Some(bid.amount);
            break;
        }
    }
    if awards.is_empty() {
        return (Outcome::ReserveNotMet, None);
    }
    let uniform = match rules.pricing {
        Pricing::LowestWinning => Some(lowest_winning),
        Pricing::HighestLosing => Some(highest_losing.unwrap_or(least).max(least)),
        Pricing::PayAsBid => None,
    };
    if let Some(price) = uniform {
        awards.iter_mut().for_each(|award| award.price = price);
    }
    let units = rules.units.count() - left;
    (Outcome::SoldUnits { units }, Some(awards.into()))
}
