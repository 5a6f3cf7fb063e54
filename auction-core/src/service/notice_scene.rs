//! What the tests of relay and courier share: a house with an auction room, inboxes, and a mailer and stores with
//! faults.

use super::closing::{Closing, Settings as ClosingSettings};
use super::courier::{Courier, CourierParts, Settings};
use super::desk::{Desk, Reply, Request};
use super::relay::{Relay, RelayParts};
use super::scene::{SoloDesk, noon, shard, user};
use super::{Wake, lock};
use crate::auction::{Action, BidderFacts, Command};
use crate::id::{AuctionId, UserId};
use crate::identity::{Email, SealKey};
use crate::memory::{ManualClock, MemoryNotices, MemoryStore, SeededEntropy};
use crate::notify::{
    Audience, LeadTimes, MailEnd, MailId, MailReport, MailState, Notice, NoticeKind, OutgoingMail, Plan,
    Position, Preferences, Round, RoundPage,
};
use crate::ports::{
    AuctionStore, Clock, Directory, Failure, FailureKind, InboxPage, InboxStore, Letter, Mail, Mailer,
    NoticeListener, OutboxStore, Recipient, RelayStore, Roll, RowClaim, Unsent, UnsentKind,
};
use crate::time::{Span, Timestamp};
use async_lock::Mutex as AsyncMutex;
use async_trait::async_trait;
use pollster::block_on;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A house on memory, with a clock that stands still.
pub(super) struct House {
    pub(super) store: Arc<MemoryStore>,
    pub(super) notices: Arc<MemoryNotices>,
    pub(super) shaky: Arc<Shaky>,
    pub(super) mailer: Arc<FaultyMailer>,
    pub(super) listener: Arc<Heard>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) relay: Relay,
    pub(super) courier: Courier,
    closing: Closing,
    desk: SoloDesk,
    seed: u64,
}

impl House {
    pub(super) fn new(seed: u64) -> Self {
        let (store, notices) = (Arc::new(MemoryStore::new()), Arc::new(MemoryNotices::new()));
        let clock = Arc::new(ManualClock::new(noon(0).before(Span::from_secs(7_200))));
        let shaky = Arc::new(Shaky::new(Arc::clone(&notices), seed));
        let mailer = Arc::new(FaultyMailer::new(seed));
        let listener = Arc::new(Heard::default());
        let desk = SoloDesk(AsyncMutex::new(shard(&store, seed)));
        let closing = Closing::new(store.clone(), ClosingSettings::default());
        let relay = Relay::new(relay_parts(&store, &shaky, &listener, &clock, seed));
        let courier = Courier::new(courier_parts(&store, &shaky, &mailer, &clock, seed));
        Self { store, notices, shaky, mailer, listener, clock, relay, courier, closing, desk, seed }
    }

    /// A house in which others write, too: its relay finds only what happened lately.
    pub(super) fn among_others(seed: u64) -> Self {
        let mut house = Self::new(seed);
        let parts = relay_parts(&house.store, &house.shaky, &house.listener, &house.clock, seed);
        house.relay = Relay::new(RelayParts { roll: Arc::new(Lately(house.store.clone())), ..parts });
        house
    }

