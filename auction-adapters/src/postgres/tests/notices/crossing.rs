//! Everything at once: nobody waits for each other crosswise, and nothing is lost between two who write.

use super::{Nodes, at, claim, letter, round, step, told, user};
use auction_core::notify::{MailClass, MailContent, MailEnd, MailState, Notice, NoticeKind, Plan, RoundPage};
use auction_core::ports::{InboxStore as _, OutboxStore as _, RelayStore as _};

/// A notice whose place is taken while its mail is claimed: one of the two sees the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_is_mailed_as_it_was_claimed_or_replaced_before() {
    let nodes = Nodes::new().await;
    let mut mailed: Vec<Notice> = Vec::new();
    for before in 0..60 {
        let plan = Plan { notices: vec![told(1, 1, NoticeKind::Outbid, before)], ..step(1, before) };
        let claimed = nodes.at_once(2, |node, index| {
            let plan = plan.clone();
            async move {
                // Which one begins differs.
                if (index + usize::try_from(before / 2).unwrap()) % 2 == 0 {
                    node.plan(&[plan]).await.unwrap()[0].as_ref().unwrap();
                    return Vec::new();
                }
                node.claim_mails(&claim(20, before, 9)).await.unwrap()
            }
        });
        for mail in claimed.await.into_iter().flatten() {
            let MailContent::Notice(notice) = mail.content else { panic!("{mail:?}") };
            mailed.push(*notice);
            if before % 3 != 0 {
                nodes.first.settle_mails(before, &[(mail.id, MailEnd::Sent)]).await.unwrap();
            }
        }
    }
    let inbox = nodes.inbox(1).await;
    assert_eq!(inbox.first().unwrap().occurrence, 59);
    for notice in &mailed {
        assert!(inbox.contains(notice), "{notice:?} was mailed and has become something else");
    }
    let waiting = inbox.len() - mailed.len();
    assert!(waiting <= 1, "only the last one may wait: {waiting}");
}

/// Plans, pages, claims, ends, readers and those who forget, about the same people and auctions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_two_nodes_do_at_once_nobody_waits_for_each_other() {
    const KINDS: [NoticeKind; 3] = [NoticeKind::Outbid, NoticeKind::Extended, NoticeKind::Started];
    let nodes = Nodes::new().await;
    for turn in 0..10_u64 {
        nodes
            .at_once(32, |node, index| async move {
                let (number, token) = (1 + index as u64 % 3, turn * 100 + index as u64);
                let notices = |occurrence| {
                    let people: Vec<u64> =
                        if index % 2 == 0 { (1..=6).collect() } else { (1..=6).rev().collect() };
                    let all = people
                        .into_iter()
                        .flat_map(move |person| KINDS.map(|kind| told(number, person, kind, occurrence)));
                    all.collect::<Vec<_>>()
                };
                match index % 8 {
                    0 | 1 => {
                        let before = node.positions(&[super::auction(number)]).await.unwrap()[0].revision;
                        let rounds =
                            vec![round(NoticeKind::EndingSoon, before), round(NoticeKind::Lost, before)];
                        let dropped = vec![NoticeKind::EndingSoon];
                        let plan = Plan { notices: notices(before), rounds, dropped, ..step(number, before) };
                        let next = Plan { notices: notices(before + 1), ..step(number, before + 1) };
                        node.plan(&[plan, next]).await.unwrap();
                    }
                    2 => {
                        for round in node.claim_rounds(&claim(20, token, 2)).await.unwrap() {
                            let up_to = (turn % 2 == 0).then(|| user(9));
                            let page = RoundPage {
                                round: round.id,
                                token,
                                notices: notices(turn),
                                called_up_to: up_to,
                            };
                            node.call(&page).await.unwrap();
                        }
                    }
                    3 | 4 => {
                        let mails = node.claim_mails(&claim(20, token, 8)).await.unwrap();
                        let end = |place| match place % 3 {
                            0 => MailEnd::Sent,
                            1 => MailEnd::Untried { due_at: at(10) },
                            _ => MailEnd::Dead { reason: "refused".to_owned() },
                        };
                        let ends: Vec<_> = mails
                            .iter()
                            .rev()
                            .enumerate()
                            .map(|(place, mail)| (mail.id, end(place)))
                            .collect();
                        node.settle_mails(token, &ends).await.unwrap();
                    }
                    5 => {
                        let person = user(1 + turn % 6);
                        node.read_all_notices(person).await.unwrap();
                        node.prefer(person, &Default::default()).await.unwrap();
                    }
                    6 => node.forget_mails(at(9_000), at(9_000)).await.unwrap(),
                    _ => {
                        for dead in node.mails(MailState::Dead, None, 5).await.unwrap() {
                            node.revive(dead.id, at(10)).await.unwrap();
                        }
                        node.post(&letter(&format!("mail {token}"), MailClass::Secret)).await.unwrap();
                    }
                }
            })
            .await;
    }
    let settled = nodes.first.count_mails().await.unwrap();
    assert!(settled.iter().any(|(state, count)| *state == MailState::Waiting && *count > 0), "{settled:?}");
}
