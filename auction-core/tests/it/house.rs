//! A whole auction, naively: the status machine, who may do what, and the closing policies, written from the rules in
//! plain numbers around one of the [oracles](crate::oracle).

use crate::moves::{Act, Ask, Sight};
use crate::oracle::{Code, Offer, Oracle, Stand};
use crate::people::Person;
use crate::plan::{Closing, Plan, SECOND, STARTS_AT};
use auction_core::auction::{BidKind, BuyNowRule, EarlyClose, JoinUntil, Participation, Trigger};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) plan: Plan,
    pub(crate) stage: Stage,
    pub(crate) ends_at: i64,
    pub(crate) hard_end: Option<i64>,
    pub(crate) extensions: u32,
    pub(crate) joined: BTreeSet<u64>,
    pub(crate) bids: u64,
    oracle: Oracle,
    last_at: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Draft,
    Scheduled,
    Started,
    Paused { since: i64 },
    Ended { at: i64, result: &'static str, sale: Option<(u64, i64)> },
}

impl House {
    pub(crate) fn new(plan: Plan, draft: bool, at: i64) -> Self {
        Self {
            stage: if draft { Stage::Draft } else { Stage::Scheduled },
            ends_at: plan.ends_at(),
            hard_end: plan.hard_end(),
            extensions: 0,
            joined: BTreeSet::new(),
            bids: 0,
            oracle: Oracle::new(&plan),
            last_at: at,
            plan,
        }
    }

    pub(crate) fn stand(&self) -> Option<Stand> {
        self.oracle.stand(&self.plan)
    }

    pub(crate) fn price(&self) -> i64 {
        self.stand().map_or(self.plan.start, |stand| stand.price)
    }

    pub(crate) fn minimum(&self) -> i64 {
        self.oracle.minimum(&self.plan)
    }

    pub(crate) fn sight(&self) -> Sight {
        Sight {
            minimum: self.minimum(),
            price: self.price(),
            leader_maximum: self.stand().map_or(self.plan.start, |stand| stand.maximum),
            starts_at: STARTS_AT,
            ends_at: self.ends_at,
        }
    }

    /// Does what is asked, or says why not and stays as it was.
    pub(crate) fn handle(&mut self, ask: &Ask) -> Result<(), Code> {
        let mut next = self.clone();
        let at = ask.at.max(self.last_at);
        next.due(at);
        let stage_before = self.stage;
        next.act(ask, at)?;
        if !matches!(ask.act, Act::Advance) || next.stage != stage_before {
            next.last_at = at;
        }
        *self = next;
        Ok(())
    }

    /// What happens by time alone.
    fn due(&mut self, at: i64) {
        if self.stage == Stage::Scheduled && at >= STARTS_AT {
            self.stage = Stage::Started;
        }
        if self.stage == Stage::Started && at >= self.ends_at {
            self.end(self.ends_at);
        }
    }

    fn end(&mut self, at: i64) {
        let (result, sale) = match self.stand() {
            None => ("no_bids", None),
            Some(stand) if self.plan.reserve.is_some_and(|reserve| stand.price < reserve) => {
                ("reserve_not_met", None)
            }
            Some(stand) => ("sold", Some((stand.leader, stand.price))),
        };
        self.stage = Stage::Ended { at, result, sale };
    }

    fn act(&mut self, ask: &Ask, at: i64) -> Result<(), Code> {
        if matches!(ask.act, Act::Bid(..) | Act::Buy(_) | Act::Join) {
            match ask.person {
                Person::Unverified => return Err("account_not_verified"),
                Person::Banned => return Err("account_banned"),
                _ => {}
            }
        }
        match &ask.act {
            Act::Advance => Ok(()),
            Act::Join => self.join(ask),
            Act::Bid(_, cents) | Act::Buy(cents) if *cents <= 0 => Err("invalid_price"),
            Act::Bid(kind, cents) => self.bid(ask, at, *kind, *cents),
            Act::Buy(cents) => self.buy(ask, at, *cents),
            Act::Publish => {
                owns(ask)?;
                self.must_be(self.stage == Stage::Draft)?;
                if at >= self.ends_at {
                    return Err("end_passed");
                }
                self.stage = Stage::Scheduled;
                Ok(())
            }
            Act::Revise { plan, seller } => {
                owns(ask)?;
                let early = matches!(self.stage, Stage::Draft | Stage::Scheduled);
                self.must_be(early && *seller == Person::Seller)?;
                if at >= plan.ends_at() {
                    return Err("end_passed");
                }
                let (stage, joined) = (self.stage, self.joined.clone());
                *self = Self { stage, joined, ..Self::new(Plan::clone(plan), false, at) };
                Ok(())
            }
            Act::Pause => {
                self.governs(ask)?;
                self.must_be(self.stage == Stage::Started)?;
                self.stage = Stage::Paused { since: at };
                Ok(())
            }
            Act::Resume => {
                self.governs(ask)?;
                let Stage::Paused { since } = self.stage else { return Err("illegal_transition") };
                self.ends_at += at - since;
                self.hard_end = self.hard_end.map(|hard_end| hard_end + at - since);
                self.stage = Stage::Started;
                Ok(())
            }
            Act::Close => {
                self.governs(ask)?;
                self.must_be(self.stage == Stage::Started)?;
                self.end(at);
                Ok(())
            }
            Act::Cancel => {
                if matches!(self.stage, Stage::Draft | Stage::Scheduled) {
                    owns(ask)?;
                } else {
                    self.governs(ask)?;
                }
                self.must_be(!matches!(self.stage, Stage::Draft | Stage::Ended { .. }))?;
                self.stage = Stage::Ended { at, result: "cancelled", sale: None };
                Ok(())
            }
        }
    }

