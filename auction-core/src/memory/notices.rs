//! Notices, rounds and mails in memory.

use super::outbox::MailRow;
use crate::id::{AuctionId, UserId};
use crate::notify::{
    NewNotice, NewRound, Notice, NoticeId, NoticeKind, Plan, Position, Preferences, Round, RoundId, RoundPage,
};
use crate::ports::{Failure, RelayStore, RowClaim};
use crate::time::{Span, Timestamp};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Notices, rounds and mails in memory, behind one mutex.
#[derive(Debug, Default)]
pub struct MemoryNotices {
    state: Mutex<State>,
}

/// What makes a notice one and the same.
type Key = (AuctionId, NoticeKind, UserId, u64);

#[derive(Debug, Default)]
pub(super) struct State {
    positions: BTreeMap<AuctionId, Position>,
    pub(super) preferences: BTreeMap<UserId, Preferences>,
    pub(super) notices: BTreeMap<NoticeId, NoticeRow>,
    /// How many notices there ever were.
    notices_ever: u64,
    /// Those that were ever written.
    keys: BTreeSet<Key>,
    rounds: BTreeMap<RoundId, RoundRow>,
    /// How many rounds there ever were.
    rounds_ever: u64,
    /// Rounds that were called to their end.
    called: BTreeSet<(AuctionId, NoticeKind, u64)>,
    pub(super) mails: Vec<MailRow>,
}

/// A notice, and the place of its mail, where it has one.
#[derive(Debug)]
pub(super) struct NoticeRow {
    pub(super) notice: Notice,
    pub(super) mail: Option<usize>,
}

#[derive(Debug)]
struct RoundRow {
    auction: AuctionId,
    call: NewRound,
    called_up_to: Option<UserId>,
    hold: Option<Hold>,
}

/// Somebody works on a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hold {
    pub(super) token: u64,
    pub(super) lease: Span,
    pub(super) until: Timestamp,
}

impl MemoryNotices {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hold {
    pub(super) fn of(claim: &RowClaim) -> Self {
        Self { token: claim.token, lease: claim.lease, until: claim.now.after(claim.lease) }
    }
}

impl State {
    fn plan(&mut self, plan: &Plan) -> Option<Vec<Notice>> {
        let position = self.positions.entry(plan.auction).or_default();
        if position.revision != plan.before {
            return None;
        }
        *position = plan.after;
        let is_dropped = |row: &RoundRow| {
            row.auction == plan.auction && row.called_up_to.is_none() && plan.dropped.contains(&row.call.kind)
        };
        self.rounds.retain(|_, row| !is_dropped(row));
        for round in &plan.rounds {
            self.put_round(plan.auction, round);
        }
        Some(self.write(&plan.notices))
    }

    fn put_round(&mut self, auction: AuctionId, call: &NewRound) {
        let is_same = |row: &RoundRow| {
            (row.auction, row.call.kind, row.call.occurrence) == (auction, call.kind, call.occurrence)
        };
        if self.called.contains(&(auction, call.kind, call.occurrence)) {
            return;
        }
        if let Some(row) = self.rounds.values_mut().find(|row| is_same(row)) {
            if row.called_up_to.is_none() {
                row.call = call.clone();
                row.hold = None;
            }
            return;
        }
        self.rounds_ever += 1;
        let row = RoundRow { auction, call: call.clone(), called_up_to: None, hold: None };
        self.rounds.insert(RoundId(self.rounds_ever), row);
    }

    /// Writes those that are new, and answers what stands in an inbox of them.
    fn write(&mut self, notices: &[NewNotice]) -> Vec<Notice> {
        let written = notices.iter().filter_map(|new| self.write_one(new));
        written.filter(|notice| notice.in_app).collect()
    }

