//! Cases of lots that close together.

use super::checks::{Deviation, Verdict, holds, same};
use super::place::Place;
use super::scene::{END, START, Scene, act, at, bidder, house, minor, straight};
use crate::auction::{
    Action, Auction, BidderFacts, Charter, Command, Group, Phase, Saleroom, Schedule, TermsDocument,
};
use crate::id::{AuctionId, UserId};
use crate::memory::SeededEntropy;
use crate::money::Currency;
use crate::ports::{MEMBERS_PAGE_MAX, MembersQuery, Wanted};
use crate::service::desk::{Limits, Request, Shard};
use crate::time::Timestamp;
use std::sync::Arc;

/// What somebody sells until `end`, together with what else is in a group.
fn charter(seller: UserId, group: Option<&str>, end: u32) -> Result<Charter, Deviation> {
    let group = group.map(|group| format!(r#","group":"{group}""#)).unwrap_or_default();
    let terms = format!(
        r#"{{"participation":"open","first_bid":"at_least","closing":{{"kind":"reset","window_s":60{group}}}}}"#
    );
    let terms = TermsDocument::parse(&terms).and_then(|terms| terms.terms(Currency::USD, minor(1_000)));
    let charter = terms.and_then(|terms| Charter::new(seller, Schedule::new(at(START), at(end))?, terms));
    charter.map_err(|errors| Deviation::new(format!("the case itself is wrong, bad terms: {errors}")))
}

/// All lots of a group, whenever they end.
fn all_of(seller: UserId, group: &str) -> MembersQuery {
    let group = Group::new(group).expect("invariant: cases name valid groups");
    MembersQuery { seller, group, ends_after: Timestamp::EPOCH, ends_before: Timestamp::MAX, after: None }
}

fn numbers(rooms: &[&Saleroom]) -> Vec<AuctionId> {
    rooms.iter().map(|room| room.auction().id()).collect()
}

/// Drafts and what is over included; neither those of others nor those that name another group or none.
pub(super) async fn members_are_the_lots_of_one_seller_that_name_the_group(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (seller, other) = (bidder(7), bidder(8));
    let create = |seller, group, draft| scene_create(&scene, seller, group, draft);
    let mut open = create(seller, Some("evening"), false).await?;
    let draft = create(seller, Some("evening"), true).await?;
    let mut over = create(seller, Some("evening"), false).await?;
    let foreign = create(other, Some("evening"), false).await?;
    let capital = create(seller, Some("Evening"), false).await?;
    create(seller, None, false).await?;
    scene.write(act(&mut open, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    scene.write(act(&mut over, &[house(START + 1, Action::Cancel)])?).await?;
    let found = scene.store.members(&all_of(seller, "evening")).await?;
    same("the lots of a group", found, numbers(&[&open, &draft, &over]))?;
    let found = scene.store.members(&all_of(other, "evening")).await?;
    same("the lots of another seller", found, numbers(&[&foreign]))?;
    let found = scene.store.members(&all_of(seller, "Evening")).await?;
    same("the lots of another group", found, numbers(&[&capital]))?;
    same("the lots of no group", scene.store.members(&all_of(seller, "even")).await?, vec![])
}

async fn scene_create(
    scene: &Scene,
    seller: UserId,
    group: Option<&str>,
    draft: bool,
) -> Result<Saleroom, Deviation> {
    scene.create(charter(seller, group, END)?, draft).await
}

/// Neither of the times included; a lot whose end has moved ends where it ends now.
pub(super) async fn members_end_between_two_times(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let seller = bidder(7);
    let mut rooms = Vec::new();
    for end in [END, END + 10, END + 20] {
        rooms.push(scene.create(charter(seller, Some("evening"), end)?, false).await?);
    }
    let within = |after, before| MembersQuery {
        ends_after: at(after),
        ends_before: at(before),
        ..all_of(seller, "evening")
    };
    let found = scene.store.members(&within(END, END + 20)).await?;
    same("the lots that end between two others", found, numbers(&[&rooms[1]]))?;
    // A minute from half a minute before the end of the first.
    scene.write(act(&mut rooms[0], &[straight(bidder(1), END - 30, 1_000)])?).await?;
    let found = scene.store.members(&within(END, END + 20)).await?;
    same("the lots that end before the one that was extended", found, numbers(&[&rooms[1]]))?;
    let found = scene.store.members(&within(END + 20, END + 31)).await?;
    same("the lot that was extended", found, numbers(&[&rooms[0]]))
}

/// By number; a page goes on after the last number of the one before it.
pub(super) async fn members_come_in_order_and_in_pages(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (seller, charter) = (bidder(7), charter(bidder(7), Some("evening"), END)?);
    let mut all = Vec::new();
    for _ in 0..=MEMBERS_PAGE_MAX {
        all.push(scene.create(charter.clone(), false).await?.auction().id());
    }
    let first = scene.store.members(&all_of(seller, "evening")).await?;
    same("the first page", &first, &all[..MEMBERS_PAGE_MAX].to_vec())?;
    let rest = MembersQuery { after: first.last().copied(), ..all_of(seller, "evening") };
    same("the last page", scene.store.members(&rest).await?, all[MEMBERS_PAGE_MAX..].to_vec())
}

/// And no longer of the one that it named before.
pub(super) async fn a_revised_lot_is_a_member_of_the_group_that_it_names_now(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let seller = bidder(7);
    let mut lot = scene.create(charter(seller, Some("evening"), END)?, false).await?;
    for (before, after) in [("evening", Some("morning")), ("morning", None), ("none", Some("evening"))] {
        let revised = Arc::new(charter(seller, after, END)?);
        scene.write(act(&mut lot, &[house(1, Action::Revise(revised))])?).await?;
        same("the group that it has left", scene.store.members(&all_of(seller, before)).await?, vec![])?;
        if let Some(after) = after {
            let found = scene.store.members(&all_of(seller, after)).await?;
            same("the group that it has joined", found, numbers(&[&lot]))?;
        }
    }
    Ok(())
}

/// Through desks that have to find out by themselves: nobody tells the other lots.
pub(super) async fn lots_of_a_group_close_together_at_a_desk(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let seller = bidder(7);
    let mut lots = Vec::new();
    for _ in 0..3 {
        lots.push(scene.create(charter(seller, Some("evening"), END)?, false).await?.auction().id());
    }
    let foreign = scene.create(charter(bidder(8), Some("evening"), END)?, false).await?.auction().id();
    let mut desk = Shard::new(scene.store.clone(), Arc::new(SeededEntropy::new(7)), Limits::default());
    let request = |auction, command| Request { auction, command, facts: BidderFacts::VERIFIED, key: None };
    let at_the_end = |secs: u32| lots.iter().map(move |lot| request(*lot, Command::advance(at(secs))));
    // A minute from half a minute before the end, and from ten seconds after it, before anybody has closed anything.
    for (lot, secs) in [(lots[0], END - 30), (lots[1], END + 10)] {
        let replies = desk.process(&[request(lot, straight(bidder(1), secs, 1_000))]).await.replies;
        same("a bid before the end of the group", replies.iter().all(Result::is_ok), true)?;
    }
    for (secs, phase, ends) in [(END + 30, Phase::Started, END + 70), (END + 70, Phase::Ended, END + 70)] {
        let mut requests: Vec<_> = at_the_end(secs).collect();
        requests.push(request(foreign, Command::advance(at(secs))));
        let replies = desk.process(&requests).await.replies;
        same("advances", replies.iter().all(Result::is_ok), true)?;
        let wanted = Wanted { auctions: lots.clone(), ..Wanted::NOTHING };
        let found: Vec<Auction> = scene.store.load(&wanted).await?.auctions.into_iter().flatten().collect();
        let ends_at = at(ends);
        let is_so = |lot: &Auction| lot.status().phase() == phase && lot.ends_at() == ends_at;
        holds("all lots of the group end at once", found.len() == 3 && found.iter().all(is_so))?;
    }
    let wanted = Wanted { auctions: vec![foreign], ..Wanted::NOTHING };
    let foreign = scene.store.load(&wanted).await?.auctions.pop().flatten();
    same("the end of another seller's lot", foreign.map(|lot| lot.ends_at()), Some(at(END)))
}
