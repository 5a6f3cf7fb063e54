//! Cases of formats in which bids are hidden, units are bought or awarded, and bids are withdrawn.

use super::Market;
use super::stall::{Stall, Wares, everything, money, purchase, struck, taken_back, units, units_bid};
use crate::auction::{Action, BidderFacts, Event, Recorded, Removal, Saleroom};
use crate::catalog::{AuctionQuery, Drafts, Scope};
use crate::conformance::checks::{Deviation, Verdict, holds, same};
use crate::conformance::scene::{at, bidder, house, maximum, straight};
use crate::id::{AuctionId, UserId};
use crate::money::Amount;
use crate::ports::{EventPage, HiddenBid, RANKED_MAX, Share};
use std::collections::{BTreeMap, BTreeSet};

const OPEN: &str = r#""retraction":{"kind":"allowed","free_until_s":0}"#;
const FIXED: &str = r#""format":{"kind":"fixed_price","quantity":9}"#;
const UNITS: &str =
    r#""format":{"kind":"multi_unit","quantity":5,"pricing":"pay_as_bid"},"retraction":{"kind":"allowed"}"#;
const COUNTED: &str =
    r#""format":{"kind":"multi_unit","quantity":5,"count":"shown"},"retraction":{"kind":"allowed"}"#;
const RANKS: &str = r#""format":{"kind":"reverse","visibility":"rank_only","improvement":"0.25"},"retraction":{"kind":"allowed"}"#;
const CLOCK: &str = r#""format":{"kind":"dutch","step":"1","interval_s":60,"floor":"5","quantity":1}"#;

/// With those of one bidder, forwards and backwards.
pub(super) async fn purchases_are_rows_of_the_bid_history(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::of(FIXED)).await?;
    for (step, (who, units)) in (1..).zip([(1, 2), (2, 1), (1, 1), (3, 1), (1, 3)]) {
        stall.act(&mut room, &[purchase(bidder(who), 3_700 + step, units)?]).await?;
        if step == 2 {
            // Asking for a list may move things about behind the scenes.
            stall.found(&everything()).await?;
        }
    }
    let all: Vec<_> = room.log().iter().filter_map(Recorded::masked).collect();
    let bought: Vec<_> =
        all.iter().filter(|event| matches!(event.event, Event::Bought { .. })).cloned().collect();
    same("how many purchases there are", bought.len(), 5)?;
    let own: Vec<_> = bought
        .iter()
        .rev()
        .filter(|event| matches!(event.event, Event::Bought { bidder: by, .. } if by == bidder(1)))
        .cloned()
        .collect();
    let backwards = bought.iter().rev().cloned().collect();
    for (page, expected) in [
        (EventPage::BidsAfter(0), bought.clone()),
        (EventPage::BidsBefore(u64::MAX), backwards),
        (EventPage::BidsOf { bidder: bidder(1), before: room.auction().version() + 1 }, own),
    ] {
        let found = stall.shop.public_events(room.auction().id(), page, 100).await?;
        same(&format!("{page:?}"), found, expected)?;
    }
    Ok(())
}

/// Those that everybody may see, without what is private of them.
pub(super) async fn withdrawals_come_oldest_first(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::of(OPEN)).await?;
    let mut hidden = stall.offer(Wares::of(UNITS)).await?;
    for step in 1..=6_u32 {
        let second = 3_700 + 10 * step;
        let bids = [1_u32, 2].map(|who| {
            maximum(bidder(who.into()), second + who, 100_000 * i64::from(step) + 10_000 * i64::from(who))
        });
        stall.act(&mut room, &bids).await?;
        stall.act(&mut room, &[taken_back(bidder(u64::from(step % 2) + 1), second + 5)?]).await?;
        stall.act(&mut hidden, &[units_bid(bidder(1), second, 20, 1)?]).await?;
        stall.act(&mut hidden, &[taken_back(bidder(1), second + 5)?]).await?;
        if step == 3 {
            stall.found(&everything()).await?;
        }
        let is_gone = |event: &&Recorded| matches!(event.event, Event::Withdrawn(_));
        let expected = |room: &Saleroom| -> Vec<_> {
            let public: Vec<_> = room.log().iter().filter_map(Recorded::masked).collect();
            public.iter().filter(is_gone).cloned().collect()
        };
        let gone = expected(&room);
        same("how many withdrawals there are", gone.len(), usize::try_from(step).unwrap_or(0))?;
        for events_max in [0, 1, 4, 100] {
            let found =
                stall.shop.public_events(room.auction().id(), EventPage::Withdrawals, events_max).await?;
            let wanted = gone.iter().take(events_max).cloned().collect::<Vec<_>>();
            same(&format!("{events_max} withdrawals"), found, wanted)?;
        }
        let found = stall.shop.public_events(hidden.auction().id(), EventPage::Withdrawals, 100).await?;
        same("withdrawals that nobody may see", &found, &expected(&hidden))?;
        holds("a withdrawal of hidden bids is public", found.is_empty())?;
    }
    Ok(())
}

