//! A newer notice takes the place of one that nobody was told of yet.

use super::Counter;
use super::scene::{
    BOTH, IN_APP, Stage, at, auction, claim, facts, notice_of, only, round, step, told, user, written,
};
use crate::conformance::checks::{Verdict, same};
use crate::notify::{MailEnd, NewNotice, NoticeKind, Plan};
use crate::ports::NoticeCount;

/// It keeps its number and its mail, and is unread again.
pub(super) async fn a_newer_notice_takes_the_place_of_one_whose_mail_waits(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let first = only("the first", stage.tell(0, &[told(1, NoticeKind::Outbid, 3)]).await?)?;
    stage.there.read_notice(user(1), first.id).await?;
    let newer = NewNotice { facts: facts(999), at: at(12), ..told(1, NoticeKind::Outbid, 7) };
    let second = only("the second", stage.tell(1, std::slice::from_ref(&newer)).await?)?;
    same("the second", &second, &written(first.id, &newer))?;
    same("the inbox", stage.inbox(1).await?, vec![second.clone()])?;
    let count = NoticeCount { all: 1, unread: 1 };
    same("the count", stage.there.count_notices(user(1)).await?, count)?;
    let mail = only("the mail", stage.there.claim_mails(&claim(12, 1, 9)).await?)?;
    same("what is mailed", notice_of(&mail)?, &second)
}

/// Whoever sends it has its words already.
pub(super) async fn a_notice_that_is_being_mailed_or_was_mailed_stays(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    for (step, end) in [None, Some(MailEnd::Sent), Some(MailEnd::Dropped)].into_iter().enumerate() {
        let number = step as u64;
        let new = NewNotice { user: user(number + 1), ..told(1, NoticeKind::Extended, 3) };
        let first = only("the first", stage.tell(number * 2, std::slice::from_ref(&new)).await?)?;
        let mail = only("its mail", stage.there.claim_mails(&claim(12, number + 1, 9)).await?)?;
        let ends: Vec<_> = end.into_iter().map(|end| (mail.id, end)).collect();
        stage.here.settle_mails(number + 1, &ends).await?;
        let newer = NewNotice { occurrence: 7, ..new.clone() };
        let second = only("the second", stage.tell(number * 2 + 1, std::slice::from_ref(&newer)).await?)?;
        let expected = vec![written(second.id, &newer), written(first.id, &new)];
        same("both stand there", stage.inbox(number + 1).await?, expected)?;
        let mails = stage.there.claim_mails(&claim(12, number + 1, 9)).await?;
        same("the second is mailed", notice_of(&only("the other mail", mails)?)?, &second)?;
    }
    Ok(())
}

/// One that is to be mailed never takes the place of one that is not.
pub(super) async fn a_notice_without_mail_is_replaced_until_it_is_read(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let new = |occurrence, channels| NewNotice { channels, ..told(1, NoticeKind::Extended, occurrence) };
    let first = only("the first", stage.tell(0, &[new(3, IN_APP)]).await?)?;
    let second = only("the second", stage.tell(1, &[new(5, IN_APP)]).await?)?;
    same("in the place of the first", &second, &written(first.id, &new(5, IN_APP)))?;
    stage.there.read_notice(user(1), first.id).await?;
    let third = only("the third", stage.tell(2, &[new(7, IN_APP)]).await?)?;
    let numbers: Vec<_> = stage.inbox(1).await?.iter().map(|notice| notice.id).collect();
    same("beside the one that was read", numbers, vec![third.id, first.id])?;
    stage.mails_are([0, 0, 0, 0]).await?;
    stage.tell(3, &[new(9, BOTH)]).await?;
    same("one with a mail stands beside it", stage.inbox(1).await?.len(), 3)?;
    stage.mails_are([1, 0, 0, 0]).await
}

pub(super) async fn what_was_replaced_is_not_written_again(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    for (before, occurrence) in [3, 7].into_iter().enumerate() {
        stage.tell(before as u64, &[told(1, NoticeKind::Outbid, occurrence)]).await?;
    }
    let again = [told(1, NoticeKind::Outbid, 3), told(1, NoticeKind::Outbid, 7)];
    same("planned again", stage.tell(2, &again).await?, Vec::new())?;
    same("what stands there", only("the notice", stage.inbox(1).await?)?.occurrence, 7)?;
    stage.mails_are([1, 0, 0, 0]).await
}

pub(super) async fn only_the_same_thing_about_the_same_auction_is_replaced(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let others = [
        told(1, NoticeKind::Extended, 3),
        told(2, NoticeKind::Outbid, 3),
        told(1, NoticeKind::Started, 3),
        told(1, NoticeKind::Started, 5),
    ];
    stage.tell(0, &others).await?;
    let elsewhere = NewNotice { auction: auction(2), ..told(1, NoticeKind::Outbid, 3) };
    stage
        .write(Plan { notices: vec![elsewhere], rounds: vec![round(NoticeKind::Lost, 9)], ..step(2, 0) })
        .await?;
    stage.tell(1, &[told(1, NoticeKind::Outbid, 7)]).await?;
    let occurrences: Vec<_> = stage.inbox(1).await?.iter().map(|notice| notice.occurrence).collect();
    same("what the first finds", occurrences, vec![7, 3, 5, 3, 3])?;
    same("what the second finds", stage.inbox(2).await?.len(), 1)?;
    stage.mails_are([6, 0, 0, 0]).await
}
