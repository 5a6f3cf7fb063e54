//! Several at the same time.

use super::Counter;
use super::scene::{Stage, auction, claim, round, step, told, user};
use crate::conformance::checks::{Verdict, same};
use crate::conformance::futures::all;
use crate::notify::{MailClass, NoticeKind, Plan, Position};
use std::collections::BTreeSet;

const AT_ONCE: u64 = 8;

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
            told.extend(stage.there.inbox(user(number + 1), crate::ports::InboxPage::Before(None), 9).await?);
        }
        told
    };
    same("how many were written", (winners.len(), told.len()), (1, 1))?;
    let position = Position { revision: winners[0] + 1, leader: None };
    same("the position is that of the one", stage.there.positions(&[auction(1)]).await?, vec![position])
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