    /// The processes of relay and courier are started anew.
    pub(super) fn restart(&mut self) {
        self.seed += 1_000;
        let Self { store, shaky, listener, mailer, clock, seed, .. } = self;
        self.relay = Relay::new(relay_parts(store, shaky, listener, clock, *seed));
        self.courier = Courier::new(courier_parts(store, shaky, mailer, clock, *seed));
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn submit(&self, requests: Vec<Request>) -> Vec<Reply> {
        block_on(self.desk.submit(requests))
    }

    pub(super) fn join(&self, auction: AuctionId, users: impl IntoIterator<Item = u64>) {
        let now = self.now();
        let join = |number| Request {
            auction,
            command: Command::of(user(number), now, Action::Join),
            facts: BidderFacts::VERIFIED,
            key: None,
        };
        for reply in self.submit(users.into_iter().map(join).collect()) {
            reply.unwrap();
        }
    }

    /// Opens and closes what is due.
    pub(super) fn close(&self) {
        while block_on(self.closing.tick(self.now(), self.now(), &self.desk)).unwrap() == Wake::Now {}
    }

    pub(super) fn relay_tick(&self) -> Wake {
        block_on(self.relay.tick(self.now())).unwrap()
    }

    pub(super) fn courier_tick(&self) -> Wake {
        block_on(self.courier.tick(self.now())).unwrap()
    }

    /// Runs the relay until it has nothing more to do within a minute, and moves the clock on as it rests.
    pub(super) fn relay_all(&self) {
        run(&self.clock, || self.relay_tick());
    }

    /// Runs the courier until nothing waits within a minute.
    pub(super) fn courier_all(&self) {
        run(&self.clock, || self.courier_tick());
    }

    pub(super) fn inbox(&self, number: u64) -> Vec<Notice> {
        block_on(self.notices.inbox(user(number), InboxPage::Before(None), usize::MAX)).unwrap()
    }

    /// The kinds of notices in an inbox, oldest first.
    pub(super) fn kinds(&self, number: u64) -> Vec<&'static str> {
        self.inbox(number).iter().rev().map(|notice| notice.kind.name()).collect()
    }

    pub(super) fn reports(&self, state: MailState) -> Vec<MailReport> {
        block_on(self.notices.mails(state, None, usize::MAX)).unwrap()
    }
}

/// Ticks until a worker wants to rest for longer than a few seconds.
fn run(clock: &ManualClock, tick: impl Fn() -> Wake) {
    let mut budget = 10_000;
    let until = clock.now().after(Span::from_secs(4));
    loop {
        budget -= 1;
        assert!(budget > 0, "it never rests");
        match tick() {
            Wake::Now => {}
            Wake::At(time) if time <= until => clock.set(time.max(clock.now())),
            Wake::At(_) | Wake::Idle => return,
        }
    }
}

pub(super) fn seal_key() -> Arc<SealKey> {
    Arc::new(SealKey::derive(b"a secret of the house"))
}

fn relay_parts(
    store: &Arc<MemoryStore>,
    shaky: &Arc<Shaky>,
    listener: &Arc<Heard>,
    clock: &Arc<ManualClock>,
    seed: u64,
) -> RelayParts {
    RelayParts {
        store: shaky.clone(),
        auctions: store.clone(),
        catalog: store.clone(),
        roll: store.clone(),
        listener: listener.clone(),
        entropy: Arc::new(SeededEntropy::new(seed)),
        clock: clock.clone(),
        mail_waits: Arc::new(|| ()),
        lead_times: LeadTimes::default(),
    }
}

fn courier_parts(
    store: &Arc<MemoryStore>,
    shaky: &Arc<Shaky>,
    mailer: &Arc<FaultyMailer>,
    clock: &Arc<ManualClock>,
    seed: u64,
) -> CourierParts {
    CourierParts {
        outbox: shaky.clone(),
        auctions: store.clone(),
        directory: Arc::new(Everybody),
        mailer: mailer.clone(),
        entropy: Arc::new(SeededEntropy::new(seed + 1)),
        clock: clock.clone(),
        seal_key: seal_key(),
        site_url: "https://site.example/".into(),
        settings: Settings::default(),
    }
}

/// A roll that lists nothing but what happened lately.
struct Lately(Arc<MemoryStore>);

#[async_trait]
impl Roll for Lately {
    async fn revisions(&self, _: Option<AuctionId>, _: usize) -> Result<Vec<(AuctionId, u64)>, Failure> {
        Ok(Vec::new())
    }

    async fn recent(
        &self,
        since: Timestamp,
        until: Timestamp,
        after: Option<AuctionId>,
        rows_max: usize,
    ) -> Result<Option<Vec<(AuctionId, u64)>>, Failure> {
        let mut found = Vec::new();
        for (auction, revision) in self.0.revisions(after, usize::MAX).await? {
            let history = self.0.history(auction, 0, usize::MAX).await?;
            if found.len() < rows_max && history.iter().any(|event| (since..until).contains(&event.at)) {
                found.push((auction, revision));
            }
        }
        Ok(Some(found))
    }

