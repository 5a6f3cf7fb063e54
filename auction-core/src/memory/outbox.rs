//! Mails that wait, in memory.

use super::notices::{Hold, MemoryNotices, State};
use crate::identity::Sealed;
use crate::notify::{
    CLOSED_LATE_MAX, MailClass, MailContent, MailEnd, MailId, MailReport, MailState, Notice, NoticeId,
    NoticeKind, OutgoingMail,
};
use crate::ports::{Failure, Letter, MAILS_COUNTED_MAX, MAILS_PAGE_MAX, OutboxStore, RowClaim};
use crate::time::Timestamp;
use async_trait::async_trait;

/// A mail. The one with number `n` stands at index `n - 1`.
#[derive(Debug)]
pub(super) struct MailRow {
    message_id: String,
    class: MailClass,
    content: Content,
    state: MailState,
    attempts: u32,
    written_at: Timestamp,
    due_at: Timestamp,
    expires_at: Timestamp,
    reason: Option<String>,
    hold: Option<Hold>,
}

#[derive(Debug)]
enum Content {
    Notice(NoticeId, NoticeKind),
    Sealed(Sealed),
    Erased,
}

impl MailRow {
    pub(super) fn of_notice(notice: &Notice) -> Self {
        Self {
            message_id: format!("notice{}at{}", notice.id.0, notice.at.micros().unsigned_abs()),
            class: MailClass::Notice,
            content: Content::Notice(notice.id, notice.kind),
            state: MailState::Waiting,
            attempts: 0,
            written_at: notice.at,
            due_at: notice.at,
            expires_at: notice.at.after(CLOSED_LATE_MAX),
            reason: None,
            hold: None,
        }
    }

    /// It waits, and nobody is sending it.
    pub(super) const fn is_untouched(&self) -> bool {
        matches!(self.state, MailState::Waiting) && self.hold.is_none()
    }

    /// From when it can be claimed.
    fn free_from(&self) -> Timestamp {
        self.hold.map_or(self.due_at, |hold| hold.until)
    }

    /// Takes it; `false` where nobody knows whether the last one who did has sent it.
    fn claim(&mut self, claim: &RowClaim) -> bool {
        if self.hold.take().is_some() {
            self.attempts += 1;
            if self.class == MailClass::Secret {
                self.state = MailState::Dead;
                self.reason = Some("it may have been sent".to_owned());
                return false;
            }
        }
        self.hold = Some(Hold::of(claim));
        true
    }

    fn settle(&mut self, end: &MailEnd) {
        self.hold = None;
        self.attempts += u32::from(!matches!(end, MailEnd::Untried { .. } | MailEnd::Dropped));
        match end {
            MailEnd::Sent => self.end(MailState::Sent),
            MailEnd::Dropped => self.end(MailState::Dropped),
            MailEnd::Later { due_at, reason } => {
                self.due_at = *due_at;
                self.reason = Some(reason.clone());
            }
            MailEnd::Untried { due_at } => self.due_at = *due_at,
            MailEnd::Dead { reason } => {
                self.state = MailState::Dead;
                self.reason = Some(reason.clone());
            }
        }
    }

    fn end(&mut self, state: MailState) {
        self.state = state;
        self.erase();
    }

    fn erase(&mut self) {
        if matches!(self.content, Content::Sealed(_)) {
            self.content = Content::Erased;
        }
    }

    fn report(&self, id: MailId) -> MailReport {
        MailReport {
            id,
            state: self.state,
            class: self.class,
            kind: match self.content {
                Content::Notice(_, kind) => Some(kind),
                Content::Sealed(_) | Content::Erased => None,
            },
            attempts: self.attempts,
            written_at: self.written_at,
            due_at: self.due_at,
            reason: self.reason.clone(),
        }
    }
}

impl State {
    /// Adds a mail and answers its place.
    pub(super) fn add_mail(&mut self, mail: MailRow) -> usize {
        self.mails.push(mail);
        self.mails.len() - 1
    }

