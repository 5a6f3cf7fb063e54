//! What is planned is written: once, whole, on its position.

use super::Counter;
use super::scene::{
    BOTH, BY_MAIL, IN_APP, Stage, auction, claim, letter, notice_of, only, page, round, step, told, user,
    written,
};
use crate::conformance::checks::{Verdict, holds, same};
use crate::notify::{Channels, MailClass, NewNotice, NoticeId, NoticeKind, Plan, Position};
use crate::ports::NoticeCount;

/// Both at once, and the mail is due with the notice.
pub(super) async fn what_was_planned_is_in_its_inbox_and_waits_to_be_mailed(
    counter: &dyn Counter,
) -> Verdict {
    let stage = Stage::open(counter).await?;
    let new = [told(1, NoticeKind::Won, 0), told(2, NoticeKind::Lost, u64::from(u32::MAX))];
    let answer = stage.tell(0, &new).await?;
    let expected: Vec<_> = answer.iter().zip(&new).map(|(known, new)| written(known.id, new)).collect();
    same("what is answered", &answer, &expected)?;
    same("the inbox of the first", stage.inbox(1).await?, expected[..1].to_vec())?;
    same("the inbox of the second", stage.inbox(2).await?, expected[1..].to_vec())?;
    same("what is mailed early", stage.there.claim_mails(&claim(9, 4, 9)).await?, Vec::new())?;
    let mails = stage.there.claim_mails(&claim(10, 4, 9)).await?;
    same("how many mails are due with the notices", mails.len(), 2)?;
    for (mail, notice) in mails.iter().zip(&expected) {
        same("what is mailed", notice_of(mail)?, notice)?;
        let known = (mail.token, mail.class, mail.attempts, mail.written_at);
        same("the mail", known, (4, MailClass::Notice, 0, notice.at))?;
        let is_plain = mail.message_id.chars().all(|letter| letter.is_ascii_alphanumeric());
        holds("a message id is of letters and digits", is_plain && !mail.message_id.is_empty())?;
    }
    holds("message ids differ", mails[0].message_id != mails[1].message_id)
}

pub(super) async fn positions_come_in_the_order_of_the_question(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let alone = Plan { after: Position { revision: 7, leader: None }, ..step(2, 0) };
    same("two plans", stage.here.plan(&[step(1, 0), alone]).await?, vec![Some(Vec::new()); 2])?;
    let question = [3, 2, 1, 2].map(auction);
    let (first, second) =
        (Position { revision: 1, leader: Some(user(1)) }, Position { revision: 7, leader: None });
    let expected = vec![Position::default(), second, first, second];
    same("the positions", stage.there.positions(&question).await?, expected)?;
    same("no question", stage.there.positions(&[]).await?, Vec::new())?;
    same("no plan", stage.here.plan(&[]).await?, Vec::new())
}

/// The others of the same call are written.
pub(super) async fn a_plan_on_another_position_writes_nothing(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    stage.write(step(1, 0)).await?;
    let full = |number: u64, before| Plan {
        notices: vec![NewNotice { auction: auction(number), ..told(number, NoticeKind::Won, 0) }],
        rounds: vec![round(NoticeKind::Started, 5)],
        ..step(number, before)
    };
    for before in [0, 2] {
        let answers = stage.here.plan(&[full(1, before), full(before + 5, 0)]).await?;
        same("a plan on another position", &answers[0], &None)?;
        holds("the one beside it", answers[1].as_ref().is_some_and(|written| written.len() == 1))?;
    }
    let position = Position { revision: 1, leader: Some(user(1)) };
    same("the position", stage.there.positions(&[auction(1)]).await?, vec![position])?;
    same("the inbox", stage.inbox(1).await?, Vec::new())?;
    stage.mails_are([2, 0, 0, 0]).await?;
    let rounds = stage.rounds(5, 1).await?;
    let of_others = rounds.iter().all(|round| round.auction != auction(1));
    holds("rounds of the others alone", rounds.len() == 2 && of_others)
}

