//! Rounds and mails that several nodes claim at once.

use super::{LEASE, Nodes, claim, letter, round, step, told, user};
use auction_core::notify::{MailClass, MailEnd, MailState, NoticeKind, Plan, RoundPage};
use auction_core::ports::{OutboxStore as _, RelayStore as _};
use std::collections::BTreeSet;

const AT_ONCE: usize = 20;

/// Auctions with a round each.
async fn with_rounds(nodes: &Nodes, auctions: u64) {
    for number in 1..=auctions {
        let plan = Plan { rounds: vec![round(NoticeKind::Started, 0)], ..step(number, 0) };
        nodes.first.plan(&[plan]).await.unwrap()[0].as_ref().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_mail_goes_to_one_of_two_nodes() {
    let nodes = Nodes::new().await;
    for number in 0..40 {
        let class = if number % 2 == 0 { MailClass::Secret } else { MailClass::Notice };
        nodes.first.post(&letter(&format!("mail {number}"), class)).await.unwrap();
    }
    let claimed = nodes
        .at_once(AT_ONCE, |node, index| async move {
            node.claim_mails(&claim(20, index as u64, 3)).await.unwrap()
        })
        .await;
    for (token, mails) in claimed.iter().enumerate() {
        assert!(mails.iter().all(|mail| mail.token == token as u64));
    }
    let claimed: Vec<_> = claimed.into_iter().flatten().map(|mail| mail.id).collect();
    assert_eq!((claimed.len(), claimed.iter().collect::<BTreeSet<_>>().len()), (40, 40));
    assert_eq!(nodes.second.claim_mails(&claim(20, 99, 40)).await.unwrap(), []);
}

/// Secrets are not: nobody knows whether they were sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_mails_whose_lease_is_over_each_is_taken_over_once_and_secrets_are_dead() {
    let nodes = Nodes::new().await;
    for number in 0..20 {
        nodes.first.post(&letter(&format!("secret {number}"), MailClass::Secret)).await.unwrap();
        nodes.first.post(&letter(&format!("notice {number}"), MailClass::Notice)).await.unwrap();
    }
    let slow = nodes.first.claim_mails(&claim(20, 1, 40)).await.unwrap();
    assert_eq!(slow.len(), 40);
    let taken = nodes.at_once(AT_ONCE, |node, index| async move {
        node.claim_mails(&claim(20 + LEASE, 2 + index as u64, 3)).await.unwrap()
    });
    let taken: Vec<_> = taken.await.into_iter().flatten().collect();
    let different = taken.iter().map(|mail| mail.id).collect::<BTreeSet<_>>();
    assert_eq!((taken.len(), different.len()), (20, 20));
    assert!(taken.iter().all(|mail| mail.class == MailClass::Notice && mail.attempts == 1));
    assert_eq!(nodes.mails(MailState::Dead).await, 20);
    // Whoever has lost them settles nothing.
    let ends: Vec<_> = slow.iter().map(|mail| (mail.id, MailEnd::Sent)).collect();
    nodes.first.settle_mails(1, &ends).await.unwrap();
    assert_eq!((nodes.mails(MailState::Sent).await, nodes.mails(MailState::Waiting).await), (0, 20));
    for mail in &taken {
        nodes.second.settle_mails(mail.token, &[(mail.id, MailEnd::Sent)]).await.unwrap();
    }
    assert_eq!((nodes.mails(MailState::Sent).await, nodes.mails(MailState::Dead).await), (20, 20));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_round_goes_to_one_of_two_nodes_and_is_taken_over_once() {
    let nodes = Nodes::new().await;
    with_rounds(&nodes, 40).await;
    for (claims, now) in [(0, 20), (1, 20 + LEASE)] {
        let token = move |index: usize| (claims * AT_ONCE + index) as u64;
        let claimed = nodes.at_once(AT_ONCE, |node, index| async move {
            node.claim_rounds(&claim(now, token(index), 3)).await.unwrap()
        });
        let claimed = claimed.await;
        for (index, rounds) in claimed.iter().enumerate() {
            assert!(rounds.iter().all(|round| round.token == token(index)));
        }
        let claimed: Vec<_> = claimed.into_iter().flatten().map(|round| round.id).collect();
        assert_eq!((claimed.len(), claimed.iter().collect::<BTreeSet<_>>().len()), (40, 40));
        assert_eq!(nodes.first.claim_rounds(&claim(now, 99, 40)).await.unwrap(), []);
    }
}

/// The one who had it first, and the one who has it now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_written_by_who_holds_the_round_and_by_nobody_else() {
    let nodes = Nodes::new().await;
    with_rounds(&nodes, 1).await;
    let slow = nodes.first.claim_rounds(&claim(20, 1, 1)).await.unwrap().pop().unwrap();
    let quick = nodes.second.claim_rounds(&claim(20 + LEASE, 2, 1)).await.unwrap().pop().unwrap();
    assert_eq!(slow.id, quick.id);
    for page in 1..=5 {
        let called = nodes.at_once(10, |node, index| async move {
            let notices = vec![told(1, page, NoticeKind::Started, 0)];
            let token = if index == 5 { 2 } else { 1 };
            let page = RoundPage { round: slow.id, token, notices, called_up_to: Some(user(page)) };
            node.call(&page).await.unwrap().is_some()
        });
        let called = called.await.into_iter().enumerate().filter(|(_, called)| *called);
        assert_eq!(called.map(|(index, _)| index).collect::<Vec<_>>(), [5]);
        assert_eq!(nodes.inbox(page).await.len(), 1);
    }
    assert_eq!(nodes.mails(MailState::Waiting).await, 5);
}

/// The last page of a round that one node sends twice, or that comes again after an answer that was lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_page_of_a_round_is_written_once() {
    let nodes = Nodes::new().await;
    with_rounds(&nodes, 1).await;
    let round = nodes.first.claim_rounds(&claim(20, 1, 1)).await.unwrap().pop().unwrap();
    let called = nodes.at_once(10, |node, index| async move {
        let notices = vec![told(1, 1 + index as u64, NoticeKind::Started, 0)];
        let page = RoundPage { round: round.id, token: 1, notices, called_up_to: None };
        node.call(&page).await.unwrap().is_some()
    });
    assert_eq!(called.await.into_iter().filter(|called| *called).count(), 1);
    assert_eq!(nodes.mails(MailState::Waiting).await, 1);
    assert_eq!(nodes.second.next_round().await.unwrap(), None);
}
