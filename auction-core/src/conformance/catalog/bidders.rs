//! Cases of what one bidder has bid.

use super::Market;
use super::stall::{Stall, Wares, everything};
use crate::auction::{Event, Recorded, Saleroom};
use crate::conformance::checks::{Verdict, same};
use crate::conformance::scene::{bidder, maximum, straight};
use crate::ports::EventPage;

/// With the standing of the bidder, and without those in which others bid or that are only joined.
pub(super) async fn auctions_that_somebody_has_bid_on_come_newest_first(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut rooms = Vec::new();
    for place in 0..5_u32 {
        let mut room = stall.offer(Wares::default()).await?;
        stall.act(&mut room, &[maximum(bidder(2), 3_700, 2_000)]).await?;
        if place != 2 {
            stall.act(&mut room, &[maximum(bidder(1), 3_800 + place, 5_000)]).await?;
            stall.act(&mut room, &[maximum(bidder(1), 3_900 + place, 6_000)]).await?;
        }
        rooms.push(room);
        if place == 3 {
            // Asking for a list may move things about behind the scenes.
            stall.found(&everything()).await?;
        }
    }
    let own = |room: &Saleroom| (room.auction().id(), room.standing(bidder(1)));
    let mut expected: Vec<_> = rooms.iter().map(own).filter(|(_, standing)| standing.bids > 0).collect();
    expected.reverse();
    same("how many have own bids", expected.len(), 4)?;
    for auctions_max in [0, 1, 3, 100] {
        for before in [None, Some(expected[0].0), Some(expected[2].0), Some(expected[3].0)] {
            let found = stall.shop.bid_on(bidder(1), before, auctions_max).await?;
            let wanted = expected.iter().filter(|(id, _)| before.is_none_or(|before| *id < before));
            let wanted = wanted.take(auctions_max).copied().collect();
            same(&format!("{auctions_max} before {before:?}"), found, wanted)?;
        }
    }
    same("of somebody who never bid", stall.shop.bid_on(bidder(9), None, 100).await?, vec![])
}

/// Without those of others, what a maximum answered by itself, and raises that nobody sees.
pub(super) async fn bids_of_one_bidder_come_newest_first(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::default()).await?;
    let mut commands = vec![maximum(bidder(1), 3_700, 2_000), maximum(bidder(1), 3_701, 9_000)];
    for step in 1..=6_u32 {
        commands.push(straight(bidder(2), 3_700 + 10 * step, 2_000 + 1_000 * i64::from(step)));
    }
    commands.push(maximum(bidder(2), 3_800, 20_000));
    commands.push(maximum(bidder(1), 3_801, 15_000));
    commands.push(maximum(bidder(1), 3_802, 40_000));
    for (place, command) in commands.into_iter().enumerate() {
        stall.act(&mut room, &[command]).await?;
        if place == 4 {
            // Asking for a list may move things about behind the scenes.
            stall.found(&everything()).await?;
        }
    }
    let id = room.auction().id();
    let all: Vec<_> = room.log().iter().filter_map(Recorded::masked).collect();
    for who in [1, 2, 3] {
        let is_own =
            |event: &&Recorded| matches!(event.event, Event::Bid { bidder: by, .. } if by == bidder(who));
        let own: Vec<_> = all.iter().rev().filter(is_own).cloned().collect();
        for before in 0..=room.auction().version() + 1 {
            for events_max in [0, 1, 3, 100] {
                let page = EventPage::BidsOf { bidder: bidder(who), before };
                let expected = own.iter().filter(|event| event.version < before).take(events_max);
                let events = stall.shop.public_events(id, page, events_max).await?;
                same(&format!("{events_max} of {page:?}"), events, expected.cloned().collect())?;
            }
        }
    }
    Ok(())
}
