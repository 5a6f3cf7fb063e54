//! The engine and the naive house side by side.

use crate::house::{House, Stage};
use crate::invariants::{Step, check_all};
use crate::moves::Ask;
use auction_core::auction::{Phase, Recorded, Saleroom, Status};

/// Asks both the same and compares the answers and how the auction stands; then checks all invariants.
pub(crate) fn compare(room: &mut Saleroom, house: &mut House, ask: &Ask) {
    let (facts, command) = (ask.facts(&house.plan), ask.command());
    let before = room.clone();
    let answer = room.handle(&facts, &command).map(<[Recorded]>::to_vec);
    let codes = answer.as_ref().map(|_| ()).map_err(|rejection| rejection.code());
    assert_eq!(codes, house.handle(ask), "{ask:?}");

    let auction = room.auction();
    let stand = house.stand();
    assert_eq!(auction.leader().map(|leader| leader.number()), stand.map(|stand| stand.leader));
    assert_eq!(auction.price().minor(), house.price());
    assert_eq!(auction.leader_maximum().map(|it| it.minor()), stand.map(|stand| stand.maximum));
    assert_eq!(auction.minimum_bid().map(|it| it.minor()), Some(house.minimum()));
    assert_eq!(auction.ends_at().micros(), house.ends_at);
    assert_eq!(auction.hard_end().map(|at| at.micros()), house.hard_end);
    assert_eq!(auction.extensions(), house.extensions);
    assert_eq!(auction.bid_count(), house.bids);
    assert_eq!(auction.participants() as usize, house.joined.len());
    assert_eq!(stage(auction.status()), house.stage);
    assert_eq!(auction.status().phase(), phase(house.stage));
    check_all(&Step { before: &before, after: room, facts: &facts, command: &command, answer: &answer });
}

fn stage(status: &Status) -> Stage {
    match status {
        Status::Draft => Stage::Draft,
        Status::Scheduled => Stage::Scheduled,
        Status::Started => Stage::Started,
        Status::Paused { since } => Stage::Paused { since: since.micros() },
        Status::Ended { at, outcome } => Stage::Ended {
            at: at.micros(),
            result: outcome.name(),
            sale: outcome.sale().map(|(winner, price)| (winner.number(), price.minor())),
        },
    }
}

fn phase(stage: Stage) -> Phase {
    match stage {
        Stage::Draft => Phase::Draft,
        Stage::Scheduled => Phase::Scheduled,
        Stage::Started => Phase::Started,
        Stage::Paused { .. } => Phase::Paused,
        Stage::Ended { result: "cancelled", .. } => Phase::Cancelled,
        Stage::Ended { result: "bought_now", .. } => Phase::BoughtNow,
        Stage::Ended { .. } => Phase::Ended,
    }
}
