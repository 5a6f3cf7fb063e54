//! Several at the same time.

use super::Counter;
use super::scene::{Stage, auction, claim, round, step, told, user};
use crate::conformance::checks::{Verdict, holds, same};
use crate::conformance::futures::{all, pause};
use crate::notify::{MailClass, NewNotice, NoticeKind, Plan, Position};
use crate::ports::{INBOX_PAGE_MAX, InboxPage};
use std::cell::Cell;
use std::collections::BTreeSet;

const AT_ONCE: u64 = 8;
const STEPS: u64 = 12;

pub(super) async fn concurrent_plans_on_one_position_are_written_once(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let plan = |number: u64| Plan {
        after: Position { revision: number + 1, leader: None },
        notices: vec![told(number + 1, NoticeKind::Won, 0)],
        ..step(1, 0)
    };
    let plans: Vec<_> = (0..AT_ONCE).map(|number| [plan(number)]).collect();
    let stores = [&stage.here, &stage.there].into_iter().cycle();
    let answers = all(plans.iter().zip(stores).map(|(plan, store)| store.plan(plan))).await;
    let mut winners = Vec::new();
    for (number, answer) in answers.into_iter().enumerate() {
        winners.extend(answer?.into_iter().flatten().map(|_| number as u64));
    }
    let told = {
        let mut told = Vec::new();
        for number in 0..AT_ONCE {
            told.extend(stage.there.inbox(user(number + 1), InboxPage::Before(None), 9).await?);
        }
        told
    };
    same("how many were written", (winners.len(), told.len()), (1, 1))?;
    let position = Position { revision: winners[0] + 1, leader: None };
    same("the position is that of the one", stage.there.positions(&[auction(1)]).await?, vec![position])
}

/// Several write to one inbox about different auctions, while somebody looks.
pub(super) async fn concurrent_plans_give_numbers_in_the_order_in_which_they_are_seen(
    counter: &dyn Counter,
) -> Verdict {
    let stage = Stage::open(counter).await?;
    let left = Cell::new(AT_ONCE);
    let run = |number: u64| {
        let (stage, left) = (&stage, &left);
        async move {
            if number == 0 {
                return look(stage, left).await;
            }
            let written = write_often(stage, number).await;
            left.set(left.get() - 1);
            written
        }
    };
    all((0..=AT_ONCE).map(run)).await.into_iter().collect()
}

async fn write_often(stage: &Stage, number: u64) -> Verdict {
    let store = if number.is_multiple_of(2) { &stage.here } else { &stage.there };
    for before in 0..STEPS {
        let new = NewNotice { auction: auction(number), ..told(1, NoticeKind::Started, before) };
        let other = NewNotice { user: user(number + 1), ..new.clone() };
        store.plan(&[Plan { notices: vec![new, other], ..step(number, before) }]).await?;
    }
    Ok(())
}

/// Looks into the inbox until nobody writes any more.
async fn look(stage: &Stage, left: &Cell<u64>) -> Verdict {
    let mut seen = Vec::new();
    loop {
        let is_last = left.get() == 0;
        let inbox = stage.there.inbox(user(1), InboxPage::Before(None), INBOX_PAGE_MAX).await?;
        let ids: Vec<_> = inbox.iter().rev().map(|notice| notice.id).collect();
        holds("new ones stand behind those that were seen", ids.starts_with(&seen))?;
        seen = ids;
        if is_last {
            return same("how many there are", seen.len() as u64, STEPS * AT_ONCE);
        }
        pause().await;
    }
}

/// Neither rounds nor mails.
pub(super) async fn concurrent_claims_share_nothing(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    for number in 1..=AT_ONCE * 2 {
        stage.post(&format!("mail {number}"), MailClass::Secret, 10).await?;
        stage.write(Plan { rounds: vec![round(NoticeKind::Started, 10)], ..step(number, 0) }).await?;
    }
    let claims: Vec<_> = (0..AT_ONCE).map(|token| claim(10, token, 3)).collect();
    let stores = || [&stage.here, &stage.there].into_iter().cycle();
    let (mut mails, mut rounds) = (Vec::new(), Vec::new());
    for claimed in all(claims.iter().zip(stores()).map(|(claim, store)| store.claim_mails(claim))).await {
        mails.extend(claimed?.into_iter().map(|mail| mail.id));
    }
    for claimed in all(claims.iter().zip(stores()).map(|(claim, store)| store.claim_rounds(claim))).await {
        rounds.extend(claimed?.into_iter().map(|round| round.id));
    }
    let different =
        (mails.iter().collect::<BTreeSet<_>>().len(), rounds.iter().collect::<BTreeSet<_>>().len());
    same("each goes to one", (mails.len(), rounds.len()), different)?;
    same("and all to somebody", different, (16, 16))
}
