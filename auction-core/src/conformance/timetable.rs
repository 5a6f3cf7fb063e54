//! Cases of what is due when.

use super::checks::{Deviation, Verdict, same};
use super::futures::all;
use super::place::Place;
use super::scene::{END, START, Scene, act, at, bidder, charter, house, straight};
use crate::auction::{Action, Command, Saleroom};
use crate::id::AuctionId;
use crate::ports::Claim;
use crate::time::{Span, Timestamp};
use std::collections::BTreeSet;

/// For how many seconds claims hold in these cases.
const LEASE: u32 = 30;

/// A claim at this time, of everything that is due by then.
const fn due(now: Timestamp) -> Claim {
    Claim { now, due_by: now, lease: Span::from_secs(LEASE), auctions_max: 100 }
}

/// Auctions that start that many seconds after the [`START`] of others.
async fn starting(scene: &Scene, delays: &[u32]) -> Result<Vec<AuctionId>, Deviation> {
    let mut ids = Vec::new();
    for delay in delays {
        ids.push(scene.create(charter(START + delay, END + delay)?, false).await?.auction().id());
    }
    Ok(ids)
}

fn id(room: &Saleroom) -> AuctionId {
    room.auction().id()
}

/// Until they are published; then it is their start.
pub(super) async fn drafts_have_no_deadline(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut draft = scene.create(charter(START, END)?, true).await?;
    same("what is next due of a draft", scene.store.next_due().await?, None)?;
    same("what is claimed of a draft", scene.store.claim(&due(at(END))).await?, vec![])?;
    scene.write(act(&mut draft, &[house(10, Action::Publish)])?).await?;
    same("what is next due when it is published", scene.store.next_due().await?, Some(at(START)))?;
    same("what is claimed then", scene.store.claim(&due(at(START))).await?, vec![id(&draft)])
}

/// From the start to the end, and on when a bid moves the end; the old one is due no more.
pub(super) async fn a_commit_moves_the_deadline(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.scheduled().await?;
    same("what is next due before the start", scene.store.next_due().await?, Some(at(START)))?;
    scene.write(act(&mut room, &[Command::advance(at(START))])?).await?;
    same("what is next due after the start", scene.store.next_due().await?, Some(at(END)))?;
    scene.write(act(&mut room, &[straight(bidder(1), END - 10, 1_000)])?).await?;
    same("what is next due after a late bid", scene.store.next_due().await?, Some(at(END + 50)))?;
    same("what is claimed at the old end", scene.store.claim(&due(at(END + 49))).await?, vec![])?;
    same("what is claimed at the new end", scene.store.claim(&due(at(END + 50))).await?, vec![id(&room)])
}

/// Whether they ran out of time, or were cancelled.
pub(super) async fn ended_auctions_are_never_due(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let (mut over, mut cancelled) = (scene.started().await?, scene.started().await?);
    scene.write(act(&mut over, &[Command::advance(at(END))])?).await?;
    scene.write(act(&mut cancelled, &[house(START + 5, Action::Cancel)])?).await?;
    same("what is next due when all is over", scene.store.next_due().await?, None)?;
    same("what is claimed then", scene.store.claim(&due(Timestamp::MAX)).await?, vec![])
}

/// Then at their new end.
pub(super) async fn paused_auctions_are_not_due_until_they_resume(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    scene.write(act(&mut room, &[house(START + 10, Action::Pause)])?).await?;
    same("what is next due of a paused auction", scene.store.next_due().await?, None)?;
    same("what is claimed of it", scene.store.claim(&due(at(END))).await?, vec![])?;
    scene.write(act(&mut room, &[house(START + 110, Action::Resume)])?).await?;
    same("what is next due when it resumed", scene.store.next_due().await?, Some(at(END + 100)))?;
    same("what is claimed then", scene.store.claim(&due(at(END + 100))).await?, vec![id(&room)])
}

/// What is due at the very time is due.
pub(super) async fn only_what_is_due_is_claimed_earliest_first(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let ids = starting(&scene, &[30, 10, 40, 20, 31]).await?;
    let early = Claim { now: at(START + 100), ..due(at(START + 9)) };
    same("what is claimed a second before anything is due", scene.store.claim(&early).await?, vec![])?;
    let claimed = scene.store.claim(&due(at(START + 30))).await?;
    same("what is claimed", claimed, vec![ids[1], ids[3], ids[0]])
}