/// In pages, whatever others do, with what is gone; also when the auction is over.
pub(super) async fn hidden_bids_are_numbered_for_their_bidder(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    for format in [UNITS, COUNTED, RANKS] {
        let mut room = stall.offer(Wares::of(format)).await?;
        for step in 1..=14_u32 {
            let (who, second) = (bidder(u64::from(step % 3) + 1), 3_700 + 10 * step);
            let command = match step {
                5 | 9 => taken_back(who, second)?,
                11 => struck(Removal::Of(bidder(3)), second)?,
                _ if format == RANKS => straight(who, second, 1_000 - 30 * i64::from(step)),
                _ => units_bid(who, second, 10 + i64::from(step), 1 + step % 2)?,
            };
            stall.act(&mut room, &[command]).await?;
            if step == 6 {
                stall.found(&everything()).await?;
            }
            if matches!(step, 4 | 5 | 7 | 14) {
                hidden_bids_are(&stall, &room).await?;
            }
        }
        stall.act(&mut room, &[house(7_300, Action::Advance)]).await?;
        hidden_bids_are(&stall, &room).await?;
        stall.found(&everything()).await?;
        hidden_bids_are(&stall, &room).await?;
        let (one, two) = (hidden_bids_of(&room, bidder(2)), hidden_bids_of(&room, bidder(3)));
        holds("somebody has bids that are gone", one.iter().chain(&two).any(|bid| bid.withdrawn))?;
        holds("somebody has bids that stand", one.iter().chain(&two).any(|bid| !bid.withdrawn))?;
    }
    let open = stall.offer(Wares::default()).await?.auction().id();
    same("where nothing is hidden", stall.shop.hidden_bids(open, bidder(1), None, 100).await?, vec![])
}

async fn hidden_bids_are(stall: &Stall, room: &Saleroom) -> Verdict {
    let id = room.auction().id();
    for who in 1..=4 {
        let mut own = hidden_bids_of(room, bidder(who));
        own.reverse();
        for before in [None, Some(0), Some(1), Some(2), Some(4), Some(u32::MAX)] {
            for bids_max in [0, 1, 3, 100] {
                let wanted = own.iter().filter(|bid| before.is_none_or(|before| bid.number < before));
                let wanted: Vec<_> = wanted.take(bids_max).copied().collect();
                let found = stall.shop.hidden_bids(id, bidder(who), before, bids_max).await?;
                same(&format!("{bids_max} of bidder {who} before {before:?}"), found, wanted)?;
            }
        }
    }
    Ok(())
}

/// As the log has them, oldest first.
pub(super) fn hidden_bids_of(room: &Saleroom, who: UserId) -> Vec<HiddenBid> {
    let mut gone = BTreeSet::new();
    let mut bids = Vec::new();
    for recorded in room.log() {
        match &recorded.event {
            Event::SealedBid { bidder, amount, units } if *bidder == who => {
                bids.push((recorded.revision, recorded.at, *amount, *units));
            }
            Event::Withdrawn(withdrawal) => gone.extend(withdrawal.revisions.iter().copied()),
            _ => {}
        }
    }
    let numbered = (1..).zip(bids);
    let bid = |(number, (revision, at, amount, units))| {
        let withdrawn = gone.contains(&revision);
        HiddenBid { number, at, amount, units, withdrawn }
    };
    numbered.map(bid).collect()
}

