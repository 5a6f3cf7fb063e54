//! What becomes of mails.

use super::Counter;
use super::scene::{LEASE, Stage, at, claim, only, step, told, user};
use crate::conformance::checks::{Verdict, holds, same};
use crate::notify::{MailClass, MailEnd, MailId, MailState, NoticeKind, Plan};

fn later(secs: u32) -> MailEnd {
    MailEnd::Later { due_at: at(secs), reason: "the other side was busy".to_owned() }
}

fn dead() -> MailEnd {
    MailEnd::Dead { reason: "there is no such mailbox".to_owned() }
}

pub(super) async fn only_who_holds_a_mail_settles_it(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let (one, two) =
        (stage.post("one", MailClass::Notice, 10).await?, stage.post("two", MailClass::Notice, 10).await?);
    stage.here.settle_mails(0, &[(one, MailEnd::Sent)]).await?;
    same("both", stage.claimed(10, 1).await?, vec![one, two])?;
    stage.here.settle_mails(2, &[(one, MailEnd::Sent)]).await?;
    stage.mails_are([2, 0, 0, 0]).await?;
    same("both again", stage.claimed(10 + LEASE, 3).await?, vec![one, two])?;
    stage.here.settle_mails(1, &[(one, MailEnd::Sent), (two, dead())]).await?;
    stage.mails_are([2, 0, 0, 0]).await?;
    let ends = [(one, MailEnd::Sent), (MailId(1 << 40), MailEnd::Sent), (two, dead())];
    stage.here.settle_mails(3, &ends).await?;
    stage.mails_are([0, 1, 0, 1]).await?;
    stage.here.settle_mails(3, &[(one, dead()), (two, MailEnd::Sent)]).await?;
    stage.mails_are([0, 1, 0, 1]).await
}

pub(super) async fn what_was_sent_or_dropped_is_over(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let sent = stage.post("sent", MailClass::Secret, 10).await?;
    let dropped = stage.post("dropped", MailClass::Notice, 10).await?;
    stage.claimed(10, 1).await?;
    stage.here.settle_mails(1, &[(sent, MailEnd::Sent), (dropped, MailEnd::Dropped)]).await?;
    stage.mails_are([0, 1, 1, 0]).await?;
    same("what is claimed later", stage.claimed(9_000, 2).await?, Vec::new())?;
    for mail in [sent, dropped] {
        holds("it cannot be revived", !stage.here.revive(mail, at(20)).await?)?;
    }
    let report = only("what was sent", stage.there.mails(MailState::Sent, None, 9).await?)?;
    same("how often it was tried", (report.id, report.attempts), (sent, 1))?;
    same("what comes next", stage.there.next_mail().await?, None)
}

pub(super) async fn a_mail_that_was_not_taken_is_tried_later(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let id = stage.post("one", MailClass::Secret, 10).await?;
    let first = only("the first claim", stage.there.claim_mails(&claim(10, 1, 9)).await?)?;
    stage.here.settle_mails(1, &[(id, later(40))]).await?;
    let report = only("the report", stage.there.mails(MailState::Waiting, None, 9).await?)?;
    let known = (report.attempts, report.due_at, report.reason.as_deref());
    same("the report", known, (1, at(40), Some("the other side was busy")))?;
    same("when it is due", stage.there.next_mail().await?, Some(at(40)))?;
    same("before that", stage.claimed(39, 2).await?, Vec::new())?;
    let second = only("then", stage.there.claim_mails(&claim(40, 3, 9)).await?)?;
    same("the same content and message id", &second.content, &first.content)?;
    same("the message id", (&second.message_id, second.attempts), (&first.message_id, 1))
}

/// No attempt counts.
pub(super) async fn a_mail_that_was_not_tried_is_given_back(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let id = stage.post("one", MailClass::Secret, 10).await?;
    stage.claimed(10, 1).await?;
    stage.here.settle_mails(1, &[(id, MailEnd::Untried { due_at: at(12) })]).await?;
    same("before that", stage.claimed(11, 2).await?, Vec::new())?;
    let second = only("then", stage.there.claim_mails(&claim(12, 3, 9)).await?)?;
    same("how often it was tried", second.attempts, 0)
}

