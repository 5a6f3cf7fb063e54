//! What people try to do with an auction: written relative to how it stands, so that random moves hit the edges.

use crate::people::{Person, user};
use crate::plan::{Closing, Plan, SECOND, Steps, amount, time};
use auction_core::auction::{Action, Actor, Auction, Bid, BidKind, BidderFacts, Command, Units};
use auction_core::money::Amount;
use rust_decimal::Decimal;
use std::sync::Arc;

/// What somebody tries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    pub(crate) person: Person,
    pub(crate) deed: Deed,
    pub(crate) when: When,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    Advance,
    Join,
    Bid(BidKind, Sum),
    Buy(Sum),
    Publish,
    Revise(Revision),
    Pause,
    Resume,
    Close,
    Cancel,
}

/// How a seller changes an auction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Revision {
    /// Other increments.
    Steps,
    /// Another length, in seconds.
    Length(u16),
    /// Another seller, which is never allowed.
    Seller,
}

/// How much somebody offers, in minor units above or below a landmark.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sum {
    /// Thousandths of the largest sum that the plan has in mind.
    Share(u16),
    /// A sum that does not depend on anything.
    Exactly(i64),
    Minimum(i8),
    Price(i8),
    LeaderMaximum(i8),
    Reserve(i8),
    BuyNow(i8),
}

/// When somebody tries.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// This many seconds after the move before.
    Later(u16),
    /// At the same time as the move before.
    AtOnce,
    /// The stamp lies this many seconds before that of the move before.
    Before(u16),
    /// This many microseconds around the start.
    Start(i8),
    /// This many microseconds around the end, as it is now, unless that lies in the past.
    End(i8),
    /// So many seconds before the end.
    BeforeEnd(u16),
    /// This many microseconds around the time from which a bid moves the end.
    Window(i8),
}

/// What of an auction the landmarks are taken from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    pub(crate) minimum: i64,
    pub(crate) price: i64,
    pub(crate) leader_maximum: i64,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
}

impl Sight {
    /// Of a real auction.
    pub(crate) fn of(auction: &Auction) -> Self {
        let price = auction.price().minor();
        Self {
            minimum: auction.minimum_bid().map_or(Amount::MINOR_MAX, Amount::minor),
            price,
            leader_maximum: auction.leader_maximum().map_or(price, Amount::minor),
            starts_at: auction.starts_at().micros(),
            ends_at: auction.ends_at().micros(),
        }
    }
}

/// A move at a certain time with certain sums.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) person: Person,
    pub(crate) at: i64,
    pub(crate) act: Act,
}

#[derive(Clone, Debug)]
pub(crate) enum Act {
    Advance,
    Join,
    Bid(BidKind, i64),
    Buy(i64),
    Publish,
    Revise { plan: Box<Plan>, seller: Person },
    Pause,
    Resume,
    Close,
    Cancel,
}

impl Move {
    /// What the move is where the auction of `plan` stands like that and the move before was at `now`.
    pub(crate) fn ask(self, plan: &Plan, sight: Sight, now: i64) -> Ask {
        let at = match self.when {
            When::Later(seconds) => now + i64::from(seconds) * SECOND,
            When::AtOnce => now,
            When::Before(seconds) => now - i64::from(seconds) * SECOND,
            When::Start(micros) => now.max(sight.starts_at + i64::from(micros)),
            When::End(micros) => now.max(sight.ends_at + i64::from(micros)),
            When::BeforeEnd(seconds) => now.max(sight.ends_at - i64::from(seconds) * SECOND),
            When::Window(micros) => {
                let window = match plan.closing {
                    Closing::Soft { window, .. } => window,
                    Closing::Hard => 0,
                };
                now.max(sight.ends_at - window * SECOND + i64::from(micros))
            }
        };
        let sum = |sum: Sum| match sum {
            Sum::Share(share) => plan.top * i64::from(share) / 1_000,
            Sum::Exactly(cents) => cents,
            Sum::Minimum(off) => sight.minimum + i64::from(off),
            Sum::Price(off) => sight.price + i64::from(off),
            Sum::LeaderMaximum(off) => sight.leader_maximum + i64::from(off),
            Sum::Reserve(off) => plan.reserve.unwrap_or(sight.minimum) + i64::from(off),
            Sum::BuyNow(off) => plan.buy_now.map_or(sight.minimum, |(price, _)| price) + i64::from(off),
        };
        let act = match self.deed {
            Deed::Advance => Act::Advance,
            Deed::Join => Act::Join,
            Deed::Bid(kind, offered) => Act::Bid(kind, sum(offered)),
            Deed::Buy(offered) => Act::Buy(sum(offered)),
            Deed::Publish => Act::Publish,
            Deed::Revise(revision) => {
                let mut plan = plan.clone();
                match revision {
                    Revision::Steps => plan.steps = Steps::Fixed(plan.steps.inc(plan.start)),
                    Revision::Length(seconds) => plan.length = i64::from(seconds.max(1)),
                    Revision::Seller => {}
                }
                let seller = match revision {
                    Revision::Seller => Person::Bidder(0),
                    Revision::Steps | Revision::Length(_) => Person::Seller,
                };
                Act::Revise { plan: Box::new(plan), seller }
            }
            Deed::Pause => Act::Pause,
            Deed::Resume => Act::Resume,
            Deed::Close => Act::Close,
            Deed::Cancel => Act::Cancel,
        };
        Ask { person: self.person, at, act }
    }
}

impl Ask {
    /// What the host says of the one who asks.
    pub(crate) fn facts(&self, plan: &Plan) -> BidderFacts {
        self.person.facts(plan.limit)
    }

    /// The command for the engine.
    pub(crate) fn command(&self) -> Command {
        let action = match &self.act {
            Act::Advance => Action::Advance,
            Act::Join => Action::Join,
            Act::Bid(kind, cents) => {
                Action::Bid(Bid { kind: *kind, amount: Decimal::new(*cents, 2), units: Units::ONE })
            }
            Act::Buy(cents) => Action::Buy { price: Decimal::new(*cents, 2), units: Units::ONE },
            Act::Publish => Action::Publish,
            Act::Revise { plan, seller } => {
                let seller = user(seller.number().expect("a person sells"));
                Action::Revise(Arc::new(plan.charter(seller)))
            }
            Act::Pause => Action::Pause,
            Act::Resume => Action::Resume,
            Act::Close => Action::Close,
            Act::Cancel => Action::Cancel,
        };
        let by = self.person.number().map_or(Actor::System, |number| Actor::User(user(number)));
        Command { at: time(self.at), by, action }
    }

    /// The limit of the one who asks.
    pub(crate) fn limit(&self, plan: &Plan) -> Option<i64> {
        self.facts(plan).spendable.map(|limit| limit.max(amount(0)).minor())
    }
}
