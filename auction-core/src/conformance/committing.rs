//! Cases of commits: what they write, and when they must not.

use super::checks::{Verdict, holds, same};
use super::futures::all;
use super::place::Place;
use super::scene::{END, START, Scene, act, act_keyed, at, bidder, key, maximum, straight};
use crate::auction::{Command, Saleroom};
use crate::id::AuctionId;
use crate::ports::CommitResult::{Committed, Conflict};
use crate::ports::{Batch, CommitId, Wanted};
use std::sync::Arc;

/// How many auctions and bids of each a large batch has: as many bids as a desk commits at once.
const LARGE: (usize, u32) = (32, 32);

/// A bid near the end changes everything that there is, and all of it is there.
pub(super) async fn a_commit_writes_state_events_standings_receipts_and_deadline_together(
    place: &dyn Place,
) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let bids = [
        (maximum(bidder(1), END - 30, 5_000), Some(key("first"))),
        (straight(bidder(2), END - 20, 2_000), Some(key("second"))),
    ];
    let pending = act_keyed(&mut room, &bids)?;
    scene.write(pending.clone()).await?;
    scene.all_is(&room).await?;
    let keys: Vec<_> = pending.receipts.iter().map(|(key, _)| *key).collect();
    let expected = pending.receipts.iter().map(|(_, receipt)| Some(*receipt)).collect();
    same("the receipts", scene.receipts(&keys).await?, expected)?;
    holds("the case itself is wrong: the bids did not move the end", room.auction().ends_at() > at(END))?;
    same("what is next due", scene.store.next_due().await?, room.auction().deadline())
}

/// The later state and standings are there alone, and events are added to those before.
pub(super) async fn a_commit_replaces_what_the_one_before_it_wrote(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    for step in 1..=5 {
        let bids = [
            straight(bidder(1), START + step, i64::from(step) * 2_000),
            straight(bidder(2), START + step, i64::from(step) * 2_000 + 1_000),
        ];
        scene.write(act(&mut room, &bids)?).await?;
    }
    scene.states_are(&[&room]).await?;
    scene.standings_are(&room).await?;
    same("the events", scene.whole_history(room.auction().id()).await?, room.log().to_vec())
}