    async fn audience(
        &self,
        auction: AuctionId,
        audience: Audience,
        after: Option<UserId>,
        rows_max: usize,
    ) -> Result<Vec<UserId>, Failure> {
        self.0.audience(auction, audience, after, rows_max).await
    }
}

/// The user who has no address.
pub(super) const UNREACHABLE: u64 = 66;

struct Everybody;

#[async_trait]
impl Directory for Everybody {
    async fn recipients(&self, users: &[UserId]) -> Result<Vec<Option<Recipient>>, Failure> {
        let recipient = |user: &UserId| Recipient { email: address(user.number()), name: String::new() };
        let reachable = |user: &UserId| (user.number() != UNREACHABLE).then(|| recipient(user));
        Ok(users.iter().map(reachable).collect())
    }
}

pub(super) fn address(number: u64) -> Email {
    Email::parse(&format!("user{number}@example.com")).unwrap()
}

/// How many notices were passed on at a time.
#[derive(Default)]
pub(super) struct Heard(pub(super) Mutex<Vec<Vec<Notice>>>);

impl NoticeListener for Heard {
    fn noticed(&self, notices: &[Notice]) {
        lock(&self.0).push(notices.to_vec());
    }
}

/// A mailer that fails as it is told, and else by chance.
pub(super) struct FaultyMailer {
    chance: SeededEntropy,
    /// Of a hundred mails so many fail.
    pub(super) faults_percent: AtomicU64,
    /// What becomes of the next ones.
    pub(super) next: Mutex<VecDeque<Option<UnsentKind>>>,
    /// What arrived.
    pub(super) arrived: Mutex<Vec<Mail>>,
    /// Of which mails nobody knows whether they arrived, and how often.
    pub(super) doubts: Mutex<BTreeMap<String, u64>>,
    pub(super) tries: AtomicU64,
}

impl FaultyMailer {
    fn new(seed: u64) -> Self {
        Self {
            chance: SeededEntropy::new(seed ^ 0xFA17),
            faults_percent: AtomicU64::new(0),
            next: Mutex::default(),
            arrived: Mutex::default(),
            doubts: Mutex::default(),
            tries: AtomicU64::new(0),
        }
    }

    fn fault(&self) -> Option<UnsentKind> {
        if let Some(told) = lock(&self.next).pop_front() {
            return told;
        }
        let percent = self.faults_percent.load(Ordering::SeqCst);
        let kinds = [UnsentKind::Down, UnsentKind::Later, UnsentKind::Unknown, UnsentKind::Never];
        // Few are refused for good.
        let kind = kinds[usize::try_from(self.chance.below(31)).unwrap() / 10];
        (self.chance.below(100) < percent).then_some(kind)
    }

    /// To whom what arrived, by subject.
    pub(super) fn letters(&self) -> Vec<(String, String)> {
        let arrived = lock(&self.arrived);
        let mut letters: Vec<_> =
            arrived.iter().map(|mail| (mail.to.typed().to_owned(), mail.subject.clone())).collect();
        letters.sort();
        letters
    }
}

#[async_trait]
impl Mailer for FaultyMailer {
    async fn send(&self, mail: &Mail) -> Result<(), Unsent> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        let fault = self.fault();
        if fault == Some(UnsentKind::Unknown) {
            *lock(&self.doubts).entry(mail.id.clone()).or_default() += 1;
        }
        if fault.is_none() || (fault == Some(UnsentKind::Unknown) && self.chance.below(2) == 0) {
            lock(&self.arrived).push(mail.clone());
        }
        fault.map_or(Ok(()), |kind| Err(Unsent::new(kind, failure("send"))))
    }
}

fn failure(operation: &'static str) -> Failure {
    Failure { kind: FailureKind::Unavailable, operation, source: None }
}

/// Stores that fail by chance: before anything is written, or after everything was.
pub(super) struct Shaky {
    inner: Arc<MemoryNotices>,
    chance: SeededEntropy,
    /// Of a hundred calls so many fail.
    pub(super) faults_percent: AtomicU64,
    message_ids: Mutex<BTreeMap<MailId, String>>,
    /// Of which mails it was not written that they were sent, and how often.
    pub(super) unsettled: Mutex<BTreeMap<String, u64>>,
}

