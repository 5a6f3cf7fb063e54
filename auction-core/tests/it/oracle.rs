//! Two naive statements of how a price is found, in plain numbers and without the engine: slow, and easy to check
//! against the rules by reading.
//!
//! [`War`] is the step by step bidding war of `ladder_walk`. [`Showdown`] is the plain statement of `second_max`: every
//! loser has shown its maximum, and the winner answers one increment.

use crate::plan::Plan;
use auction_core::auction::{Anchor, BelowReserve, BidKind, FirstBid, LeaderRaise, LeaderStraight, LowerMax};
use std::collections::BTreeMap;

/// The code of a refusal.
pub(crate) type Code = &'static str;

/// How an auction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) leader: u64,
    pub(crate) price: i64,
    pub(crate) maximum: i64,
}

/// A bid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) bidder: u64,
    pub(crate) kind: BidKind,
    pub(crate) amount: i64,
    pub(crate) limit: Option<i64>,
}

/// One of the two.
#[derive(Clone, Debug)]
pub(crate) enum Oracle {
    War(War),
    Showdown(Showdown),
}

impl Oracle {
    /// The one for the anchor of the plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        match plan.anchor {
            Anchor::LadderWalk => Self::War(War::default()),
            _ => Self::Showdown(Showdown::default()),
        }
    }

    pub(crate) fn stand(&self, plan: &Plan) -> Option<Stand> {
        match self {
            Self::War(war) => war.stand,
            Self::Showdown(showdown) => showdown.stand(plan),
        }
    }

    /// The least that somebody who does not lead has to bid.
    pub(crate) fn minimum(&self, plan: &Plan) -> i64 {
        minimum(plan, self.stand(plan))
    }

    pub(crate) fn place(&mut self, plan: &Plan, offer: Offer) -> Result<(), Code> {
        judge(plan, self.stand(plan), offer)?;
        self.place_again(plan, offer);
        Ok(())
    }

    /// Places a bid that was taken before: whether it is one that the rules take is not looked at.
    pub(crate) fn place_again(&mut self, plan: &Plan, offer: Offer) {
        match self {
            Self::War(war) => war.place(plan, offer),
            Self::Showdown(showdown) => showdown.place(plan, offer),
        }
    }
}

fn minimum(plan: &Plan, stand: Option<Stand>) -> i64 {
    match stand {
        Some(stand) => stand.price + plan.steps.inc(stand.price),
        None => match plan.first_bid {
            FirstBid::Above => plan.start + 1,
            FirstBid::PlusIncrement => plan.start + plan.steps.inc(plan.start),
            // A bid of nothing is none, wherever the bidding starts.
            _ => plan.start.max(1),
        },
    }
}

/// Whether the rules take this bid at all.
fn judge(plan: &Plan, stand: Option<Stand>, offer: Offer) -> Result<(), Code> {
    let minimum = minimum(plan, stand);
    let own = stand.filter(|stand| stand.leader == offer.bidder);
    if own.is_none() && offer.amount < minimum {
        return Err(if stand.is_none() { "below_starting_price" } else { "below_minimum" });
    }
    let jumps = |parts: u64| i128::from(offer.amount) * 10_000 > i128::from(minimum) * i128::from(parts);
    if plan.max_jump.is_some_and(jumps) {
        return Err("exceeds_max_jump");
    }
    if let Some(own) = own {
        let taken = match offer.kind {
            BidKind::Straight => plan.leader_straight == LeaderStraight::Raises && offer.amount > own.price,
            BidKind::Maximum if offer.amount > own.maximum => true,
            BidKind::Maximum => {
                plan.lower_max == LowerMax::DownToVisible && (own.price..own.maximum).contains(&offer.amount)
            }
        };
        if !taken {
            return Err("already_leading");
        }
    }
    match offer.limit {
        Some(limit) if offer.amount > limit => Err("over_limit"),
        _ => Ok(()),
    }
}

/// Rule 4: what the reserve makes of a price.
fn with_reserve(plan: &Plan, price: i64, maximum: i64) -> i64 {
    match plan.reserve {
        Some(reserve) if price < reserve && maximum >= reserve => reserve,
        Some(reserve) if price < reserve && plan.below_reserve == BelowReserve::FullMax => maximum,
        _ => price,
    }
}

/// The step by step bidding war.
#[derive(Clone, Debug, Default)]
pub(crate) struct War {
    stand: Option<Stand>,
    /// The last war: at which price it began, and how far the loser went.
    last: Option<(i64, i64)>,
}

impl War {
    fn place(&mut self, plan: &Plan, offer: Offer) {
        let stand = match self.stand {
            None => self.first(plan, offer),
            Some(stand) if stand.leader == offer.bidder => self.own(plan, stand, offer),
            Some(stand) => self.rival(plan, stand, offer),
        };
        self.stand = Some(Stand { price: with_reserve(plan, stand.price, stand.maximum), ..stand });
    }

