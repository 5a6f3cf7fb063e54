//! A store around the reference backend that does one thing wrong.

use super::faults::Fault;
use crate::conformance::futures::pause;
use crate::id::{AuctionId, UserId};
use crate::memory::MemoryNotices;
use crate::notify::{
    Channels, MailClass, MailEnd, MailId, MailReport, MailState, NewNotice, Notice, NoticeId, NoticeKind,
    OutgoingMail, Plan, Position, Preferences, Round, RoundId, RoundPage,
};
use crate::ports::{
    Failure, InboxHead, InboxPage, InboxStore, Letter, NoticeCount, OutboxStore, RelayStore, RowClaim,
};
use crate::time::{Span, Timestamp};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

const SECOND: Span = Span::from_secs(1);

/// A store around the reference backend that does one thing wrong.
pub(super) struct Faulty {
    inner: MemoryNotices,
    fault: Option<Fault>,
    notes: Mutex<Notes>,
}

/// What a store has to remember in order to be wrong.
#[derive(Default)]
struct Notes {
    calls: u64,
    owners: BTreeMap<NoticeId, UserId>,
    read: BTreeSet<NoticeId>,
    rounds: BTreeSet<(AuctionId, NoticeKind, u64)>,
    round_tokens: BTreeMap<RoundId, u64>,
    mail_tokens: BTreeMap<MailId, u64>,
    chosen: BTreeMap<UserId, Preferences>,
}

impl Faulty {
    pub(super) fn new(fault: Option<Fault>) -> Self {
        Self { inner: MemoryNotices::new(), fault, notes: Mutex::default() }
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn taken(&self, notices: &[NewNotice]) -> Vec<NewNotice> {
        let mut notices = notices.to_vec();
        for new in &mut notices {
            self.notes().calls += 1;
            let calls = self.notes().calls;
            match self.fault {
                Some(Fault::ForgetsMails) => new.channels.mail = false,
                Some(Fault::CutsTitles) => new.facts.title.truncate(1),
                Some(Fault::WritesEveryNotice) => new.occurrence += calls << 32,
                Some(Fault::ForgetsOccurrences) if new.kind.collapses() => new.occurrence += calls << 32,
                Some(Fault::IgnoresChannels) => new.channels = Channels { mail: true, in_app: true },
                Some(Fault::NeverReplaces) if new.kind == NoticeKind::Outbid => new.kind = NoticeKind::Won,
                Some(Fault::ReplacesWhateverTheKind) => new.kind = NoticeKind::Outbid,
                _ => {}
            }
        }
        notices
    }

    async fn told(&self, mut notices: Vec<Notice>) -> Result<Vec<Notice>, Failure> {
        for notice in &mut notices {
            self.notes().owners.insert(notice.id, notice.user);
            if self.is(Fault::NeverReplaces) && notice.kind == NoticeKind::Won {
                notice.kind = NoticeKind::Outbid;
            }
            if self.is(Fault::KeepsWhatIsReplacedRead) && self.notes().read.contains(&notice.id) {
                self.inner.read_notice(notice.user, notice.id).await?;
                notice.is_read = true;
            }
        }
        Ok(notices)
    }

    async fn plan_one(&self, plan: &Plan) -> Result<Option<Vec<Notice>>, Failure> {
        let mut plan = Plan { notices: self.taken(&plan.notices), ..plan.clone() };
        let known = self.inner.positions(&[plan.auction]).await?[0].revision;
        if self.is(Fault::ReadsPositionsBeforeItWrites) && known == plan.before {
            pause().await;
            plan.before = self.inner.positions(&[plan.auction]).await?[0].revision;
        }
        match self.fault {
            Some(Fault::IgnoresPositions) => plan.before = known,
            Some(Fault::DropsNothing) => plan.dropped.clear(),
            Some(Fault::NeverReplacesRounds) => plan
                .rounds
                .retain(|round| self.notes().rounds.insert((plan.auction, round.kind, round.occurrence))),
            _ => {}
        }
        match self.inner.plan(&[plan]).await?.pop().flatten() {
            Some(notices) => self.told(notices).await.map(Some),
            None => Ok(None),
        }
    }

    fn claim(&self, claim: &RowClaim) -> RowClaim {
        let mut claim = *claim;
        match self.fault {
            Some(Fault::ClaimsEarly) => claim.now = claim.now.after(SECOND),
            Some(Fault::LeasesEndEarly) => claim.lease = Span::from_secs(59),
            Some(Fault::ClaimsWithoutHolding) => claim.lease = Span::ZERO,
            _ => {}
        }
        claim
    }
}

#[async_trait]
impl RelayStore for Faulty {
    async fn positions(&self, auctions: &[AuctionId]) -> Result<Vec<Position>, Failure> {
        let mut auctions = auctions.to_vec();
        if self.is(Fault::SortsPositions) {
            auctions.sort_unstable();
        }
        let mut positions = self.inner.positions(&auctions).await?;
        if self.is(Fault::ForgetsLeaders) {
            positions.iter_mut().for_each(|position| position.leader = None);
        }
        Ok(positions)
    }

    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Option<Vec<Notice>>>, Failure> {
        if self.is(Fault::FailsWholeCalls) {
            for plan in plans {
                if self.inner.positions(&[plan.auction]).await?[0].revision != plan.before {
                    return Ok(vec![None; plans.len()]);
                }
            }
        }
        let mut order: Vec<_> = plans.iter().collect();
        if self.is(Fault::WritesPlansBackwards) {
            order.reverse();
        }
        let mut answers = Vec::new();
        for plan in order {
            answers.push(self.plan_one(plan).await?);
        }
        if self.is(Fault::WritesPlansBackwards) {
            answers.reverse();
        }
        Ok(answers)
    }