impl Shaky {
    fn new(inner: Arc<MemoryNotices>, seed: u64) -> Self {
        Self {
            inner,
            chance: SeededEntropy::new(seed ^ 0x5AA),
            faults_percent: AtomicU64::new(0),
            message_ids: Mutex::default(),
            unsettled: Mutex::default(),
        }
    }

    fn fails(&self) -> bool {
        self.chance.below(200) < self.faults_percent.load(Ordering::SeqCst)
    }

    fn before(&self) -> Result<(), Failure> {
        if self.fails() { Err(failure("before")) } else { Ok(()) }
    }

    fn after<T>(&self, answer: T) -> Result<T, Failure> {
        if self.fails() { Err(failure("after")) } else { Ok(answer) }
    }
}

#[async_trait]
impl RelayStore for Shaky {
    async fn positions(&self, auctions: &[AuctionId]) -> Result<Vec<Position>, Failure> {
        self.before()?;
        self.inner.positions(auctions).await
    }

    async fn plan(&self, plans: &[Plan]) -> Result<Vec<Option<Vec<Notice>>>, Failure> {
        self.before()?;
        self.after(self.inner.plan(plans).await?)
    }

    async fn claim_rounds(&self, claim: &RowClaim) -> Result<Vec<Round>, Failure> {
        self.before()?;
        self.after(self.inner.claim_rounds(claim).await?)
    }

    async fn call(&self, page: &RoundPage) -> Result<Option<Vec<Notice>>, Failure> {
        self.before()?;
        self.after(self.inner.call(page).await?)
    }

    async fn next_round(&self) -> Result<Option<Timestamp>, Failure> {
        self.before()?;
        self.inner.next_round().await
    }

    async fn preferences(&self, users: &[UserId]) -> Result<Vec<Preferences>, Failure> {
        self.before()?;
        self.inner.preferences(users).await
    }
}

#[async_trait]
impl OutboxStore for Shaky {
    async fn post(&self, letter: &Letter) -> Result<MailId, Failure> {
        self.inner.post(letter).await
    }

    async fn claim_mails(&self, claim: &RowClaim) -> Result<Vec<OutgoingMail>, Failure> {
        self.before()?;
        let claimed = self.inner.claim_mails(claim).await?;
        let ids = claimed.iter().map(|mail| (mail.id, mail.message_id.clone()));
        lock(&self.message_ids).extend(ids);
        self.after(claimed)
    }

    async fn settle_mails(&self, token: u64, ends: &[(MailId, MailEnd)]) -> Result<(), Failure> {
        if let Err(failure) = self.before() {
            for (id, _) in ends {
                let message_id = lock(&self.message_ids).get(id).cloned().unwrap();
                *lock(&self.unsettled).entry(message_id).or_default() += 1;
            }
            return Err(failure);
        }
        self.inner.settle_mails(token, ends).await?;
        self.after(())
    }

    async fn next_mail(&self) -> Result<Option<Timestamp>, Failure> {
        self.before()?;
        self.inner.next_mail().await
    }

    async fn mails(
        &self,
        state: MailState,
        before: Option<MailId>,
        rows_max: usize,
    ) -> Result<Vec<MailReport>, Failure> {
        self.inner.mails(state, before, rows_max).await
    }

    async fn count_mails(&self) -> Result<Vec<(MailState, u64)>, Failure> {
        self.inner.count_mails().await
    }

    async fn revive(&self, mail: MailId, at: Timestamp) -> Result<bool, Failure> {
        self.inner.revive(mail, at).await
    }

    async fn forget_mails(&self, at: Timestamp, before: Timestamp) -> Result<(), Failure> {
        self.inner.forget_mails(at, before).await
    }
}

/// How many notices of a kind stand among some.
pub(super) fn count(notices: &[Notice], kind: NoticeKind) -> usize {
    notices.iter().filter(|notice| notice.kind == kind).count()
}