/// In the order of the question and of what happened; nothing of lots that are sold as a whole.
pub(super) async fn shares_are_what_was_bought_and_awarded(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let rooms = sold(&stall).await?;
    let ids: Vec<_> = rooms.iter().map(|room| room.auction().id()).collect();
    let unknown = AuctionId::new(ids[ids.len() - 1].number() + 1_000);
    let unknown = unknown.map_err(|error| Deviation::new(error.to_string()))?;
    for _ in 0..2 {
        for who in (1..=4).map(bidder) {
            let question = [&ids[..], &[unknown], &ids[..2]].concat();
            let expected = question.iter().map(|id| {
                let room = rooms.iter().find(|room| room.auction().id() == *id);
                room.map(|room| shares_of(room, who)).unwrap_or_default()
            });
            let found = stall.shop.awards(&question, who).await?;
            same(&format!("the shares of {who:?}"), found, expected.collect())?;
        }
        stall.found(&everything()).await?;
    }
    let share = |count, dollars| Ok::<_, Deviation>(Share { units: units(count)?, price: money(dollars) });
    let found = stall.shop.awards(&ids, bidder(1)).await?;
    let expected = vec![
        vec![share(2, 10)?, share(1, 10)?],
        vec![share(1, 30)?, share(2, 20)?],
        vec![share(1, 10)?],
        vec![],
    ];
    same("the shares of the first bidder", found, expected)?;
    same("an empty question", stall.shop.awards(&[], bidder(1)).await?, vec![])
}

/// As the log has them.
pub(super) fn shares_of(room: &Saleroom, who: UserId) -> Vec<Share> {
    let mut shares = Vec::new();
    for recorded in room.log() {
        match &recorded.event {
            Event::Bought { bidder, units, price } if *bidder == who => {
                shares.push(Share { units: *units, price: *price });
            }
            Event::Awarded { awards } => {
                let own = awards.iter().filter(|award| award.bidder == who);
                shares.extend(own.map(|award| Share { units: award.units, price: award.price }));
            }
            _ => {}
        }
    }
    shares
}

/// A fixed price of which something is left, units that were awarded, a Dutch lot of one unit, and an English lot.
async fn sold(stall: &Stall) -> Result<[Saleroom; 4], Deviation> {
    let mut fixed = stall.offer(Wares::of(FIXED)).await?;
    let mut units = stall.offer(Wares::of(UNITS)).await?;
    let mut clock = stall.offer(Wares::of(CLOCK)).await?;
    let mut english = stall.offer(Wares::default()).await?;
    let buys = [(1, 3_700, 2), (2, 3_701, 1), (1, 3_702, 1)];
    for (who, second, count) in buys {
        stall.act(&mut fixed, &[purchase(bidder(who), second, count)?]).await?;
    }
    let bids = [(1, 3_700, 20, 3), (2, 3_701, 25, 2), (1, 3_702, 30, 1), (3, 3_703, 15, 1)];
    for (who, second, dollars, count) in bids {
        stall.act(&mut units, &[units_bid(bidder(who), second, dollars, count)?]).await?;
    }
    stall.act(&mut clock, &[purchase(bidder(1), 3_600, 1)?]).await?;
    stall.act(&mut english, &[straight(bidder(1), 3_700, 2_000)]).await?;
    for room in [&mut units, &mut english] {
        stall.act(room, &[house(7_300, Action::Advance)]).await?;
    }
    Ok([fixed, units, clock, english])
}