    fn claim_mails(&mut self, claim: &RowClaim) -> Vec<OutgoingMail> {
        let Self { mails, notices, .. } = self;
        let is_due = |mail: &MailRow| mail.state == MailState::Waiting && mail.free_from() <= claim.now;
        let mut due: Vec<_> = mails.iter_mut().enumerate().filter(|(_, mail)| is_due(mail)).collect();
        due.sort_by_key(|(place, mail)| (mail.due_at, *place));
        due.truncate(claim.rows_max);
        let claimed = due.into_iter().filter_map(|(place, mail)| {
            if !mail.claim(claim) {
                return None;
            }
            let content = match &mail.content {
                Content::Notice(id, _) => MailContent::Notice(Box::new(notices.get(id)?.notice.clone())),
                Content::Sealed(sealed) => MailContent::Sealed(sealed.clone()),
                Content::Erased => return None,
            };
            Some(OutgoingMail {
                id: id(place),
                token: claim.token,
                message_id: mail.message_id.clone(),
                class: mail.class,
                content,
                attempts: mail.attempts,
                written_at: mail.written_at,
                expires_at: mail.expires_at,
            })
        });
        claimed.collect()
    }
}

#[async_trait]
impl OutboxStore for MemoryNotices {
    async fn post(&self, letter: &Letter) -> Result<MailId, Failure> {
        let place = self.state().add_mail(MailRow {
            message_id: letter.message_id.clone(),
            class: letter.class,
            content: Content::Sealed(letter.sealed.clone()),
            state: MailState::Waiting,
            attempts: 0,
            written_at: letter.at,
            due_at: letter.at,
            expires_at: letter.expires_at,
            reason: None,
            hold: None,
        });
        Ok(id(place))
    }

    async fn claim_mails(&self, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure> {
        Ok(self.state().claim_mails(claim))
    }

    async fn settle_mails(&self, token: u64, ends: &[(MailId, MailEnd)]) -> Result<(), Failure> {
        let mut state = self.state();
        for (id, end) in ends {
            let mail = state.mails.get_mut(place(*id));
            if let Some(mail) = mail.filter(|mail| mail.hold.is_some_and(|hold| hold.token == token)) {
                mail.settle(end);
            }
        }
        Ok(())
    }

    async fn next_mail(&self) -> Result<Option<Timestamp>, Failure> {
        let state = self.state();
        let waiting = state.mails.iter().filter(|mail| mail.state == MailState::Waiting);
        Ok(waiting.map(MailRow::free_from).min())
    }

    async fn mails(
        &self,
        state: MailState,
        before: Option<MailId>,
        rows_max: usize,
    ) -> Result<Vec<MailReport>, Failure> {
        let stored = self.state();
        let reports = stored.mails.iter().enumerate().rev().map(|(place, mail)| mail.report(id(place)));
        let wanted = reports.filter(|report| report.state == state && before.is_none_or(|id| report.id < id));
        Ok(wanted.take(rows_max.min(MAILS_PAGE_MAX)).collect())
    }

    async fn count_mails(&self) -> Result<Vec<(MailState, u64)>, Failure> {
        let stored = self.state();
        let count = |state| stored.mails.iter().filter(|mail| mail.state == state).count() as u64;
        let count = |state| count(state).min(MAILS_COUNTED_MAX);
        Ok(MailState::ALL.into_iter().map(|state| (state, count(state))).collect())
    }

    async fn revive(&self, mail: MailId, at: Timestamp) -> Result<bool, Failure> {
        let mut state = self.state();
        let dead = state
            .mails
            .get_mut(place(mail))
            .filter(|mail| mail.state == MailState::Dead && !matches!(mail.content, Content::Erased));
        Ok(dead
            .map(|mail| {
                mail.state = MailState::Waiting;
                mail.due_at = at;
                mail.attempts = 0;
            })
            .is_some())
    }

    /// Mails are not removed, so that their numbers stay their places; notices are.
    async fn forget_mails(&self, at: Timestamp, before: Timestamp) -> Result<(), Failure> {
        let mut state = self.state();
        let State { mails, notices, .. } = &mut *state;
        for mail in mails.iter_mut().filter(|mail| mail.expires_at <= at) {
            mail.erase();
        }
        let waits = |mail: Option<usize>| {
            let mail = mail.and_then(|place| mails.get(place));
            mail.is_some_and(|mail| matches!(mail.state, MailState::Waiting | MailState::Dead))
        };
        notices.retain(|_, row| {
            let is_done = row.notice.is_read || !row.notice.in_app;
            !is_done || row.notice.at >= before || waits(row.mail)
        });
        Ok(())
    }
}

const fn id(place: usize) -> MailId {
    MailId(place as u64 + 1)
}

fn place(id: MailId) -> usize {
    usize::try_from(id.0).map_or(usize::MAX, |number| number.wrapping_sub(1))
}