    fn first(&self, plan: &Plan, offer: Offer) -> Stand {
        let price = match offer.kind {
            BidKind::Straight => offer.amount,
            BidKind::Maximum => plan.start,
        };
        Stand { leader: offer.bidder, price, maximum: offer.amount }
    }

    fn own(&self, plan: &Plan, stand: Stand, offer: Offer) -> Stand {
        match offer.kind {
            BidKind::Straight => {
                Stand { price: offer.amount, maximum: stand.maximum.max(offer.amount), ..stand }
            }
            BidKind::Maximum => {
                let fought_again = match (plan.leader_raise, self.last) {
                    (LeaderRaise::CompletesIncrement, Some((from, loser))) => {
                        war(plan, from, loser, offer.amount)
                    }
                    _ => 0,
                };
                Stand { price: stand.price.max(fought_again), maximum: offer.amount, ..stand }
            }
        }
    }

    fn rival(&mut self, plan: &Plan, stand: Stand, offer: Offer) -> Stand {
        let from = stand.price;
        if offer.amount > stand.maximum {
            self.last = Some((from, stand.maximum));
            let price = match offer.kind {
                BidKind::Straight => offer.amount,
                BidKind::Maximum => war(plan, from, stand.maximum, offer.amount),
            };
            return Stand { leader: offer.bidder, price, maximum: offer.amount };
        }
        self.last = Some((from, offer.amount));
        Stand { price: war(plan, from, offer.amount, stand.maximum), ..stand }
    }
}

/// Both outbid each other, one increment at a time, until the loser gives up.
fn war(plan: &Plan, from: i64, loser: i64, winner: i64) -> i64 {
    let mut price = from;
    while price <= loser {
        price += plan.steps.inc(price);
    }
    price.min(winner)
}

/// All bids that were taken, in order, and nothing else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Showdown {
    bids: Vec<Taken>,
}

#[derive(Clone, Copy, Debug)]
struct Taken {
    bidder: u64,
    kind: BidKind,
    amount: i64,
    /// It was a bid of the leader's own.
    own: bool,
}

impl Showdown {
    fn place(&mut self, plan: &Plan, offer: Offer) {
        let own = self.stand(plan).is_some_and(|stand| stand.leader == offer.bidder);
        self.bids.push(Taken { bidder: offer.bidder, kind: offer.kind, amount: offer.amount, own });
    }

    fn stand(&self, plan: &Plan) -> Option<Stand> {
        let now = showdown(plan, &self.bids)?;
        if plan.leader_raise == LeaderRaise::CompletesIncrement {
            return Some(now);
        }
        // The leader's own bids complete nothing: the price is that after the last bid of a rival, or what the
        // leader bid straight since then.
        let since = self.bids.iter().rposition(|bid| !bid.own).expect("the first bid is nobody's own");
        let then = showdown(plan, &self.bids[..=since])?;
        let straight = highest_straight(&self.bids[since + 1..], now.leader);
        Some(Stand { price: with_reserve(plan, then.price.max(straight), now.maximum), ..now })
    }
}

fn highest_straight(bids: &[Taken], bidder: u64) -> i64 {
    let own = bids.iter().filter(|bid| bid.bidder == bidder && bid.kind == BidKind::Straight);
    own.map(|bid| bid.amount).max().unwrap_or(0)
}

/// How the bids stand, from scratch.
fn showdown(plan: &Plan, bids: &[Taken]) -> Option<Stand> {
    // Of each bidder every maximum so far, and when it was set.
    let mut histories: BTreeMap<u64, Vec<(usize, i64)>> = BTreeMap::new();
    for (turn, bid) in bids.iter().enumerate() {
        let history = histories.entry(bid.bidder).or_default();
        let before = history.last().map_or(0, |(_, maximum)| *maximum);
        let maximum = match bid.kind {
            BidKind::Straight => before.max(bid.amount),
            BidKind::Maximum => bid.amount,
        };
        history.push((turn, maximum));
    }
    let maxima: Vec<_> = histories.iter().map(|(bidder, history)| standing_since(*bidder, history)).collect();
    let (leader, maximum, _) =
        *maxima.iter().max_by_key(|(_, maximum, since)| (*maximum, std::cmp::Reverse(*since)))?;
    let second = maxima.iter().filter(|(bidder, ..)| *bidder != leader).map(|(_, maximum, _)| *maximum).max();
    let answered = match second {
        Some(second) => maximum.min(second + plan.steps.inc(second)),
        None => plan.start,
    };
    let price = with_reserve(plan, answered.max(highest_straight(bids, leader)), maximum);
    Some(Stand { leader, price, maximum })
}

/// The maximum of a bidder, and since when the bidder has offered at least as much without a break: who raises and
/// lowers again has never offered less in between.
fn standing_since(bidder: u64, history: &[(usize, i64)]) -> (u64, i64, usize) {
    let (_, maximum) = *history.last().expect("a bidder has bid");
    let unbroken = history.iter().rev().take_while(|(_, earlier)| *earlier >= maximum);
    let (since, _) = unbroken.last().expect("the last one at least");
    (bidder, maximum, *since)
}
