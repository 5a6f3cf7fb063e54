//! Cases of commits whose fate is asked for.

use super::checks::{Verdict, same};
use super::place::Place;
use super::scene::{END, START, Scene, act, at, bidder, charter, lot, straight};
use crate::ports::CommitResult::{Committed, Conflict};
use crate::ports::{CommitId, NewAuction};
use std::sync::Arc;

/// Also when others have committed since, and where an id differs in one bit; but not where it is looked for after itself.
pub(super) async fn a_commit_is_found_by_its_id_and_no_other(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let ids = [CommitId(0), CommitId(u128::MAX), CommitId(1 << 127), CommitId(1 << 64), scene.commit_id()];
    let mut places = Vec::new();
    for (index, id) in ids.into_iter().enumerate() {
        let before = room.auction().revision();
        let step = u32::try_from(index).unwrap_or_default() + 1;
        let bid = straight(bidder(u64::from(step)), START + step, i64::from(step) * 1_000);
        let batch = super::scene::batch(id, [act(&mut room, &[bid])?]);
        same("a commit on the current revision", scene.store.commit(&batch).await?, vec![Committed])?;
        places.push((id, before, room.auction().revision()));
    }
    let mut locked = scene.store.lock(room.auction().id()).await?;
    for (id, before, last) in places {
        same(&format!("whether {id:?} is found"), locked.committed(id, 0).await?, true)?;
        same(&format!("whether {id:?} is found after {before}"), locked.committed(id, before).await?, true)?;
        same(&format!("whether {id:?} is found after {last}"), locked.committed(id, last).await?, false)?;
        for bit in [1, 63, 100] {
            let other = CommitId(id.0 ^ 1 << bit);
            same(&format!("whether {other:?} is found"), locked.committed(other, 0).await?, false)?;
        }
    }
    Ok(())
}

/// Not at one that was not in the batch, nor at one on which it was a conflict.
pub(super) async fn a_commit_is_found_only_at_the_auctions_that_it_wrote(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (mut written, mut conflicting, absent) =
        (scene.started().await?, scene.started().await?, scene.started().await?);
    let mut stale = conflicting.clone();
    scene.write(act(&mut conflicting, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    let bid = [straight(bidder(2), START + 2, 4_000)];
    let batch = scene.batch([act(&mut written, &bid)?, act(&mut stale, &bid)?]);
    same("the answers", scene.store.commit(&batch).await?, vec![Committed, Conflict])?;
    for (room, expected, which) in [
        (&written, true, "was written"),
        (&conflicting, false, "was a conflict"),
        (&absent, false, "was not in it"),
    ] {
        let mut locked = scene.store.lock(room.auction().id()).await?;
        let found = locked.committed(batch.commit(), 0).await?;
        same(&format!("whether a commit is found at the auction that {which}"), found, expected)?;
    }
    Ok(())
}

/// A creation is a commit, too.
pub(super) async fn the_commit_that_created_an_auction_is_found(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let charter = Arc::new(charter(START, END)?);
    let new = NewAuction { commit: scene.commit_id(), charter, listing: lot(), draft: false, at: at(0) };
    let id = scene.store.create(&new).await?.id();
    let mut locked = scene.store.lock(id).await?;
    same("whether the creating commit is found", locked.committed(new.commit, 0).await?, true)?;
    same("whether another one is found", locked.committed(scene.commit_id(), 0).await?, false)
}
