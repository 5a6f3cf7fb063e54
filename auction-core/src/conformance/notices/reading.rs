//! Everybody reads their own notices.

use super::Counter;
use super::scene::{BOTH, BY_MAIL, IN_APP, Stage, told, user};
use crate::conformance::checks::{Verdict, same};
use crate::conformance::scene::at;
use crate::notify::{NewNotice, Notice, NoticeId, NoticeKind, Preferences};
use crate::ports::{INBOX_PAGE_MAX, InboxHead, InboxPage, NoticeCount};

/// Somebody is told so often, which nobody else is.
async fn told_often(
    stage: &Stage,
    person: u64,
    times: u64,
) -> Result<Vec<Notice>, crate::conformance::Deviation> {
    let new: Vec<_> = (1..=times)
        .map(|time| NewNotice { channels: IN_APP, ..told(person, NoticeKind::Started, time) })
        .collect();
    stage.tell(person - 1, &new).await
}

pub(super) async fn an_inbox_is_newest_first_and_in_pages(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let mut all = told_often(&stage, 1, 5).await?;
    told_often(&stage, 2, 2).await?;
    all.reverse();
    for (page, rows_max, expected) in [
        (InboxPage::Before(None), 9, &all[..]),
        (InboxPage::Before(None), 2, &all[..2]),
        (InboxPage::Before(None), 0, &[]),
        (InboxPage::Before(Some(all[1].id)), 2, &all[2..4]),
        (InboxPage::Before(Some(all[4].id)), 2, &[]),
        (InboxPage::Before(Some(NoticeId(u64::MAX))), 9, &all[..]),
        (InboxPage::Skipping(0), 2, &all[..2]),
        (InboxPage::Skipping(4), 2, &all[4..]),
        (InboxPage::Skipping(u64::MAX), 2, &[]),
    ] {
        let found = stage.there.inbox(user(1), page, rows_max).await?;
        same(&format!("{rows_max} rows of {page:?}"), found, expected.to_vec())?;
    }
    same("of somebody new", stage.inbox(7).await?, Vec::new())
}

pub(super) async fn a_page_of_an_inbox_has_a_bound(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    told_often(&stage, 1, INBOX_PAGE_MAX as u64 + 3).await?;
    let found = stage.there.inbox(user(1), InboxPage::Before(None), usize::MAX).await?;
    same("as many as can be asked for", found.len(), INBOX_PAGE_MAX)?;
    let count = stage.there.count_notices(user(1)).await?;
    same("as many as there are", count.all, INBOX_PAGE_MAX as u64 + 3)
}

pub(super) async fn only_the_own_notice_is_read(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let mine = told_often(&stage, 1, 2).await?;
    let theirs = told_often(&stage, 2, 1).await?;
    same("that of somebody else", stage.here.read_notice(user(1), theirs[0].id).await?, None)?;
    same("one that is not there", stage.here.read_notice(user(1), NoticeId(u64::MAX)).await?, None)?;
    same("theirs is as it was", stage.inbox(2).await?, theirs)?;
    let read = Notice { is_read: true, ..mine[0].clone() };
    for _ in 0..2 {
        same("my own", stage.here.read_notice(user(1), mine[0].id).await?, Some(read.clone()))?;
    }
    same("the inbox", stage.inbox(1).await?, vec![mine[1].clone(), read])?;
    let count = NoticeCount { all: 2, unread: 1 };
    same("the count", stage.there.count_notices(user(1)).await?, count)
}

pub(super) async fn reading_all_reads_only_ones_own(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let mine = told_often(&stage, 1, 3).await?;
    let theirs = told_often(&stage, 2, 1).await?;
    stage.here.read_notice(user(1), mine[0].id).await?;
    same("those that were unread", stage.here.read_all_notices(user(1)).await?, 2)?;
    same("once more", stage.here.read_all_notices(user(1)).await?, 0)?;
    let count = NoticeCount { all: 3, unread: 0 };
    same("the count", stage.there.count_notices(user(1)).await?, count)?;
    same("theirs is as it was", stage.inbox(2).await?, theirs)
}

pub(super) async fn the_head_of_each_inbox_is_known(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    same("of nobody", stage.there.inbox_heads(&[]).await?, Vec::new())?;
    told_often(&stage, 1, 3).await?;
    told_often(&stage, 2, 2).await?;
    let (mine, theirs) = (InboxHead::of(&stage.inbox(1).await?), InboxHead::of(&stage.inbox(2).await?));
    let question = [2, 7, 1, 2].map(user);
    let expected = vec![theirs, None, mine, theirs];
    same("of some, in the order of the question", stage.there.inbox_heads(&question).await?, expected)
}

pub(super) async fn the_head_of_an_inbox_is_the_same_when_it_was_read(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let mine = told_often(&stage, 1, 3).await?;
    let head = stage.there.inbox_heads(&[user(1)]).await?;
    stage.here.read_notice(user(1), mine[2].id).await?;
    same("when it was read", &stage.there.inbox_heads(&[user(1)]).await?, &head)?;
    stage.here.read_all_notices(user(1)).await?;
    same("when all were read", &stage.there.inbox_heads(&[user(1)]).await?, &head)
}

/// One that nobody was told of yet gives its place to the next of its kind.
pub(super) async fn the_head_of_an_inbox_changes_where_one_takes_the_place_of_another(
    counter: &dyn Counter,
) -> Verdict {
    let stage = Stage::open(counter).await?;
    let new = |occurrence, secs| NewNotice { at: at(secs), ..told(1, NoticeKind::Outbid, occurrence) };
    stage.tell(0, &[new(0, 10)]).await?;
    let before = stage.there.inbox_heads(&[user(1)]).await?;
    stage.tell(1, &[new(1, 20)]).await?;
    let inbox = stage.inbox(1).await?;
    same("one notice", inbox.len(), 1)?;
    let after = stage.there.inbox_heads(&[user(1)]).await?;
    same("the head", &after, &vec![InboxHead::of(&inbox)])?;
    same("it is another", after == before, false)
}

pub(super) async fn what_is_only_mailed_is_not_the_head_of_an_inbox(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let new = |person, occurrence, channels| NewNotice {
        channels,
        ..told(person, NoticeKind::Started, occurrence)
    };
    let told = stage.tell(0, &[new(1, 0, IN_APP), new(1, 1, BY_MAIL), new(2, 1, BY_MAIL)]).await?;
    let expected = vec![InboxHead::of(&told[..1]), None];
    same("of two", stage.there.inbox_heads(&[1, 2].map(user)).await?, expected)
}

pub(super) async fn preferences_are_replaced_whole(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let all = NoticeKind::ALL.into_iter().zip([BOTH, BY_MAIL, IN_APP].into_iter().cycle());
    let many = all.fold(Preferences::default(), |chosen, (kind, channels)| chosen.with(kind, channels));
    let few = Preferences::default().with(NoticeKind::Won, BY_MAIL);
    stage.here.prefer(user(1), &many).await?;
    stage.here.prefer(user(2), &many).await?;
    stage.here.prefer(user(2), &few).await?;
    let question = [3, 2, 1, 2].map(user);
    let expected = vec![Preferences::default(), few.clone(), many, few];
    same("what was chosen", stage.there.preferences(&question).await?, expected)?;
    stage.here.prefer(user(1), &Preferences::default()).await?;
    same("nothing", stage.there.preferences(&[user(1)]).await?, vec![Preferences::default()])
}
