//! From the events of an auction to who is to be told.

use super::kind::NoticeKind;
use super::leads::LeadTimes;
use super::notice::{Manner, NewNotice, NoticeFacts, NoticeResult};
use super::plan::{Audience, NewRound, Plan, Position};
use super::relevance::{matters_to, round_matters};
use crate::auction::{Auction, Award, Event, Outcome, Phase, Recorded, Status, Withdrawal};
use crate::id::UserId;
use crate::money::Amount;
use crate::time::{Span, Timestamp};
use std::collections::BTreeMap;

/// Bidders are told of extensions at most once in so many seconds: all within one of these windows are one notice.
pub const EXTENDED_WINDOW_SECS: u32 = 10;

/// How long after the end of such a window, so that all its extensions are committed and planned.
pub const EXTENDED_SLACK: Span = Span::from_secs(2);

/// What is known of an auction by those who plan.
#[derive(Clone, Copy, Debug)]
pub struct Followed<'a> {
    /// The auction as it is now.
    pub auction: &'a Auction,
    /// The title of its lot.
    pub title: &'a str,
    /// How long before people are reminded.
    pub lead_times: LeadTimes,
    /// The time now.
    pub now: Timestamp,
}

/// Plans who is told what of the events after a position. They are in order and without a gap, and none of them is
/// newer than the auction; there may be more of them, which are planned next.
///
/// What no longer matters is not planned: nobody is told of losing a lead that they have again, or of the start of an
/// auction that is over. Of several losses of one person the latest is told. Reminders follow from the auction as it
/// is now. The channels of notices are those by default.
pub fn follow(position: Position, followed: &Followed<'_>, events: &[Recorded]) -> Plan {
    let mut following = Following::new(position, followed);
    for recorded in events {
        following.step(recorded);
    }
    following.plan(position)
}

/// What a notice says about an auction as it is, all of it public.
pub fn facts(auction: &Auction, title: &str) -> NoticeFacts {
    let (ends_at, outcome) = match auction.status() {
        Status::Ended { at, outcome } => (*at, Some(outcome)),
        Status::Draft | Status::Scheduled | Status::Started | Status::Paused { .. } => {
            (auction.ends_at(), None)
        }
    };
    NoticeFacts {
        title: title.to_owned(),
        price: price(auction, outcome),
        currency: auction.terms().currency,
        starts_at: Some(auction.starts_at()),
        ends_at: Some(ends_at),
        result: outcome.map(result),
        manner: Manner::of(auction.terms().format),
    }
}

/// What the lot was sold for, else what it stands at; `None` where nobody has bid or bids are hidden, and where units
/// were sold, which need not have a price in common.
fn price(auction: &Auction, outcome: Option<&Outcome>) -> Option<Amount> {
    match outcome {
        Some(Outcome::Sold { price, .. } | Outcome::BoughtNow { price, .. }) => Some(*price),
        Some(Outcome::SoldUnits { .. }) => None,
        Some(Outcome::ReserveNotMet | Outcome::NoBids | Outcome::Cancelled) | None => {
            let is_shown = auction.bid_count() > 0 && !auction.terms().format.hides_bids();
            is_shown.then(|| auction.price())
        }
    }
}

const fn result(outcome: &Outcome) -> NoticeResult {
    match outcome {
        Outcome::Sold { .. } | Outcome::SoldUnits { .. } => NoticeResult::Sold,
        Outcome::ReserveNotMet => NoticeResult::ReserveNotMet,
        Outcome::NoBids => NoticeResult::NoBids,
        Outcome::BoughtNow { .. } => NoticeResult::BoughtNow,
        Outcome::Cancelled => NoticeResult::Cancelled,
    }
}

/// A plan in the making.
struct Following<'a> {
    followed: &'a Followed<'a>,
    facts: NoticeFacts,
    after: Position,
    /// Who lost the lead, with the version and the time of the event.
    lost: BTreeMap<UserId, (u64, Timestamp)>,
    notices: Vec<NewNotice>,
    rounds: Vec<NewRound>,
    /// The time of the latest event after which reminders may be due at another time.
    timed_at: Option<Timestamp>,
}

impl<'a> Following<'a> {
    fn new(position: Position, followed: &'a Followed<'a>) -> Self {
        Self {
            followed,
            facts: facts(followed.auction, followed.title),
            after: position,
            lost: BTreeMap::new(),
            notices: Vec::new(),
            rounds: Vec::new(),
            timed_at: None,
        }
    }

