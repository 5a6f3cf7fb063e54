//! Rounds are called page by page, by one at a time.

use super::Counter;
use super::scene::{LEASE, Stage, at, auction, claim, facts, only, page, round, step, told, user};
use crate::conformance::checks::{Verdict, holds, same};
use crate::notify::{Audience, NewRound, NoticeKind, Plan, Round};

/// The first auction with these rounds.
async fn with_rounds(stage: &Stage, rounds: Vec<NewRound>) -> Verdict {
    stage.write(Plan { rounds, ..step(1, 0) }).await.map(drop)
}

pub(super) async fn a_round_is_claimed_as_it_was_planned(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let all = NewRound {
        occurrence: u64::from(u32::MAX),
        audience: Audience::Participants,
        except: None,
        ..round(NoticeKind::Started, 1)
    };
    let bidders = NewRound { audience: Audience::Bidders, facts: facts(77), ..round(NoticeKind::Lost, 2) };
    let calls = vec![all, bidders, round(NoticeKind::Ended, 3)];
    with_rounds(&stage, calls.clone()).await?;
    let token = u64::MAX - 1;
    let claimed = stage.rounds(5, token).await?;
    let expected = claimed.iter().zip(calls).map(|(known, call)| Round {
        id: known.id,
        token,
        auction: auction(1),
        call,
        called_up_to: None,
    });
    same("the rounds", &claimed, &expected.collect())?;
    same("how many", claimed.len(), 3)
}

pub(super) async fn only_rounds_that_are_due_are_claimed_earliest_first(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let kinds = [(NoticeKind::Ended, 30), (NoticeKind::Started, 10), (NoticeKind::EndingSoon, 20)];
    with_rounds(&stage, kinds.iter().map(|(kind, due)| round(*kind, *due)).collect()).await?;
    same("before the first", stage.rounds(9, 1).await?, Vec::new())?;
    let kinds = |rounds: Vec<Round>| rounds.iter().map(|round| round.call.kind).collect::<Vec<_>>();
    let first = stage.here.claim_rounds(&claim(30, 1, 2)).await?;
    same("two of three", kinds(first), vec![NoticeKind::Started, NoticeKind::EndingSoon])?;
    same("the rest", kinds(stage.rounds(30, 2).await?), vec![NoticeKind::Ended])
}

pub(super) async fn a_round_is_held_until_its_lease_is_over(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    with_rounds(&stage, vec![round(NoticeKind::Started, 10)]).await?;
    let first = only("the first claim", stage.rounds(10, 1).await?)?;
    same("just before its end", stage.rounds(10 + LEASE - 1, 2).await?, Vec::new())?;
    let second = only("at its end", stage.rounds(10 + LEASE, 3).await?)?;
    same("the same round", second, Round { token: 3, ..first })
}

/// What it is held for grows with each page.
pub(super) async fn a_page_is_written_with_how_far_the_round_is(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    with_rounds(&stage, vec![round(NoticeKind::Started, 10)]).await?;
    let held = only("the claim", stage.rounds(10, 1).await?)?;
    let people = [told(3, NoticeKind::Started, 0), told(5, NoticeKind::Started, 0)];
    let called = stage.here.call(&page(&held, people.to_vec(), Some(5))).await?.unwrap_or_default();
    let users: Vec<_> = called.iter().map(|notice| notice.user).collect();
    same("who is told", users, vec![user(3), user(5)])?;
    same("what stands in an inbox", stage.inbox(5).await?, called[1..].to_vec())?;
    stage.mails_are([2, 0, 0, 0]).await?;
    same("it is held on", stage.rounds(10 + 2 * LEASE - 1, 2).await?, Vec::new())?;
    let next = only("later", stage.rounds(10 + 2 * LEASE, 3).await?)?;
    same("how far it is", next.called_up_to, Some(user(5)))
}

pub(super) async fn a_page_of_somebody_who_lost_the_round_writes_nothing(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    with_rounds(&stage, vec![round(NoticeKind::Started, 10)]).await?;
    let slow = only("the first claim", stage.rounds(10, 1).await?)?;
    let quick = only("the second claim", stage.rounds(10 + LEASE, 2).await?)?;
    let people = vec![told(3, NoticeKind::Started, 0)];
    for up_to in [Some(3), None] {
        same("a page that is too late", stage.here.call(&page(&slow, people.clone(), up_to)).await?, None)?;
    }
    same("the inbox", stage.inbox(3).await?, Vec::new())?;
    stage.mails_are([0, 0, 0, 0]).await?;
    let called = stage.here.call(&page(&quick, people, Some(3))).await?;
    same("who is told by the other one", called.map(|told| told.len()), Some(1))
}

