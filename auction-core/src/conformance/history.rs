//! Cases of the log.

use super::checks::{Deviation, Verdict, holds, same};
use super::place::Place;
use super::scene::{START, Scene, act, bidder, maximum, straight};
use crate::auction::{Saleroom, fold};
use crate::ports::HISTORY_PAGE_MAX;

/// A started auction, and as many commits of one bid each.
async fn bids(scene: &Scene, count: u32) -> Result<Saleroom, Deviation> {
    let mut room = scene.started().await?;
    for step in 1..=count {
        let bid = straight(bidder(u64::from(step)), START + step, i64::from(step) * 1_000);
        scene.write(act(&mut room, &[bid])?).await?;
    }
    Ok(room)
}

/// Pages of any length put together are the log, and none is longer than asked for.
pub(super) async fn history_is_in_order_and_paged(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = bids(&scene, 6).await?;
    let log = room.log();
    for length in [1, 3, log.len(), log.len() + 5] {
        for start in 0..log.len() {
            let page = scene.store.history(room.auction().id(), start as u64, length).await?;
            let expected = &log[start..log.len().min(start + length)];
            same(&format!("{length} events after revision {start}"), page.as_slice(), expected)?;
        }
    }
    same("a page of no events", scene.store.history(room.auction().id(), 0, 0).await?, vec![])
}

/// Not with it, and not with the first.
pub(super) async fn history_starts_after_the_revision_asked_for(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = bids(&scene, 3).await?;
    for after in 0..room.auction().revision() {
        let page = scene.store.history(room.auction().id(), after, 1).await?;
        let first = page.first().map(|recorded| recorded.revision);
        same(&format!("the revision after {after}"), first, Some(after + 1))?;
    }
    Ok(())
}

/// Right after it, and at the end of numbers.
pub(super) async fn history_beyond_the_last_event_is_empty(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let room = bids(&scene, 2).await?;
    let last = room.auction().revision();
    for after in [last, last + 1, i64::MAX as u64, u64::MAX] {
        let page = scene.store.history(room.auction().id(), after, usize::MAX).await?;
        same(&format!("the events after revision {after} of {last}"), page, vec![])?;
    }
    Ok(())
}

/// However many are asked for.
pub(super) async fn a_page_of_history_has_a_bound(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    let mut rest = HISTORY_PAGE_MAX + 10;
    let mut step = 0_i64;
    while room.log().len() < rest {
        let few: Vec<_> = (0..250)
            .map(|_| {
                step += 1;
                straight(bidder(1 + step.unsigned_abs() % 2), START + 1, step * 1_000)
            })
            .collect();
        scene.write(act(&mut room, &few)?).await?;
    }
    rest = room.log().len() - HISTORY_PAGE_MAX;
    let id = room.auction().id();
    for asked in [HISTORY_PAGE_MAX, HISTORY_PAGE_MAX + 1, usize::MAX] {
        let page = scene.store.history(id, 0, asked).await?;
        same(&format!("how many events come of {asked}"), page.len(), HISTORY_PAGE_MAX)?;
        holds("the page is the beginning of the log", page == room.log()[..HISTORY_PAGE_MAX])?;
    }
    let page = scene.store.history(id, HISTORY_PAGE_MAX as u64, usize::MAX).await?;
    same("how many events come on the second page", page.len(), rest)
}

/// State and standings are what the stored events make.
pub(super) async fn the_fold_of_the_log_is_the_stored_state(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    for (step, amount) in (1_u32..).zip([5_000, 3_000, 9_000, 8_000, 9_500, 20_000]) {
        let by = bidder(u64::from(1 + step % 2));
        scene.write(act(&mut room, &[maximum(by, START + step, amount)])?).await?;
    }
    let id = room.auction().id();
    let log = scene.whole_history(id).await?;
    let folded = fold(id, &log).ok_or_else(|| Deviation::new("the stored log leaves out an event"))?;
    let people: Vec<_> = folded.1.keys().map(|user| (id, *user)).collect();
    let wanted = crate::ports::Wanted { auctions: vec![id], standings: people, ..Default::default() };
    let found = scene.store.load(&wanted).await?;
    same("the stored state and the fold of the log", found.auctions, vec![Some(folded.0)])?;
    same("the stored standings and the fold", found.standings, folded.1.into_values().collect())
}
