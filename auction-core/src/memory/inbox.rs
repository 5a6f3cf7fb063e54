//! Inboxes in memory.

use super::notices::{MemoryNotices, State};
use crate::id::UserId;
use crate::notify::{Notice, NoticeId, Preferences};
use crate::ports::{Failure, INBOX_HEAD_MAX, INBOX_PAGE_MAX, InboxHead, InboxPage, InboxStore, NoticeCount};
use async_trait::async_trait;

impl State {
    /// The notices in an inbox, newest first.
    fn inbox(&self, user: UserId) -> impl Iterator<Item = &Notice> {
        let notices = self.notices.values().rev().map(|row| &row.notice);
        notices.filter(move |notice| notice.user == user && notice.in_app)
    }
}

#[async_trait]
impl InboxStore for MemoryNotices {
    async fn inbox(&self, user: UserId, page: InboxPage, rows_max: usize) -> Result<Vec<Notice>, Failure> {
        let state = self.state();
        let (before, skipped) = match page {
            InboxPage::Before(before) => (before, 0),
            InboxPage::Skipping(skipped) => (None, usize::try_from(skipped).unwrap_or(usize::MAX)),
        };
        let notices = state.inbox(user).filter(|notice| before.is_none_or(|before| notice.id < before));
        Ok(notices.skip(skipped).take(rows_max.min(INBOX_PAGE_MAX)).cloned().collect())
    }

    async fn count_notices(&self, user: UserId) -> Result<NoticeCount, Failure> {
        let state = self.state();
        let unread = state.inbox(user).filter(|notice| !notice.is_read).count() as u64;
        Ok(NoticeCount { all: state.inbox(user).count() as u64, unread })
    }

    async fn inbox_heads(&self, users: &[UserId]) -> Result<Vec<Option<InboxHead>>, Failure> {
        let state = self.state();
        let newest = |user: &UserId| state.inbox(*user).take(INBOX_HEAD_MAX).cloned().collect::<Vec<_>>();
        Ok(users.iter().map(|user| InboxHead::of(&newest(user))).collect())
    }

    async fn read_notice(&self, user: UserId, notice: NoticeId) -> Result<Option<Notice>, Failure> {
        let mut state = self.state();
        let found = state.notices.get_mut(&notice).map(|row| &mut row.notice);
        Ok(found.filter(|notice| notice.user == user && notice.in_app).map(|notice| {
            notice.is_read = true;
            notice.clone()
        }))
    }

    async fn read_all_notices(&self, user: UserId) -> Result<u64, Failure> {
        let mut state = self.state();
        let notices = state.notices.values_mut().map(|row| &mut row.notice);
        let unread = notices.filter(|notice| notice.user == user && notice.in_app && !notice.is_read);
        Ok(unread.map(|notice| notice.is_read = true).count() as u64)
    }

    async fn prefer(&self, user: UserId, preferences: &Preferences) -> Result<(), Failure> {
        self.state().preferences.insert(user, preferences.clone());
        Ok(())
    }
}