    async fn claim_rounds(&self, claim: &RowClaim) -> Result<Vec<Round>, Failure> {
        let mut rounds = self.inner.claim_rounds(&self.claim(claim)).await?;
        for round in &mut rounds {
            self.notes().round_tokens.insert(round.id, round.token);
            match self.fault {
                Some(Fault::ForgetsWhoIsLeftOut) => round.call.except = None,
                Some(Fault::CutsTokens) => round.token &= u64::from(u32::MAX),
                Some(Fault::ForgetsHowFarRoundsAre) => round.called_up_to = None,
                _ => {}
            }
        }
        if self.is(Fault::ClaimsRoundsLatestFirst) {
            rounds.reverse();
        }
        Ok(rounds)
    }

    async fn call(&self, page: &RoundPage) -> Result<Option<Vec<Notice>>, Failure> {
        let mut page = RoundPage { notices: self.taken(&page.notices), ..page.clone() };
        if self.is(Fault::WritesPagesOfAnybody) {
            page.token = self.notes().round_tokens.get(&page.round).copied().unwrap_or(page.token);
        }
        if self.is(Fault::CallsAgain) {
            page.called_up_to = page.called_up_to.or(UserId::new(1).ok());
        }
        match self.inner.call(&page).await? {
            Some(notices) => self.told(notices).await.map(Some),
            None => Ok(None),
        }
    }

    async fn next_round(&self) -> Result<Option<Timestamp>, Failure> {
        let next = self.inner.next_round().await?;
        Ok(if self.is(Fault::NextRoundIsAlwaysNow) { Some(Timestamp::EPOCH) } else { next })
    }

    async fn preferences(&self, users: &[UserId]) -> Result<Vec<Preferences>, Failure> {
        self.inner.preferences(users).await
    }
}

#[async_trait]
impl InboxStore for Faulty {
    async fn inbox(&self, user: UserId, page: InboxPage, rows_max: usize) -> Result<Vec<Notice>, Failure> {
        let page = match page {
            InboxPage::Skipping(count) if self.is(Fault::InboxSkipsOneTooMany) => {
                InboxPage::Skipping(count.saturating_add(1))
            }
            page => page,
        };
        let rows_max = if self.is(Fault::InboxIsShort) { rows_max.min(100) } else { rows_max };
        let mut notices = self.told(self.inner.inbox(user, page, rows_max).await?).await?;
        self.notes().calls += 1;
        if self.is(Fault::ShowsNumbersInAnyOrder) && self.notes().calls.is_multiple_of(2) && notices.len() > 1
        {
            notices.remove(1);
        }
        if self.is(Fault::InboxRunsForwards) {
            notices.reverse();
        }
        Ok(notices)
    }

    async fn count_notices(&self, user: UserId) -> Result<NoticeCount, Failure> {
        self.notes().calls += 1;
        if self.is(Fault::NowAndThenReadsNothing) && self.notes().calls.is_multiple_of(50) {
            return Ok(NoticeCount::default());
        }
        self.inner.count_notices(user).await
    }

    async fn inbox_heads(&self, users: &[UserId]) -> Result<Vec<Option<InboxHead>>, Failure> {
        let mut users = users.to_vec();
        if self.is(Fault::HeadsSortTheirQuestion) {
            users.sort_unstable();
        }
        let mut heads = self.inner.inbox_heads(&users).await?;
        for (user, head) in users.iter().zip(&mut heads) {
            if self.is(Fault::HeadIsOfTheUnread) {
                let inbox = self.inner.inbox(*user, InboxPage::Before(None), 100).await?;
                let unread: Vec<_> = inbox.into_iter().filter(|notice| !notice.is_read).collect();
                *head = InboxHead::of(&unread);
            }
            if self.is(Fault::HeadCountsWhatIsOnlyMailed) {
                let waiting = self.inner.mails(MailState::Waiting, None, 100).await?.len() as u64;
                let counted = Some(NoticeId(waiting)).filter(|id| id.0 > 0);
                let of_mails = counted.map(|id| InboxHead { id, at: Timestamp::EPOCH });
                *head =
                    head.map(|head| InboxHead { id: head.id.max(NoticeId(waiting)), ..head }).or(of_mails);
            }
            if self.is(Fault::HeadIsOnlyTheNewestNumber) {
                *head = head.map(|head| InboxHead { at: Timestamp::EPOCH, ..head });
            }
        }
        Ok(heads)
    }