/// By plans, and by rounds.
pub(super) async fn a_notice_is_written_once_whoever_plans_it(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let new = told(1, NoticeKind::Started, 3);
    let plan = Plan { rounds: vec![round(NoticeKind::Started, 5)], notices: vec![new.clone()], ..step(1, 0) };
    let first = only("the first time", stage.write(plan).await?)?;
    let again = NewNotice { facts: super::scene::facts(1), at: super::scene::at(11), ..new.clone() };
    same("planned again", stage.tell(1, &[again.clone(), again.clone()]).await?, Vec::new())?;
    let held = only("the round", stage.rounds(5, 1).await?)?;
    let called = stage.here.call(&page(&held, vec![again], None)).await?;
    same("called", called, Some(Vec::new()))?;
    same("the inbox", stage.inbox(1).await?, vec![written(first.id, &new)])?;
    stage.mails_are([1, 0, 0, 0]).await?;
    let next = only("another occurrence", stage.tell(2, &[told(1, NoticeKind::Started, 4)]).await?)?;
    holds("numbers grow", next.id > first.id)
}

pub(super) async fn notices_go_only_where_their_channels_say(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let by = |person, channels| NewNotice { channels, ..told(person, NoticeKind::Won, 0) };
    let nowhere = Channels { mail: false, in_app: false };
    let new = [by(1, BOTH), by(2, BY_MAIL), by(3, IN_APP), by(4, nowhere)];
    let answer = stage.tell(0, &new).await?;
    same("who is told at once", answer.iter().map(|new| new.user).collect(), vec![user(1), user(3)])?;
    for (person, count) in [(1, 1), (2, 0), (3, 1), (4, 0)] {
        same("the notices in an inbox", stage.inbox(person).await?.len(), count)?;
        let expected = NoticeCount { all: count as u64, unread: count as u64 };
        same("their number", stage.there.count_notices(user(person)).await?, expected)?;
        same("what is read of them", stage.there.read_all_notices(user(person)).await?, count as u64)?;
    }
    let mails = stage.there.claim_mails(&claim(10, 1, 9)).await?;
    let mut mailed = Vec::new();
    for mail in &mails {
        let notice = notice_of(mail)?;
        mailed.push((notice.user, notice.in_app));
        let read = stage.here.read_notice(notice.user, notice.id).await?;
        same("whether it can be read", read.is_some(), notice.in_app)?;
    }
    same("who is mailed", mailed, vec![(user(1), true), (user(2), false)])
}

/// Each on what the one before it has left.
pub(super) async fn plans_of_one_call_are_written_in_their_order(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let first = Plan {
        notices: vec![told(1, NoticeKind::Outbid, 3)],
        rounds: vec![round(NoticeKind::EndingSoon, 5)],
        ..step(1, 0)
    };
    let second = Plan {
        notices: vec![told(1, NoticeKind::Outbid, 5), told(1, NoticeKind::Outbid, 7)],
        dropped: vec![NoticeKind::EndingSoon],
        ..step(1, 1)
    };
    let answers = stage.here.plan(&[first, second, step(1, 1)]).await?;
    let occurrences = |answer: &Option<Vec<crate::notify::Notice>>| {
        answer.as_ref().map(|written| written.iter().map(|new| (new.id, new.occurrence)).collect::<Vec<_>>())
    };
    let id = NoticeId(answers[0].as_ref().and_then(|written| written.first()).map_or(0, |first| first.id.0));
    let expected = vec![Some(vec![(id, 3)]), Some(vec![(id, 5), (id, 7)]), None];
    same("the answers", answers.iter().map(occurrences).collect(), expected)?;
    let left = only("the notice", stage.inbox(1).await?)?;
    same("what stands there", left.occurrence, 7)?;
    same("the rounds", stage.rounds(5, 1).await?, Vec::new())?;
    stage.post("x", MailClass::Notice, 10).await?;
    let name = letter("x", MailClass::Notice, 10).message_id;
    let mails = stage.there.claim_mails(&claim(10, 1, 9)).await?;
    let is_one = mails.iter().filter(|mail| mail.message_id != name).count() == 1;
    holds("one mail for all of them", is_one && mails.len() == 2)
}