    fn write_one(&mut self, new: &NewNotice) -> Option<Notice> {
        let is_told = new.channels.mail || new.channels.in_app;
        if !is_told || !self.keys.insert((new.auction, new.kind, new.user, new.occurrence)) {
            return None;
        }
        if new.kind.collapses()
            && let Some(id) = self.replaceable(new)
        {
            let notice = &mut self.notices.get_mut(&id)?.notice;
            notice.occurrence = new.occurrence;
            notice.facts = new.facts.clone();
            notice.at = new.at;
            notice.is_read = false;
            return Some(notice.clone());
        }
        self.notices_ever += 1;
        let id = NoticeId(self.notices_ever);
        let NewNotice { user, auction, kind, occurrence, at, channels, .. } = *new;
        let facts = new.facts.clone();
        let in_app = channels.in_app;
        let notice = Notice { id, user, auction, kind, occurrence, facts, at, in_app, is_read: false };
        let mail = channels.mail.then(|| self.add_mail(MailRow::of_notice(&notice)));
        self.notices.insert(id, NoticeRow { notice: notice.clone(), mail });
        Some(notice)
    }

    /// The notice whose place a new one takes.
    fn replaceable(&self, new: &NewNotice) -> Option<NoticeId> {
        let is_same =
            |notice: &Notice| (notice.auction, notice.kind, notice.user) == (new.auction, new.kind, new.user);
        let latest = self.notices.values().rev().find(|row| is_same(&row.notice))?;
        let can_change = match latest.mail {
            Some(mail) => self.mails[mail].is_untouched(),
            None => !latest.notice.is_read && !new.channels.mail,
        };
        can_change.then_some(latest.notice.id)
    }

    fn claim_rounds(&mut self, claim: &RowClaim) -> Vec<Round> {
        let mut due: Vec<_> =
            self.rounds.iter_mut().filter(|(_, row)| row.free_from() <= claim.now).collect();
        due.sort_by_key(|(id, row)| (row.call.due_at, **id));
        due.truncate(claim.rows_max);
        due.into_iter()
            .map(|(id, row)| {
                row.hold = Some(Hold::of(claim));
                let (call, called_up_to) = (row.call.clone(), row.called_up_to);
                Round { id: *id, token: claim.token, auction: row.auction, call, called_up_to }
            })
            .collect()
    }

    fn call(&mut self, page: &RoundPage) -> Option<Vec<Notice>> {
        let row = self.rounds.get_mut(&page.round)?;
        let hold = row.hold.as_mut().filter(|hold| hold.token == page.token)?;
        hold.until = hold.until.after(hold.lease);
        if page.called_up_to.is_some() {
            row.called_up_to = page.called_up_to;
        } else if let Some(row) = self.rounds.remove(&page.round) {
            self.called.insert((row.auction, row.call.kind, row.call.occurrence));
        }
        Some(self.write(&page.notices))
    }
}

impl RoundRow {
    /// From when it can be claimed.
    fn free_from(&self) -> Timestamp {
        self.hold.map_or(self.call.due_at, |hold| hold.until.max(self.call.due_at))
    }
}

#[async_trait]
impl RelayStore for MemoryNotices {
    async fn positions(&self, auctions: &[AuctionId]) -> Result<Vec<Position>, Failure> {
        let state = self.state();
        Ok(auctions.iter().map(|id| state.positions.get(id).copied().unwrap_or_default()).collect())
    }

    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Option<Vec<Notice>>>, Failure> {
        let mut state = self.state();
        Ok(plans.iter().map(|plan| state.plan(plan)).collect())
    }

    async fn claim_rounds(&self, claim: &RowClaim) -> Result<Vec<Round>, Failure> {
        Ok(self.state().claim_rounds(claim))
    }

    async fn call(&self, page: &RoundPage) -> Result<Option<Vec<Notice>>, Failure> {
        Ok(self.state().call(page))
    }

    async fn next_round(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.state().rounds.values().map(RoundRow::free_from).min())
    }

    async fn preferences(&self, users: &[UserId]) -> Result<Vec<Preferences>, Failure> {
        let state = self.state();
        Ok(users.iter().map(|user| state.preferences.get(user).cloned().unwrap_or_default()).collect())
    }
}