/// Neither by those who held it, nor when it is planned once more.
pub(super) async fn a_round_that_was_called_is_not_called_again(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    with_rounds(&stage, vec![round(NoticeKind::Started, 10)]).await?;
    let held = only("the claim", stage.rounds(10, 1).await?)?;
    let last = page(&held, vec![told(3, NoticeKind::Started, 0)], None);
    same("its last page", stage.here.call(&last).await?.map(|told| told.len()), Some(1))?;
    same("once more", stage.here.call(&last).await?, None)?;
    let again = Plan { rounds: vec![round(NoticeKind::Started, 20)], ..step(1, 1) };
    stage.write(again).await?;
    same("what is there to claim", stage.rounds(9_000, 2).await?, Vec::new())?;
    same("what comes next", stage.there.next_round().await?, None)?;
    let other = NewRound { occurrence: 4, ..round(NoticeKind::Started, 20) };
    stage.write(Plan { rounds: vec![other.clone()], ..step(1, 2) }).await?;
    same("another occurrence", only("it", stage.rounds(20, 3).await?)?.call, other)
}

/// Whoever holds it has lost it then.
pub(super) async fn a_round_is_replaced_until_it_is_begun(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    with_rounds(&stage, vec![round(NoticeKind::EndingSoon, 10)]).await?;
    let old = only("the claim", stage.rounds(10, 1).await?)?;
    let moved = NewRound {
        facts: facts(8),
        audience: Audience::Bidders,
        except: None,
        ..round(NoticeKind::EndingSoon, 40)
    };
    stage.write(Plan { rounds: vec![moved.clone()], ..step(1, 1) }).await?;
    let late = page(&old, vec![told(3, NoticeKind::EndingSoon, 0)], Some(3));
    same("a page of the old one", stage.here.call(&late).await?, None)?;
    same("before it is due", stage.rounds(39, 2).await?, Vec::new())?;
    let held = only("when it is due", stage.rounds(40, 3).await?)?;
    same("what it calls", &held.call, &moved)?;
    stage.here.call(&page(&held, Vec::new(), Some(3))).await?;
    stage.write(Plan { rounds: vec![round(NoticeKind::EndingSoon, 50)], ..step(1, 2) }).await?;
    let begun = only("what was begun", stage.rounds(9_000, 4).await?)?;
    same("stays as it is", (begun.call, begun.called_up_to), (moved, Some(user(3))))
}

pub(super) async fn a_dropped_kind_loses_the_rounds_that_are_not_begun(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let begun = NewRound { occurrence: 1, ..round(NoticeKind::EndingSoon, 10) };
    with_rounds(&stage, vec![begun]).await?;
    let held = only("the claim", stage.rounds(10, 1).await?)?;
    stage.here.call(&page(&held, Vec::new(), Some(3))).await?;
    let others = vec![round(NoticeKind::EndingSoon, 20), round(NoticeKind::Started, 20)];
    stage.write(Plan { rounds: others.clone(), ..step(1, 1) }).await?;
    stage.write(Plan { rounds: others, ..step(2, 0) }).await?;
    stage.write(Plan { dropped: vec![NoticeKind::EndingSoon], ..step(1, 2) }).await?;
    let left = stage.rounds(9_000, 2).await?;
    let left: Vec<_> =
        left.iter().map(|round| (round.auction.number(), round.call.kind, round.call.occurrence)).collect();
    let expected = [
        (1, NoticeKind::EndingSoon, 1),
        (1, NoticeKind::Started, 0),
        (2, NoticeKind::EndingSoon, 0),
        (2, NoticeKind::Started, 0),
    ];
    let is_left = expected.iter().all(|round| left.contains(round));
    holds("what was begun, other kinds and other auctions stay", is_left)?;
    same("how many are left", left.len(), expected.len())
}

pub(super) async fn next_round_is_the_earliest_that_may_be_claimed(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    same("of none", stage.there.next_round().await?, None)?;
    with_rounds(&stage, vec![round(NoticeKind::Ended, 500), round(NoticeKind::Started, 10)]).await?;
    same("of two", stage.there.next_round().await?, Some(at(10)))?;
    let held = only("the claim", stage.rounds(20, 1).await?)?;
    same("while it is held", stage.there.next_round().await?, Some(at(20 + LEASE)))?;
    stage.here.call(&page(&held, Vec::new(), None)).await?;
    same("when it is done", stage.there.next_round().await?, Some(at(500)))
}
