//! Cases of locks.

use super::checks::{Deviation, Verdict, holds, same};
use super::futures::{both, glance, pause};
use super::place::Place;
use super::scene::{START, Scene, act, act_keyed, bidder, key, straight};
use crate::ports::CommitResult::{Committed, Conflict};
use crate::ports::{Found, Wanted};

/// How often somebody who must wait is given the chance not to.
const CHANCES: usize = 8;

/// Who commits meanwhile waits, and then finds another revision. (It may also be told that the store is busy.)
pub(super) async fn a_lock_keeps_others_from_committing_to_its_auction(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = scene.started().await?;
    let id = room.auction().id();
    let (mut own, mut others) = (room.clone(), room.clone());
    let mine = scene.batch([act(&mut own, &[straight(bidder(1), START + 1, 1_000)])?]);
    let theirs = scene.batch([act(&mut others, &[straight(bidder(2), START + 2, 2_000)])?]);

    let mut locked = scene.store.lock(id).await?;
    let mut commit = Box::pin(scene.store.commit(&theirs));
    let mut early = None;
    let wanted = Wanted { auctions: vec![id], ..Wanted::NOTHING };
    for _ in 0..CHANCES {
        if early.is_none() {
            early = glance(&mut commit).await;
        }
        pause().await;
        let found = locked.load(&wanted).await?;
        same("the state under the lock", found.auctions, vec![Some(room.auction().clone())])?;
    }
    let late = async {
        match early {
            Some(result) => result,
            None => commit.await,
        }
    };
    let (mine, theirs) = both(locked.commit(&mine), late).await;
    same("the commit of the one who holds the lock", mine?, Committed)?;
    let is_written = theirs.is_ok_and(|results| results == [Committed]);
    holds("somebody else committed to a locked auction", !is_written)?;
    scene.states_are(&[&own]).await
}

/// The second one gets it when the first one gives it back, and sees what the first one wrote. (It may also be
/// told that the store is busy.)
pub(super) async fn a_lock_waits_for_the_one_before_it(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let id = room.auction().id();
    let batch = scene.batch([act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?]);

    let mut first = scene.store.lock(id).await?;
    let mut second = scene.store.lock(id);
    let mut is_refused = false;
    for _ in 0..CHANCES {
        if !is_refused && let Some(early) = glance(&mut second).await {
            holds("two hold the lock of one auction", early.is_err())?;
            is_refused = true;
        }
        pause().await;
        first.load(&Wanted { auctions: vec![id], ..Wanted::NOTHING }).await?;
    }
    if is_refused {
        // The store does not let anybody wait; then they try again.
        second = scene.store.lock(id);
    }
    let (committed, second) = both(first.commit(&batch), second).await;
    same("the commit of the first", committed?, Committed)?;
    let mut second = match second {
        Ok(locked) => locked,
        Err(_) => scene.store.lock(id).await?,
    };
    let wanted = Wanted { auctions: vec![id], ..Wanted::NOTHING };
    let found = second.load(&wanted).await?;
    same("what the second sees", found.auctions, vec![Some(room.auction().clone())])
}

/// And others can lock and commit again.
pub(super) async fn a_dropped_lock_changes_nothing(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let id = room.auction().id();
    for _ in 0..2 {
        let mut locked = scene.store.lock(id).await?;
        locked.load(&Wanted { auctions: vec![id], ..Wanted::NOTHING }).await?;
        drop(locked);
        scene.states_are(&[&room]).await?;
    }
    scene.write(act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    scene.states_are(&[&room]).await
}

/// A future may be dropped wherever it waits.
pub(super) async fn an_abandoned_wait_for_a_lock_leaves_it_free(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let id = room.auction().id();
    let held = scene.store.lock(id).await?;
    let mut waiting = scene.store.lock(id);
    glance(&mut waiting).await;
    drop(waiting);
    drop(held);
    drop(scene.store.lock(id).await?);
    scene.write(act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    scene.states_are(&[&room]).await
}

/// State, standings and receipts, in the order of the question.
pub(super) async fn a_read_under_a_lock_sees_what_is_stored(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let id = room.auction().id();
    let pending = act_keyed(&mut room, &[(straight(bidder(1), START + 1, 1_000), Some(key("first")))])?;
    let (receipt_key, receipt) = pending.receipt()?;
    scene.write(pending).await?;
    let other = crate::ports::ReceiptKey { user: bidder(2), ..receipt_key };
    let wanted = Wanted {
        auctions: vec![id],
        standings: vec![(id, bidder(2)), (id, bidder(1))],
        receipts: vec![other, receipt_key],
    };
    let expected = Found {
        auctions: vec![Some(room.auction().clone())],
        standings: vec![room.standing(bidder(2)), room.standing(bidder(1))],
        receipts: vec![None, Some(receipt)],
    };
    let mut locked = scene.store.lock(id).await?;
    same("what is found under a lock", locked.load(&wanted).await?, expected)
}

/// All that a commit writes, and its id is found afterwards.
pub(super) async fn a_commit_under_a_lock_writes_and_gives_it_back(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let id = room.auction().id();
    for step in 1..=2 {
        let bid = (straight(bidder(1), START + step, i64::from(step) * 1_000), Some(key(&format!("{step}"))));
        let pending = act_keyed(&mut room, &[bid])?;
        let (receipt_key, receipt) = pending.receipt()?;
        let batch = scene.batch([pending]);
        let result = scene.store.lock(id).await?.commit(&batch).await?;
        same("a commit under a lock", result, Committed)?;
        scene.all_is(&room).await?;
        same("its receipt", scene.receipts(&[receipt_key]).await?, vec![Some(receipt)])?;
        let is_found = scene.store.lock(id).await?.committed(batch.commit(), 0).await?;
        same("whether the commit is found", is_found, true)?;
    }
    Ok(())
}

/// The lock is no substitute for reading.
pub(super) async fn a_stale_revision_under_a_lock_is_a_conflict(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let id = room.auction().id();
    let mut stale = room.clone();
    scene.write(act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    let batch = scene.batch([act(&mut stale, &[straight(bidder(2), START + 2, 2_000)])?]);
    let result = scene.store.lock(id).await?.commit(&batch).await?;
    same("a commit on a stale revision under a lock", result, Conflict)?;
    scene.states_are(&[&room]).await?;
    let is_found = scene.store.lock(id).await?.committed(batch.commit(), 0).await?;
    if is_found { Err(Deviation::new("a commit that was a conflict is found")) } else { Ok(()) }
}