/// Somebody else was first: neither state, events, standings, receipts, deadline nor the commit's id are there.
pub(super) async fn a_stale_revision_is_a_conflict_and_changes_nothing(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let mut other = room.clone();
    scene.write(act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    let late = act_keyed(&mut other, &[(straight(bidder(2), END - 1, 3_000), Some(key("late")))])?;
    let batch = scene.batch([late.clone()]);
    same("a commit on a stale revision", scene.store.commit(&batch).await?, vec![Conflict])?;
    scene.states_are(&[&room]).await?;
    let id = room.auction().id();
    same("the events after a conflict", scene.whole_history(id).await?.as_slice(), room.log())?;
    let wanted = Wanted { standings: vec![(id, bidder(2))], ..Wanted::NOTHING };
    let found = scene.store.load(&wanted).await?;
    same("the standing after a conflict", found.standings, vec![room.standing(bidder(2))])?;
    same("the receipt after a conflict", scene.receipts(&[late.receipt()?.0]).await?, vec![None])?;
    same("what is next due after a conflict", scene.store.next_due().await?, room.auction().deadline())?;
    let mut locked = scene.store.lock(id).await?;
    same("whether the commit is found after a conflict", locked.committed(batch.commit(), 0).await?, false)
}

/// An entry that rests on events which were never written.
pub(super) async fn a_revision_that_is_not_reached_yet_is_a_conflict(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = scene.started().await?;
    let mut ahead = room.clone();
    act(&mut ahead, &[straight(bidder(1), START + 1, 1_000)])?;
    let early = act(&mut ahead, &[straight(bidder(2), START + 2, 2_000)])?;
    let results = scene.store.commit(&scene.batch([early])).await?;
    same("a commit on a revision that is not reached yet", results, vec![Conflict])?;
    scene.states_are(&[&room]).await
}

/// It has no revision at all. The other auction of the batch is written.
pub(super) async fn an_entry_of_an_unknown_auction_is_a_conflict(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let unknown = unknown(&room);
    let mut ghost = Saleroom::open(unknown, room.auction().charter().as_ref().clone(), at(0));
    let start = act(&mut ghost, &[Command::advance(at(START))])?;
    let bid = act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?;
    let results = scene.store.commit(&scene.batch([start, bid])).await?;
    same("a commit to an unknown auction and to another one", results, vec![Conflict, Committed])?;
    let wanted = Wanted { auctions: vec![unknown, room.auction().id()], ..Wanted::NOTHING };
    let found = scene.store.load(&wanted).await?;
    same("what is stored", found.auctions, vec![None, Some(room.auction().clone())])
}

/// The auctions before and after it in the batch are written.
pub(super) async fn a_conflict_on_one_auction_fails_only_that_auction(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (mut one, mut two, mut three) =
        (scene.started().await?, scene.started().await?, scene.started().await?);
    let mut stale = two.clone();
    scene.write(act(&mut two, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    let bid = |room: &mut Saleroom| act(room, &[straight(bidder(2), START + 2, 4_000)]);
    let batch = scene.batch([bid(&mut one)?, bid(&mut stale)?, bid(&mut three)?]);
    let results = scene.store.commit(&batch).await?;
    same("a commit with one conflict", results, vec![Committed, Conflict, Committed])?;
    scene.states_are(&[&one, &two, &three]).await
}

/// Whatever the order of their numbers.
pub(super) async fn answers_of_a_commit_come_in_the_order_of_its_entries(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut rooms = Vec::new();
    for _ in 0..5 {
        rooms.push(scene.started().await?);
    }
    let mut stale = rooms.clone();
    for index in [1, 4] {
        scene.write(act(&mut rooms[index], &[straight(bidder(1), START + 1, 1_000)])?).await?;
    }
    let mut pending = Vec::new();
    for index in [4, 2, 0, 3, 1] {
        pending.push(act(&mut stale[index], &[straight(bidder(2), START + 2, 4_000)])?);
    }
    let results = scene.store.commit(&scene.batch(pending)).await?;
    same("the answers", results, vec![Conflict, Committed, Committed, Committed, Conflict])
}

/// And is no failure.
pub(super) async fn an_empty_batch_writes_nothing(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = scene.started().await?;
    let batch = Arc::new(Batch::new(CommitId(7)));
    same("the answers to an empty batch", scene.store.commit(&batch).await?, vec![])?;
    scene.states_are(&[&room]).await
}

/// As many commands as a desk commits at once, each with a receipt.
pub(super) async fn a_large_batch_is_written_whole(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (mut rooms, mut pending) = (Vec::new(), Vec::new());
    for _ in 0..LARGE.0 {
        let mut room = scene.scheduled().await?;
        let bids: Vec<_> = (1..=LARGE.1)
            .map(|bid| {
                let by = bidder(u64::from(bid));
                (straight(by, START + bid, i64::from(bid) * 1_000), Some(key(&format!("bid-{bid}"))))
            })
            .collect();
        pending.push(act_keyed(&mut room, &bids)?);
        rooms.push(room);
    }
    scene.write_all(pending.clone()).await?;
    for room in &rooms {
        scene.all_is(room).await?;
    }
    let (keys, receipts): (Vec<_>, Vec<_>) = pending.into_iter().flat_map(|pending| pending.receipts).unzip();
    let expected = receipts.into_iter().map(Some).collect();
    same("the receipts of a large batch", scene.receipts(&keys).await?, expected)
}

/// However many try at the same time.
pub(super) async fn concurrent_commits_on_one_revision_succeed_once(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = scene.started().await?;
    let (mut rooms, mut batches) = (Vec::new(), Vec::new());
    for number in 1..=8 {
        let mut own = room.clone();
        let bid = straight(bidder(u64::from(number)), START + number, i64::from(number) * 1_000);
        batches.push(scene.batch([act(&mut own, &[bid])?]));
        rooms.push(own);
    }
    let mut winners = Vec::new();
    for (index, results) in
        all(batches.iter().map(|batch| scene.store.commit(batch))).await.into_iter().enumerate()
    {
        if results? == [Committed] {
            winners.push(index);
        }
    }
    same("how many of the concurrent commits were written", winners.len(), 1)?;
    scene.states_are(&[&rooms[winners[0]]]).await
}

/// A number that no auction of the scene has.
fn unknown(room: &Saleroom) -> AuctionId {
    AuctionId::new(room.auction().id().number() + 1_000).expect("invariant: numbers in a case are small")
}
