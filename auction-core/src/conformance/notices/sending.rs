//! Mails go to those who claim them.

use super::Counter;
use super::scene::{LEASE, Stage, at, claim, letter, only, told};
use crate::conformance::checks::{Verdict, same};
use crate::notify::{
    MailClass, MailContent, MailEnd, MailId, MailReport, MailState, NoticeKind, OutgoingMail,
};

pub(super) async fn a_posted_mail_is_claimed_as_it_was_written(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let letter = letter("one", MailClass::Secret, 10);
    let id = stage.here.post(&letter).await?;
    let mail = only("the mail", stage.there.claim_mails(&claim(10, u64::MAX, 9)).await?)?;
    let expected = OutgoingMail {
        id,
        token: u64::MAX,
        message_id: letter.message_id,
        class: MailClass::Secret,
        content: MailContent::Sealed(letter.sealed),
        attempts: 0,
        written_at: letter.at,
        expires_at: letter.expires_at,
    };
    same("the mail", mail, expected)
}

pub(super) async fn only_mails_that_are_due_are_claimed_earliest_first(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let late = stage.post("late", MailClass::Notice, 30).await?;
    let early = stage.post("early", MailClass::Secret, 5).await?;
    stage.tell(0, &[told(1, NoticeKind::Won, 0)]).await?;
    same("before the first", stage.claimed(4, 1).await?, Vec::new())?;
    let first = stage.there.claim_mails(&claim(30, 2, 2)).await?;
    same("two of three", first.len(), 2)?;
    same("the earliest", first[0].id, early)?;
    same("the rest", stage.claimed(30, 3).await?, vec![late])
}

pub(super) async fn a_mail_is_held_until_its_lease_is_over(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    stage.post("one", MailClass::Notice, 10).await?;
    let first = only("the first claim", stage.there.claim_mails(&claim(20, 1, 9)).await?)?;
    same("just before its end", stage.claimed(20 + LEASE - 1, 2).await?, Vec::new())?;
    let second = only("at its end", stage.there.claim_mails(&claim(20 + LEASE, 3, 9)).await?)?;
    same("the same mail, with one more attempt", second, OutgoingMail { token: 3, attempts: 1, ..first })
}

/// Nobody knows whether it was sent.
pub(super) async fn a_secret_whose_lease_ran_out_is_dead(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let secret = stage.post("secret", MailClass::Secret, 10).await?;
    let other = stage.post("other", MailClass::Notice, 10).await?;
    same("both", stage.claimed(20, 1).await?, vec![secret, other])?;
    same("when the lease is over", stage.claimed(20 + LEASE, 2).await?, vec![other])?;
    stage.mails_are([1, 0, 0, 1]).await?;
    let dead = only("the dead one", stage.there.mails(MailState::Dead, None, 9).await?)?;
    same("the dead one", (dead.id, dead.reason.is_some()), (secret, true))?;
    stage.here.settle_mails(1, &[(secret, MailEnd::Sent)]).await?;
    stage.mails_are([1, 0, 0, 1]).await
}

pub(super) async fn next_mail_is_the_earliest_that_may_be_claimed(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    same("of none", stage.there.next_mail().await?, None)?;
    stage.post("late", MailClass::Notice, 500).await?;
    let early = stage.post("early", MailClass::Notice, 5).await?;
    same("of two", stage.there.next_mail().await?, Some(at(5)))?;
    same("the claim", stage.claimed(20, 1).await?, vec![early])?;
    same("while it is held", stage.there.next_mail().await?, Some(at(20 + LEASE)))?;
    stage.here.settle_mails(1, &[(early, MailEnd::Sent)]).await?;
    same("when it is sent", stage.there.next_mail().await?, Some(at(500)))
}

/// Nothing of what is in them.
pub(super) async fn mails_are_listed_by_state_newest_first(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let one = stage.post("one", MailClass::Secret, 10).await?;
    stage.tell(0, &[told(1, NoticeKind::Won, 0)]).await?;
    let three = stage.post("three", MailClass::Notice, 20).await?;
    let reports = stage.there.mails(MailState::Waiting, None, 9).await?;
    same("how many wait", reports.len(), 3)?;
    let two = reports[1].id;
    let report = |id: MailId, class, kind, written| MailReport {
        id,
        state: MailState::Waiting,
        class,
        kind,
        attempts: 0,
        written_at: at(written),
        due_at: at(written),
        reason: None,
    };
    let expected = [
        report(three, MailClass::Notice, None, 20),
        report(two, MailClass::Notice, Some(NoticeKind::Won), 10),
        report(one, MailClass::Secret, None, 10),
    ];
    for (before, rows_max, expected) in [
        (None, 9, &expected[..]),
        (None, 2, &expected[..2]),
        (Some(three), 9, &expected[1..]),
        (Some(two), 1, &expected[2..]),
        (Some(one), 9, &[]),
    ] {
        let found = stage.there.mails(MailState::Waiting, before, rows_max).await?;
        same(&format!("{rows_max} before {before:?}"), found, expected.to_vec())?;
    }
    for state in [MailState::Sent, MailState::Dropped, MailState::Dead] {
        same("others", stage.there.mails(state, None, 9).await?, Vec::new())?;
    }
    stage.mails_are([3, 0, 0, 0]).await
}