pub(super) async fn a_dead_mail_waits_again_when_it_is_revived(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let id = stage.post("one", MailClass::Secret, 10).await?;
    holds("one that waits is not revived", !stage.here.revive(id, at(11)).await?)?;
    let first = only("the first claim", stage.there.claim_mails(&claim(10, 1, 9)).await?)?;
    stage.here.settle_mails(1, &[(id, dead())]).await?;
    let report = only("the dead", stage.there.mails(MailState::Dead, None, 9).await?)?;
    same("why", report.reason.as_deref(), Some("there is no such mailbox"))?;
    same("a dead one is not claimed", stage.claimed(30, 2).await?, Vec::new())?;
    holds("a dead one is revived", stage.here.revive(id, at(40)).await?)?;
    holds("but once", !stage.here.revive(id, at(40)).await?)?;
    holds("nor one that is not there", !stage.here.revive(MailId(1 << 40), at(40)).await?)?;
    same("before it is due", stage.claimed(39, 3).await?, Vec::new())?;
    let again = only("the claim", stage.there.claim_mails(&claim(40, 4, 9)).await?)?;
    same("with no attempts", (again.id, again.attempts), (id, 0))?;
    same("with all that was in it", again.content, first.content)
}

pub(super) async fn what_has_expired_is_erased(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let given_up = stage.post("given up", MailClass::Secret, 10).await?;
    stage.claimed(10, 1).await?;
    stage.here.settle_mails(1, &[(given_up, dead())]).await?;
    stage.post("waits", MailClass::Secret, 10).await?;
    let fresh = stage.post("fresh", MailClass::Secret, 11).await?;
    stage.here.forget_mails(at(3_609), at(0)).await?;
    holds("what has not expired is revived", stage.here.revive(given_up, at(100)).await?)?;
    same("and claimed", stage.claimed(100, 2).await?.len(), 3)?;
    stage.here.settle_mails(2, &[(given_up, dead()), (fresh, MailEnd::Untried { due_at: at(11) })]).await?;
    stage.here.forget_mails(at(3_610), at(0)).await?;
    holds("what has expired is not revived", !stage.here.revive(given_up, at(200)).await?)?;
    same("nor claimed", stage.claimed(3_610, 3).await?, vec![fresh])
}

pub(super) async fn what_was_sent_is_removed_in_time(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    for (place, written) in [100, 200].into_iter().enumerate() {
        let token = place as u64;
        let sent = stage.post(&format!("sent {written}"), MailClass::Notice, written).await?;
        let dropped = stage.post(&format!("dropped {written}"), MailClass::Notice, written).await?;
        stage.claimed(written, token).await?;
        stage.here.settle_mails(token, &[(sent, MailEnd::Sent), (dropped, MailEnd::Dropped)]).await?;
    }
    stage.post("waits", MailClass::Notice, 10).await?;
    let lost = stage.post("dead", MailClass::Notice, 300).await?;
    let held = stage.there.claim_mails(&claim(300, 5, 9)).await?;
    same("how many are claimed", held.len(), 2)?;
    let untried = MailEnd::Untried { due_at: at(10) };
    let ends = held.iter().map(|mail| (mail.id, if mail.id == lost { dead() } else { untried.clone() }));
    stage.here.settle_mails(5, &ends.collect::<Vec<_>>()).await?;
    stage.here.forget_mails(at(0), at(100)).await?;
    stage.mails_are([1, 2, 2, 1]).await?;
    stage.here.forget_mails(at(0), at(190)).await?;
    stage.mails_are([1, 1, 1, 1]).await
}

pub(super) async fn read_notices_are_forgotten_unless_their_mail_waits(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let new = [told(1, NoticeKind::Won, 0), told(1, NoticeKind::Started, 0), told(1, NoticeKind::Lost, 0)];
    let written = stage.tell(0, &new).await?;
    let mails = stage.there.claim_mails(&claim(10, 1, 9)).await?;
    same("the mails", mails.len(), 3)?;
    // The first is unread, the second done with, and the third still has to be mailed.
    for notice in &written[1..] {
        stage.here.read_notice(user(1), notice.id).await?;
    }
    let untried = MailEnd::Untried { due_at: at(10) };
    let ends = [(mails[0].id, MailEnd::Sent), (mails[1].id, MailEnd::Sent), (mails[2].id, untried)];
    stage.here.settle_mails(1, &ends).await?;
    stage.here.forget_mails(at(10), at(10)).await?;
    same("at the time of the notices", stage.inbox(1).await?.len(), 3)?;
    stage.here.forget_mails(at(10), at(11)).await?;
    let left: Vec<_> = stage.inbox(1).await?.iter().map(|notice| notice.id).collect();
    same("later", left, vec![written[2].id, written[0].id])?;
    same("the mail", stage.there.claim_mails(&claim(10, 2, 9)).await?.len(), 1)?;
    let next = Plan { notices: vec![told(1, NoticeKind::Started, 1)], ..step(1, 1) };
    let next = only("the next", stage.write(next).await?)?;
    holds("numbers are never given twice", written.iter().all(|old| old.id < next.id))
}