/// From the purchase on, and each lot once.
pub(super) async fn a_lot_of_units_is_won_by_all_who_have_some(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let rooms = sold(&stall).await?;
    let [fixed, units, clock, english] = rooms.each_ref().map(|room| room.auction().id());
    for (who, expected) in
        [(1, vec![fixed, units, clock, english]), (2, vec![fixed, units]), (3, vec![]), (4, vec![])]
    {
        let viewer = Some(bidder(who));
        for drafts in [Drafts::Own, Drafts::All] {
            let query = AuctionQuery { now: at(7_400), viewer, drafts, scope: Scope::Won, ..everything() };
            same(&format!("what bidder {who} has won"), stall.found(&query).await?, expected.clone())?;
        }
    }
    let nobody = AuctionQuery { now: at(7_400), scope: Scope::Won, ..everything() };
    same("what nobody has won", stall.found(&nobody).await?, vec![])
}

/// The lowest first, equal ones by number; without those who have none, or none any more.
pub(super) async fn bidders_are_ranked_by_their_own_amounts(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let mut room = stall.offer(Wares::of(RANKS)).await?;
    let bids = [(5, 900), (2, 800), (4, 800), (1, 950), (3, 700), (5, 650)];
    for (step, (who, cents)) in (1..).zip(bids) {
        let command = straight(bidder(who), 3_700 + step, cents);
        if room.clone().handle(&BidderFacts::STAFF, &command).is_ok() {
            stall.act(&mut room, &[command]).await?;
        }
        if step == 3 {
            stall.found(&everything()).await?;
        }
    }
    let strike = struck(Removal::Of(bidder(3)), 3_800)?;
    stall.act(&mut room, &[strike]).await?;
    for _ in 0..2 {
        let mut expected: Vec<(Amount, UserId)> = Vec::new();
        for (user, standing) in room.standings() {
            expected.extend(standing.maximum.map(|amount| (amount, *user)));
        }
        expected.sort_unstable();
        holds("several bidders are ranked", expected.len() >= 3)?;
        for bidders_max in [0, 1, 2, 100, RANKED_MAX + 1] {
            let found = stall.shop.ranking(room.auction().id(), bidders_max).await?;
            let wanted = expected.iter().take(bidders_max).map(|(amount, user)| (*user, *amount)).collect();
            same(&format!("the first {bidders_max}"), found, wanted)?;
        }
        stall.found(&everything()).await?;
    }
    let unknown = AuctionId::new(room.auction().id().number() + 1_000);
    let unknown = unknown.map_err(|error| Deviation::new(error.to_string()))?;
    same("an unknown auction", stall.shop.ranking(unknown, 10).await?, vec![])
}

/// Hidden bids, shares, ranks, and what is gone.
pub(super) async fn what_formats_wrote_is_there_after_reopening(market: &dyn Market) -> Verdict {
    let stall = Stall::open(market).await?;
    let rooms = sold(&stall).await?;
    let mut gone = stall.offer(Wares::of(COUNTED)).await?;
    stall.act(&mut gone, &[units_bid(bidder(2), 3_700, 20, 3)?, units_bid(bidder(3), 3_701, 20, 3)?]).await?;
    stall.act(&mut gone, &[taken_back(bidder(2), 3_702)?]).await?;
    let stall = stall.reopen(market).await?;
    let ids: Vec<_> = rooms.iter().map(|room| room.auction().id()).collect();
    for who in (1..=3).map(bidder) {
        let expected: Vec<_> = rooms.iter().map(|room| shares_of(room, who)).collect();
        same("the shares", stall.shop.awards(&ids, who).await?, expected)?;
    }
    for room in rooms.iter().chain([&gone]) {
        hidden_bids_are(&stall, room).await?;
        let mut expected: BTreeMap<_, _> = BTreeMap::new();
        for (user, standing) in room.standings() {
            expected.extend(standing.maximum.map(|amount| ((amount, *user), (*user, amount))));
        }
        let found = stall.shop.ranking(room.auction().id(), 100).await?;
        same("the ranking", found, expected.into_values().collect())?;
    }
    let found = stall.shop.public_events(gone.auction().id(), EventPage::Withdrawals, 100).await?;
    same("how many withdrawals there are", found.len(), 1)?;
    let won = AuctionQuery { viewer: Some(bidder(2)), now: at(7_400), scope: Scope::Won, ..everything() };
    same("what somebody has won", stall.found(&won).await?, ids[..2].to_vec())
}
