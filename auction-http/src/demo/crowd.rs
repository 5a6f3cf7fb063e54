//! People who bid by themselves, so that a demonstration has a life before anybody signs in.

use super::people::{CROWD, person};
use super::{Demo, DemoError};
use crate::samples::Dice;
use auction_core::auction::{Action, Bid, BidderFacts, Command};
use auction_core::catalog::ListedAuction;
use auction_core::service::desk::Request;
use auction_core::{AuctionId, Span, Timestamp, UserId};
use rust_decimal::Decimal;
use std::time::Duration;

/// How long the crowd thinks between two bids, in seconds, and at most so much longer.
const THINKS: (u64, u64) = (4, 9);
/// The crowd leaves the end of an auction to those who are signed in.
const LEAVES_THE_END: Span = Span::from_secs(90);
/// How many times its starting price a lot is worth to the crowd.
const WORTH: Decimal = Decimal::from_parts(3, 0, 0, false, 0);
/// How many bids there are on a lot, at most, before the first visitor comes.
const FIRST_BIDS_MAX: u64 = 7;

pub(super) struct Crowd {
    people: Vec<UserId>,
    dice: Dice,
}

impl Crowd {
    /// The people of the crowd, made where they are missing.
    pub(super) async fn gather(demo: &Demo) -> Result<Self, DemoError> {
        let mut people = Vec::with_capacity(CROWD.len());
        for somebody in CROWD {
            people.push(person(&demo.parts, somebody).await?);
        }
        Ok(Self { people, dice: Dice::new(demo.parts.clock.now().micros().unsigned_abs()) })
    }

    /// Bids on every second lot, so that there is a history to look at.
    pub(super) async fn begin(&mut self, demo: &Demo) {
        for (place, auction) in demo.open(None).await.iter().enumerate() {
            if place % 4 == 3 {
                continue;
            }
            for _ in 0..=self.dice.below(FIRST_BIDS_MAX) {
                self.bid(demo, auction.id()).await;
            }
        }
    }

    /// How long it is until the next bid.
    pub(super) fn pause(&mut self) -> Duration {
        Duration::from_secs(THINKS.0 + self.dice.below(THINKS.1))
    }

    /// Bids once, on some lot that has not reached what it is worth.
    pub(super) async fn go_on(&mut self, demo: &Demo) {
        let open = demo.open(None).await;
        if let Some(auction) = self.dice.pick(&open) {
            self.bid(demo, auction.id()).await;
        }
    }

    /// A bid of somebody of the crowd who does not lead. What the house refuses is let be.
    async fn bid(&mut self, demo: &Demo, id: AuctionId) {
        let found = demo.parts.catalog.listed(&[id]).await.unwrap_or_default();
        let Some(ListedAuction { auction, .. }) = found.into_iter().flatten().next() else { return };
        let currency = auction.terms().currency;
        let Some(minimum) = auction.minimum_bid().map(|amount| amount.to_decimal(currency)) else { return };
        let worth = auction.terms().starting_price.to_decimal(currency) * WORTH;
        let now = demo.parts.clock.now();
        if minimum > worth || auction.ends_at() < now.after(LEAVES_THE_END) {
            return;
        }
        let others: Vec<UserId> =
            self.people.iter().copied().filter(|user| auction.leader() != Some(*user)).collect();
        let Some(user) = self.dice.pick(&others).copied() else { return };
        let bid = match self.dice.below(4) {
            0 => Bid::maximum((minimum * Decimal::new(13, 1)).round_dp(0).max(minimum)),
            _ => Bid::straight(minimum),
        };
        for action in [Action::Join, Action::Bid(bid)] {
            let command = Command::of(user, Timestamp::EPOCH, action);
            let request = Request { auction: auction.id(), command, facts: BidderFacts::VERIFIED, key: None };
            let _refused = demo.parts.desk.submit(demo.parts.desk.stamp(), request).await;
        }
    }
}