    async fn read_notice(&self, user: UserId, notice: NoticeId) -> Result<Option<Notice>, Failure> {
        self.notes().read.insert(notice);
        if self.is(Fault::MarksNothingAsRead) {
            let notices = self.inner.inbox(user, InboxPage::Before(None), 100).await?;
            let found = notices.into_iter().find(|known| known.id == notice);
            return Ok(found.map(|found| Notice { is_read: true, ..found }));
        }
        let owner = self.notes().owners.get(&notice).copied().unwrap_or(user);
        self.inner.read_notice(if self.is(Fault::ReadsForOthers) { owner } else { user }, notice).await
    }

    async fn read_all_notices(&self, user: UserId) -> Result<u64, Failure> {
        let count = self.inner.read_all_notices(user).await?;
        let owners: Vec<_> = self.notes().owners.values().copied().collect();
        for owner in owners.into_iter().filter(|_| self.is(Fault::ReadsAllOfAll)) {
            self.inner.read_all_notices(owner).await?;
        }
        Ok(count)
    }

    async fn prefer(&self, user: UserId, preferences: &Preferences) -> Result<(), Failure> {
        let old = self.notes().chosen.remove(&user).unwrap_or_default();
        let both = preferences.chosen().fold(old, |both, (kind, channels)| both.with(kind, channels));
        self.notes().chosen.insert(user, both.clone());
        self.inner.prefer(user, if self.is(Fault::KeepsOldPreferences) { &both } else { preferences }).await
    }
}

#[async_trait]
impl OutboxStore for Faulty {
    async fn post(&self, letter: &Letter) -> Result<MailId, Failure> {
        let mut letter = letter.clone();
        if self.is(Fault::SendsSecretsAgain) {
            letter.class = MailClass::Notice;
        }
        self.inner.post(&letter).await
    }

    async fn claim_mails(&self, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure> {
        let mut mails = self.inner.claim_mails(&self.claim(claim)).await?;
        for mail in &mut mails {
            self.notes().mail_tokens.insert(mail.id, mail.token);
            match self.fault {
                Some(Fault::GivesMailsOneName) => mail.message_id = "mail".to_owned(),
                Some(Fault::ForgetsWhenMailsExpire) => mail.expires_at = Timestamp::MAX,
                Some(Fault::CountsNoAttempts) => mail.attempts = 0,
                Some(Fault::GivesMailsBackAtOnce) => {
                    let end = MailEnd::Untried { due_at: claim.now };
                    self.inner.settle_mails(mail.token, &[(mail.id, end)]).await?;
                }
                _ => {}
            }
        }
        if self.is(Fault::ClaimsMailsLatestFirst) {
            mails.reverse();
        }
        Ok(mails)
    }

    async fn settle_mails(&self, token: u64, ends: &[(MailId, MailEnd)]) -> Result<(), Failure> {
        for (mail, end) in ends {
            let known = self.notes().mail_tokens.get(mail).copied().unwrap_or(token);
            let token = if self.is(Fault::SettlesForAnybody) { known } else { token };
            let end = match end {
                MailEnd::Untried { due_at } if self.is(Fault::CountsWhatWasNotTried) => {
                    MailEnd::Later { due_at: *due_at, reason: String::new() }
                }
                end => end.clone(),
            };
            self.inner.settle_mails(token, &[(*mail, end)]).await?;
        }
        Ok(())
    }

    async fn next_mail(&self) -> Result<Option<Timestamp>, Failure> {
        let next = self.inner.next_mail().await?;
        Ok(if self.is(Fault::NextMailIsAlwaysNow) { Some(Timestamp::EPOCH) } else { next })
    }

    async fn mails(
        &self,
        state: MailState,
        before: Option<MailId>,
        rows_max: usize,
    ) -> Result<Vec<MailReport>, Failure> {
        let mut reports = self.inner.mails(state, before, rows_max).await?;
        if self.is(Fault::ListsMailsForwards) {
            reports.reverse();
        }
        if self.is(Fault::ForgetsWhyNot) {
            reports.iter_mut().for_each(|report| report.reason = None);
        }
        Ok(reports)
    }

    async fn count_mails(&self) -> Result<Vec<(MailState, u64)>, Failure> {
        self.inner.count_mails().await
    }

    async fn revive(&self, mail: MailId, at: Timestamp) -> Result<bool, Failure> {
        if self.is(Fault::RevivesNothing) {
            return Ok(false);
        }
        Ok(self.inner.revive(mail, at).await? || self.is(Fault::RevivesEverything))
    }

    async fn forget_mails(&self, at: Timestamp, before: Timestamp) -> Result<(), Failure> {
        let at = match self.fault {
            Some(Fault::ErasesNothing) => Timestamp::EPOCH,
            Some(Fault::ErasesEverything) => Timestamp::MAX,
            _ => at,
        };
        let before = match self.fault {
            Some(Fault::ForgetsEveryNotice) => Timestamp::MAX,
            Some(Fault::ForgetsNothing) => Timestamp::EPOCH,
            _ => before,
        };
        self.inner.forget_mails(at, before).await
    }
}