    fn step(&mut self, recorded: &Recorded) {
        self.after.revision = recorded.revision;
        match &recorded.event {
            Event::Bid { bidder, leads: true, .. } => self.lead(*bidder, recorded),
            Event::Bid { .. }
            | Event::AutoBid { .. }
            | Event::MaximumChanged { .. }
            | Event::SealedBid { .. }
            | Event::Received
            | Event::Joined { .. } => {}
            Event::Bought { bidder, units, price } => {
                self.tell_of_units(*bidder, recorded.version, price.checked_mul(units.count()), recorded.at);
            }
            Event::Awarded { awards } => {
                for (winner, sum) in sums(awards) {
                    self.tell_of_units(winner, 0, sum, recorded.at);
                }
            }
            Event::Withdrawn(withdrawal) => self.withdraw(withdrawal, recorded),
            Event::Drawn(draw) => self.after.leader = draw.book.leader(),
            Event::Created { .. }
            | Event::Revised { .. }
            | Event::Published
            | Event::Paused
            | Event::Resumed { .. } => self.timed_at = Some(recorded.at),
            Event::Started => {
                self.timed_at = Some(recorded.at);
                self.call(NoticeKind::Started, 0, Audience::Participants, recorded.at);
            }
            Event::Extended { .. } => {
                self.timed_at = Some(recorded.at);
                let (window, due_at) = extension_window(recorded.at);
                self.rounds.retain(|round| (round.kind, round.occurrence) != (NoticeKind::Extended, window));
                self.call(NoticeKind::Extended, window, Audience::Bidders, due_at);
            }
            Event::Ended { at, outcome } => {
                self.timed_at = Some(recorded.at);
                self.close(*at, outcome);
            }
        }
    }

    fn lead(&mut self, bidder: UserId, recorded: &Recorded) {
        if let Some(before) = self.after.leader.replace(bidder) {
            self.lost.insert(before, (recorded.version, recorded.at));
        }
        // Who leads now has lost nothing, whether they had the lead before or have it again.
        self.lost.remove(&bidder);
    }

    /// Somebody has units of a lot, for this sum; `None` where no amount is so large.
    fn tell_of_units(&mut self, winner: UserId, occurrence: u64, sum: Option<Amount>, at: Timestamp) {
        let price = std::mem::replace(&mut self.facts.price, sum);
        self.tell(winner, NoticeKind::Won, occurrence, at);
        self.tell(winner, NoticeKind::PaymentDue, occurrence, at);
        self.facts.price = price;
    }

    /// Who loses the lead since bids are gone is told of it unless they were their own.
    fn withdraw(&mut self, withdrawal: &Withdrawal, recorded: &Recorded) {
        let before = self.after.leader;
        self.after.leader = withdrawal.leader;
        if let Some(before) = before.filter(|before| withdrawal.leader != Some(*before)) {
            self.lost.insert(before, (recorded.version, recorded.at));
        }
        if withdrawal.leader != Some(withdrawal.bidder) && !withdrawal.by_house {
            self.lost.remove(&withdrawal.bidder);
        }
        if let Some(leader) = withdrawal.leader {
            self.lost.remove(&leader);
        }
    }

    fn close(&mut self, at: Timestamp, outcome: &Outcome) {
        let (seller, format) = (self.followed.auction.seller(), self.followed.auction.terms().format);
        if let Some((winner, _)) = outcome.sale() {
            // Who bought what was left was told so with the purchase.
            if !format.sells_at_once() {
                self.tell(winner, NoticeKind::Won, 0, at);
            }
            // Who supplies the lot is paid for it.
            if !format.sells_at_once() && !self.facts.manner.is_reverse() {
                self.tell(winner, NoticeKind::PaymentDue, 0, at);
            }
            self.tell(seller, NoticeKind::Ended, 0, at);
            self.call_except(Some(winner), NoticeKind::Lost, 0, Audience::Bidders, at);
            self.call_except(Some(winner), NoticeKind::Ended, 0, Audience::Onlookers, at);
        } else if *outcome == Outcome::ReserveNotMet {
            self.tell(seller, NoticeKind::ReserveNotMet, 0, at);
            self.call(NoticeKind::ReserveNotMet, 0, Audience::Bidders, at);
            self.call(NoticeKind::Ended, 0, Audience::Onlookers, at);
        } else {
            self.tell(seller, NoticeKind::Ended, 0, at);
            self.call(NoticeKind::Ended, 0, Audience::Participants, at);
        }
    }