    fn join(&mut self, ask: &Ask) -> Result<(), Code> {
        let number = ask.person.number().ok_or("permission_denied")?;
        if ask.person == Person::Seller {
            return Err("seller_cannot_bid");
        }
        if self.joined.contains(&number) {
            return Err("already_joined");
        }
        let open = match self.stage {
            Stage::Scheduled => true,
            Stage::Started | Stage::Paused { .. } => self.plan.join_until == JoinUntil::End,
            Stage::Draft | Stage::Ended { .. } => false,
        };
        if !open {
            return Err("join_closed");
        }
        self.joined.insert(number);
        Ok(())
    }

    /// Whether this person may bid or buy, and the auction is open.
    fn may_bid(&self, ask: &Ask) -> Result<u64, Code> {
        let number = ask.person.number().ok_or("permission_denied")?;
        if ask.person == Person::Seller {
            return Err("seller_cannot_bid");
        }
        if self.plan.participation == Participation::Join && !self.joined.contains(&number) {
            return Err("not_participant");
        }
        match self.stage {
            Stage::Started => Ok(number),
            Stage::Draft | Stage::Scheduled => Err("not_started"),
            Stage::Paused { .. } => Err("paused"),
            Stage::Ended { result: "cancelled", .. } => Err("cancelled"),
            Stage::Ended { result: "bought_now", .. } => Err("already_sold"),
            Stage::Ended { .. } => Err("ended"),
        }
    }

    fn bid(&mut self, ask: &Ask, at: i64, kind: BidKind, amount: i64) -> Result<(), Code> {
        let bidder = self.may_bid(ask)?;
        if let Some((price, BuyNowRule::Always)) = self.plan.buy_now
            && amount >= price
        {
            return self.sell(ask, at, bidder, price);
        }
        let before = self.stand();
        let offer = Offer { bidder, kind, amount, limit: ask.limit(&self.plan) };
        self.oracle.place(&self.plan, offer)?;
        self.joined.insert(bidder);
        let after = self.stand().expect("a bid was taken");
        let own = before.is_some_and(|before| before.leader == bidder);
        let silent = before.is_some_and(|before| own && before.price == after.price);
        self.bids += u64::from(!silent);
        if !own {
            let price_changed = before.is_none_or(|before| before.price != after.price);
            let leader_changed = before.is_none_or(|before| before.leader != after.leader);
            self.extend(at, price_changed, leader_changed);
        }
        Ok(())
    }

    /// Moves the end after a bid that was not the leader's own.
    fn extend(&mut self, at: i64, price_changed: bool, leader_changed: bool) {
        let Closing::Soft { window, extend, trigger, .. } = self.plan.closing else { return };
        let triggered = match trigger {
            Trigger::PriceChange => price_changed,
            Trigger::LeaderChange => leader_changed,
            _ => true,
        };
        let inside = self.ends_at - at <= window * SECOND;
        if !triggered || !inside || self.extensions >= self.plan.max_extensions() {
            return;
        }
        let wanted = match extend {
            Some(seconds) => self.ends_at + seconds * SECOND,
            None => at + window * SECOND,
        };
        let end = self.hard_end.map_or(wanted, |hard_end| wanted.min(hard_end)).max(self.ends_at);
        self.extensions += u32::from(end != self.ends_at);
        self.ends_at = end;
    }

    fn buy(&mut self, ask: &Ask, at: i64, seen: i64) -> Result<(), Code> {
        let buyer = self.may_bid(ask)?;
        let (price, rule) = self.plan.buy_now.ok_or("buy_now_unavailable")?;
        let gone = match (rule, self.plan.reserve) {
            (BuyNowRule::Always, _) => false,
            (BuyNowRule::UntilReserveMet, Some(reserve)) => {
                self.stand().is_some_and(|it| it.price >= reserve)
            }
            _ => self.bids > 0,
        };
        if gone {
            return Err("buy_now_unavailable");
        }
        if seen < price {
            return Err("below_minimum");
        }
        self.sell(ask, at, buyer, price)
    }

    fn sell(&mut self, ask: &Ask, at: i64, buyer: u64, price: i64) -> Result<(), Code> {
        if ask.limit(&self.plan).is_some_and(|limit| price > limit) {
            return Err("over_limit");
        }
        self.joined.insert(buyer);
        self.stage = Stage::Ended { at, result: "bought_now", sale: Some((buyer, price)) };
        Ok(())
    }

    fn must_be(&self, allowed: bool) -> Result<(), Code> {
        if allowed { Ok(()) } else { Err("illegal_transition") }
    }

    fn governs(&self, ask: &Ask) -> Result<(), Code> {
        owns(ask)?;
        match self.plan.early_close {
            EarlyClose::Staff if ask.person == Person::Seller => Err("permission_denied"),
            _ => Ok(()),
        }
    }
}

fn owns(ask: &Ask) -> Result<(), Code> {
    match ask.person {
        Person::Seller | Person::Staff | Person::House => Ok(()),
        Person::Bidder(_) | Person::Banned | Person::Unverified => Err("permission_denied"),
    }
}
