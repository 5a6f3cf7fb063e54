//! Plans that several nodes write at once, or give up.

use super::{Nodes, auction, claim, round, step, told};
use auction_core::notify::{MailState, NewNotice, Notice, NoticeKind, Plan};
use auction_core::ports::{OutboxStore as _, RelayStore as _};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

const PEOPLE: u64 = 5;

/// So often is looked whether something that was given up has ended.
const TRIES_MAX: u32 = 2_000;

/// What two nodes make of the same events: notices that stay, some that collapse, and a round.
fn plan(number: u64, before: u64) -> Plan {
    let notice =
        |person| [NoticeKind::Started, NoticeKind::Outbid].map(|kind| told(number, person, kind, before));
    let notices: Vec<NewNotice> = (1..=PEOPLE).flat_map(notice).collect();
    Plan { notices, rounds: vec![round(NoticeKind::Ended, before)], ..step(number, before) }
}

/// Whether exactly these steps of these auctions are written, each once.
async fn is_written(nodes: &Nodes, auctions: u64, steps: u64) {
    for person in 1..=PEOPLE {
        let inbox = nodes.inbox(person).await;
        for number in 1..=auctions {
            let of = |kind| {
                let is_it = move |notice: &&Notice| notice.auction == auction(number) && notice.kind == kind;
                let found = inbox.iter().rev().filter(is_it);
                found.map(|notice| notice.occurrence).collect::<Vec<_>>()
            };
            assert_eq!(of(NoticeKind::Started), (0..steps).collect::<Vec<_>>());
            assert_eq!(of(NoticeKind::Outbid), [steps - 1]);
        }
    }
    assert_eq!(nodes.mails(MailState::Waiting).await, auctions * PEOPLE * (steps + 1));
    let rounds = nodes.first.claim_rounds(&claim(20, 1, 1_000)).await.unwrap();
    assert_eq!(rounds.len() as u64, auctions * steps);
    let positions = nodes.second.positions(&(1..=auctions).map(auction).collect::<Vec<_>>()).await;
    assert!(positions.unwrap().iter().all(|position| position.revision == steps));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_nodes_plan_at_once_is_written_by_one() {
    let nodes = Nodes::new().await;
    for before in 0..10 {
        let answers = nodes.at_once(12, |node, _| async move {
            node.plan(&[plan(1, before)]).await.unwrap().remove(0).map(|notices| notices.len())
        });
        let written: Vec<_> = answers.await.into_iter().flatten().collect();
        assert_eq!(written, [2 * usize::try_from(PEOPLE).unwrap()]);
    }
    is_written(&nodes, 1, 10).await;
}

/// One starts at the first auction and the other at the last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_plan_for_the_same_auctions_in_opposite_orders_do_not_wait_for_each_other() {
    let nodes = Nodes::new().await;
    for before in 0..10 {
        let answers = nodes.at_once(6, |node, index| async move {
            let mut plans: Vec<_> = (1..=8).map(|number| plan(number, before)).collect();
            if index % 2 == 1 {
                plans.reverse();
            }
            node.plan(&plans).await.unwrap().into_iter().flatten().count()
        });
        assert_eq!(answers.await.into_iter().sum::<usize>(), 8);
    }
    is_written(&nodes, 8, 10).await;
}

/// Whatever each of them has read before: one moves a position on while the other is about to.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_race_along_an_auction_leave_nothing_out() {
    let nodes = Nodes::new().await;
    nodes
        .at_once(4, |node, _| async move {
            let mut last = 0;
            while last < 20 {
                let before = node.positions(&[auction(1)]).await.unwrap()[0].revision;
                assert!(before >= last, "{before} after {last}");
                last = before;
                if before < 20 {
                    node.plan(&[plan(1, before)]).await.unwrap();
                }
            }
        })
        .await;
    is_written(&nodes, 1, 20).await;
}

/// Polls a call as often as it gets on, but not more often than this, and gives it up then.
async fn given_up<T>(call: impl Future<Output = T>, polls: usize) -> Option<T> {
    let (mut call, mut left) = (pin!(call), polls);
    poll_fn(|context| {
        let Some(rest) = left.checked_sub(1) else { return Poll::Ready(None) };
        left = rest;
        call.as_mut().poll(context).map(Some)
    })
    .await
}

/// Whoever walks away in the middle leaves nothing half done, and nobody waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_given_up_leaves_all_or_nothing() {
    let nodes = Nodes::new().await;
    let (mut steps, mut finished) = (0, 0);
    for polls in 0..40 {
        let node = if polls % 4 < 2 { &nodes.first } else { &nodes.second };
        let other = if polls % 2 == 1 { &nodes.first } else { &nodes.second };
        let was_answered = given_up(node.plan(&[plan(1, steps)]), polls).await.is_some();
        // Whoever plans the same waits until it is known what became of it.
        let answer = other.plan(&[plan(1, steps)]).await.unwrap().remove(0);
        assert!(!was_answered || answer.is_none(), "{polls} polls: what was answered is written");
        finished += u32::from(answer.is_none());
        steps += 1;
    }
    assert!(0 < finished && finished < 40, "some calls get to their end, and some do not: {finished}");
    is_written(&nodes, 1, steps).await;
}

/// It is claimed by nobody, or by somebody who has not heard of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_is_given_up_is_free_or_ends_with_its_lease() {
    let nodes = Nodes::new().await;
    nodes.first.plan(&[plan(1, 0)]).await.unwrap();
    let (mails, rounds) = (usize::try_from(PEOPLE).unwrap() * 2, 1);
    for polls in 0..24 {
        let node = if polls % 2 == 0 { &nodes.first } else { &nodes.second };
        let (now, token) = (20 + 1_000 * u32::try_from(polls).unwrap(), 2 * polls as u64);
        given_up(node.claim_mails(&claim(now, token, 100)), polls).await;
        given_up(node.claim_rounds(&claim(now, token, 100)), polls).await;
        let later = claim(now + super::LEASE, token + 1, 100);
        // What is still on its way is passed over.
        let (mut claimed, mut tries) = ((0, 0), 0);
        while claimed != (mails, rounds) {
            claimed.0 += nodes.second.claim_mails(&later).await.unwrap().len();
            claimed.1 += nodes.second.claim_rounds(&later).await.unwrap().len();
            tries += 1;
            assert!(tries < TRIES_MAX, "{polls} polls: {claimed:?} of {mails} mails and {rounds} rounds");
        }
    }
}