/// The rest is there for the next claim.
pub(super) async fn no_more_is_claimed_than_asked_for(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let ids = starting(&scene, &[1, 2, 3, 4, 5]).await?;
    let some = |auctions_max| Claim { auctions_max, ..due(at(START + 10)) };
    same("what a claim of none gets", scene.store.claim(&some(0)).await?, vec![])?;
    same("what a claim of two gets", scene.store.claim(&some(2)).await?, ids[..2].to_vec())?;
    same("what a claim of ten gets", scene.store.claim(&some(10)).await?, ids[2..].to_vec())
}

/// One after the other, or at the same time.
pub(super) async fn two_claims_never_share_an_auction(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let ids = starting(&scene, &[1, 2, 3, 4, 5, 6, 7, 8]).await?;
    let claim = Claim { auctions_max: 3, ..due(at(START + 10)) };
    let mut claimed = Vec::new();
    for some in all((0..4).map(|_| scene.store.claim(&claim))).await {
        claimed.extend(some?);
    }
    // Claims at the same time may miss what another one looks at; then there is a later one.
    for _ in 0..4 {
        claimed.extend(scene.store.claim(&claim).await?);
    }
    let different: BTreeSet<_> = claimed.iter().copied().collect();
    same("how many auctions were claimed, and how often", claimed.len(), different.len())?;
    same("which auctions were claimed", different, ids.into_iter().collect())
}

/// Not before, and nothing else has changed then.
pub(super) async fn a_claim_ends_with_its_lease(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let ids = starting(&scene, &[0]).await?;
    let over = at(START + LEASE);
    same("the first claim", scene.store.claim(&due(at(START))).await?, ids.clone())?;
    let before = due(over.before(Span::from_micros(1)));
    same("a claim while the lease runs", scene.store.claim(&before).await?, vec![])?;
    same("a claim when the lease is over", scene.store.claim(&due(over)).await?, ids.clone())?;
    same("a claim while the second lease runs", scene.store.claim(&due(over)).await?, vec![])?;
    let later = due(over.after(Span::from_secs(LEASE)));
    same("a claim when the second lease is over", scene.store.claim(&later).await?, ids)
}

/// It was for another deadline.
pub(super) async fn a_commit_that_moves_the_deadline_frees_the_claim(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.scheduled().await?;
    let long = |now| Claim { lease: Span::from_secs(100_000), ..due(now) };
    same("a claim at the start", scene.store.claim(&long(at(START))).await?, vec![id(&room)])?;
    scene.write(act(&mut room, &[Command::advance(at(START))])?).await?;
    same("a claim at the end", scene.store.claim(&long(at(END))).await?, vec![id(&room)])
}

/// Bids long before the end do not concern it.
pub(super) async fn a_commit_that_leaves_the_deadline_keeps_the_claim(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let mut room = scene.started().await?;
    same("a claim at the end", scene.store.claim(&due(at(END))).await?, vec![id(&room)])?;
    scene.write(act(&mut room, &[straight(bidder(1), START + 1, 1_000)])?).await?;
    same("a claim after a bid that moved no end", scene.store.claim(&due(at(END + 1))).await?, vec![])
}

/// Whichever is first.
pub(super) async fn next_due_is_the_earliest_free_deadline_or_end_of_lease(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    let ids = starting(&scene, &[20, 10, 100]).await?;
    let next = || scene.store.next_due();
    same("what is next due of three", next().await?, Some(at(START + 10)))?;
    same("a claim of the first", scene.store.claim(&due(at(START + 10))).await?, vec![ids[1]])?;
    same("what is next due beside a claim", next().await?, Some(at(START + 20)))?;
    same("a claim of the second", scene.store.claim(&due(at(START + 20))).await?, vec![ids[0]])?;
    same("what is next due when a lease ends first", next().await?, Some(at(START + 10 + LEASE)))?;
    let again = Claim { lease: Span::from_secs(1_000), ..due(at(START + 60)) };
    same("a claim of both", scene.store.claim(&again).await?, vec![ids[1], ids[0]])?;
    same("what is next due when leases are long", next().await?, Some(at(START + 100)))
}

/// Not even a time in the past.
pub(super) async fn nothing_is_next_due_where_nothing_is_due(place: &dyn Place) -> Verdict {
    let scene = Scene::open(place).await?;
    same("what is next due of nothing", scene.store.next_due().await?, None)?;
    same("what is claimed of nothing", scene.store.claim(&due(Timestamp::MAX)).await?, vec![])
}