    fn tell(&mut self, user: UserId, kind: NoticeKind, occurrence: u64, at: Timestamp) {
        let Followed { auction, now, .. } = *self.followed;
        if matters_to(user, kind, auction, now) {
            self.notices.push(NewNotice {
                user,
                auction: auction.id(),
                kind,
                occurrence,
                facts: self.facts.clone(),
                at,
                channels: kind.channels_by_default(),
            });
        }
    }

    fn call(&mut self, kind: NoticeKind, occurrence: u64, audience: Audience, due_at: Timestamp) {
        self.call_except(None, kind, occurrence, audience, due_at);
    }

    fn call_except(
        &mut self,
        except: Option<UserId>,
        kind: NoticeKind,
        occurrence: u64,
        audience: Audience,
        due_at: Timestamp,
    ) {
        let Followed { auction, now, .. } = *self.followed;
        if round_matters(kind, auction, now) {
            let facts = self.facts.clone();
            self.rounds.push(NewRound { kind, occurrence, audience, except, facts, due_at });
        }
    }

    fn plan(mut self, position: Position) -> Plan {
        for (user, (version, at)) in std::mem::take(&mut self.lost) {
            self.tell(user, NoticeKind::Outbid, version, at);
        }
        let mut dropped = Vec::new();
        if let Some(at) = self.timed_at {
            dropped = self.plan_reminders(at);
        }
        Plan {
            auction: self.followed.auction.id(),
            before: position.revision,
            after: self.after,
            notices: self.notices,
            rounds: self.rounds,
            dropped,
        }
    }

    /// Plans the reminders that the auction has now, not before `at`, and answers the kinds that it has not.
    fn plan_reminders(&mut self, at: Timestamp) -> Vec<NoticeKind> {
        let mut dropped = Vec::new();
        for (kind, due_at) in self.reminders() {
            match due_at {
                Some(due_at) => self.rounds.push(NewRound {
                    kind,
                    occurrence: 0,
                    audience: Audience::Participants,
                    except: None,
                    facts: self.facts.clone(),
                    due_at: due_at.max(at),
                }),
                None => dropped.push(kind),
            }
        }
        dropped
    }

    /// When people are to be reminded of the start and of the end, where they are.
    fn reminders(&self) -> [(NoticeKind, Option<Timestamp>); 2] {
        let Followed { auction, lead_times, now, .. } = *self.followed;
        let phase = auction.phase_at(now);
        let (starts_at, ends_at) = (auction.starts_at(), auction.ends_at());
        let waits = phase == Phase::Scheduled && lead_times.starting > Span::ZERO;
        let ends = matches!(phase, Phase::Scheduled | Phase::Started) && lead_times.ending > Span::ZERO;
        [
            (NoticeKind::StartingSoon, waits.then(|| starts_at.before(lead_times.starting))),
            (NoticeKind::EndingSoon, ends.then(|| ends_at.before(lead_times.ending).max(starts_at))),
        ]
    }
}

/// What each winner of units has to pay for all of theirs; `None` where no amount is so large.
fn sums(awards: &[Award]) -> BTreeMap<UserId, Option<Amount>> {
    let mut sums = BTreeMap::new();
    for Award { bidder, units, price } in awards {
        let sum = sums.entry(*bidder).or_insert(Some(Amount::ZERO));
        *sum = sum.and_then(|sum: Amount| sum.checked_add(price.checked_mul(units.count())?));
    }
    sums
}

/// The window that an extension falls into, and when bidders are told of all in it.
fn extension_window(at: Timestamp) -> (u64, Timestamp) {
    let length = Span::from_secs(EXTENDED_WINDOW_SECS);
    let into = at.micros() % length.micros();
    let window = u64::try_from(at.micros() / length.micros()).unwrap_or(0);
    let start = Timestamp::from_micros(at.micros() - into).unwrap_or(Timestamp::EPOCH);
    (window, start.after(length).after(EXTENDED_SLACK))
}

#[cfg(test)]
#[path = "follow_tests.rs"]
mod tests;
