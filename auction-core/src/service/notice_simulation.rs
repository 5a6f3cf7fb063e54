//! A whole house under faults: people bid, auctions open and close, mails are refused, lost and doubted, stores fail
//! before and after they wrote, and relay and courier die at any call. A failure prints its seed, and the seed alone
//! repeats it.

use super::lock;
use super::notice_scene::{House, count, seal_key};
use super::post::{Outbox, OutboxParts};
use super::scene::{bid, create, log, noon, stored};
use crate::auction::{Event, Phase};
use crate::id::AuctionId;
use crate::memory::SeededEntropy;
use crate::notify::{MailClass, MailState, Notice, NoticeKind};
use crate::ports::{Mail, Mailer};
use crate::time::Span;
use pollster::block_on;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

const SEEDS: u64 = 40;
const PEOPLE: std::ops::Range<u64> = 2..8;
const AUCTIONS: usize = 3;

#[test]
fn nothing_is_lost_and_nothing_is_told_twice_whatever_fails() {
    let mut faults = 0;
    for seed in 0..SEEDS {
        let simulation = Simulation::run(seed);
        faults += lock(&simulation.house.mailer.doubts).len() + lock(&simulation.house.shaky.unsettled).len();
        for auction in &simulation.auctions {
            simulation.check_inboxes(*auction);
        }
        simulation.check_mails();
    }
    assert!(faults > 100, "only {faults} mails were doubted");
}

struct Simulation {
    seed: u64,
    house: House,
    auctions: Vec<AuctionId>,
    secrets: BTreeSet<String>,
}

impl Simulation {
    fn run(seed: u64) -> Self {
        let house = House::new(seed);
        let auctions: Vec<_> = (0..AUCTIONS).map(|_| create(&*house.store)).collect();
        for auction in &auctions {
            house.join(*auction, PEOPLE);
        }
        let mut simulation = Self { seed, house, auctions, secrets: BTreeSet::new() };
        simulation.disturb();
        simulation.heal();
        simulation
    }

    /// From two hours before the start until the end, under faults.
    fn disturb(&mut self) {
        let chance = SeededEntropy::new(self.seed);
        self.house.shaky.faults_percent.store(10, Ordering::SeqCst);
        self.house.mailer.faults_percent.store(30, Ordering::SeqCst);
        while self.house.now() < noon(4_000) {
            let pause = if self.house.now() < noon(3_500) { 60 } else { 5 };
            self.house.clock.advance(Span::from_secs(u32::try_from(chance.below(pause)).unwrap() + 1));
            self.house.close();
            let auction = self.auctions[usize::try_from(chance.below(3)).unwrap()];
            if chance.below(3) > 0 {
                let maximum = (10 + chance.below(2_000)).to_string();
                let bidder = PEOPLE.start + chance.below(PEOPLE.end - PEOPLE.start);
                let _ = self.house.submit(vec![bid(auction, bidder, &maximum, self.house.now())]);
            }
            if chance.below(10) < 7 {
                self.house.relay.note(auction);
            }
            if chance.below(10) == 0 {
                self.post(&format!("secret{}", self.secrets.len()));
            }
            let relayed = block_on(self.house.relay.tick(self.house.now()));
            let sent = block_on(self.house.courier.tick(self.house.now()));
            let is_failed = relayed.is_err() || sent.is_err();
            if is_failed && chance.below(2) == 0 {
                self.house.restart();
            }
        }
    }

    fn post(&mut self, id: &str) {
        let outbox = Outbox::new(OutboxParts {
            store: self.house.notices.clone(),
            seal_key: seal_key(),
            entropy: Arc::new(SeededEntropy::new(self.seed)),
            clock: self.house.clock.clone(),
            mail_waits: Arc::new(|| ()),
        });
        let mail = Mail {
            id: id.to_owned(),
            to: super::notice_scene::address(9),
            subject: String::new(),
            text: String::new(),
            html: None,
            class: MailClass::Secret,
            lifetime: Span::from_secs(180),
        };
        block_on(outbox.send(&mail)).unwrap();
        self.secrets.insert(id.to_owned());
    }

    /// Without faults everything comes to rest.
    fn heal(&self) {
        self.house.shaky.faults_percent.store(0, Ordering::SeqCst);
        self.house.mailer.faults_percent.store(0, Ordering::SeqCst);
        for _ in 0..50 {
            self.house.clock.advance(Span::from_secs(300));
            self.house.close();
            self.house.relay_all();
            self.house.courier_all();
        }
    }

    fn check_inboxes(&self, auction: AuctionId) {
        let seed = self.seed;
        let state = stored(&*self.house.store, auction);
        assert_eq!(state.status().phase(), Phase::Ended, "seed {seed}");
        let log = log(&*self.house.store, auction);
        let has_bid = |number: u64| {
            let by = |event: &Event| matches!(event, Event::Bid { bidder, .. } if bidder.number() == number);
            log.iter().any(|recorded| by(&recorded.event))
        };
        for number in PEOPLE.chain([1]) {
            let notices: Vec<_> =
                self.house.inbox(number).into_iter().filter(|notice| notice.auction == auction).collect();
            let what = format!("seed {seed}, auction {auction}, user {number}: {notices:?}");
            let keys: BTreeSet<_> = notices.iter().map(|notice| (notice.kind, notice.occurrence)).collect();
            assert_eq!(keys.len(), notices.len(), "told twice: {what}");
            let closing = match number {
                1 => NoticeKind::Ended,
                _ if state.leader().is_some_and(|leader| leader.number() == number) => NoticeKind::Won,
                _ if has_bid(number) => NoticeKind::Lost,
                _ => NoticeKind::Ended,
            };
            for kind in [NoticeKind::Ended, NoticeKind::Won, NoticeKind::Lost] {
                assert_eq!(count(&notices, kind), usize::from(kind == closing), "{kind:?}: {what}");
            }
            for kind in [NoticeKind::StartingSoon, NoticeKind::Started, NoticeKind::EndingSoon] {
                assert_eq!(count(&notices, kind), usize::from(number != 1), "{kind:?}: {what}");
            }
            for notice in notices.iter().filter(|notice| notice.kind == NoticeKind::Outbid) {
                self.check_outbid(notice);
            }
        }
    }

    /// Nobody is told of a loss that was none, or was their own doing.
    fn check_outbid(&self, notice: &Notice) {
        let log = log(&*self.house.store, notice.auction);
        let is_loss = log.iter().any(|recorded| {
            recorded.version == notice.occurrence
                && matches!(recorded.event, Event::Bid { bidder, leads: true, .. } if bidder != notice.user)
        });
        assert!(is_loss, "seed {}: {notice:?}", self.seed);
    }

    /// All mails have come to an end; each arrived once, and again only where nobody knew.
    fn check_mails(&self) {
        let (seed, house) = (self.seed, &self.house);
        assert_eq!(house.reports(MailState::Waiting), [], "seed {seed}");
        let mut arrived = BTreeMap::<String, u64>::new();
        for mail in lock(&house.mailer.arrived).iter() {
            *arrived.entry(mail.id.clone()).or_default() += 1;
        }
        let (doubts, unsettled) = (lock(&house.mailer.doubts), lock(&house.shaky.unsettled));
        for (id, times) in &arrived {
            let repeats = if self.secrets.contains(id) {
                0
            } else {
                doubts.get(id).copied().unwrap_or(0) + unsettled.get(id).copied().unwrap_or(0)
            };
            assert!(
                *times <= 1 + repeats,
                "seed {seed}: {id} arrived {times} times, {repeats} repeats explained"
            );
        }
        let dead: BTreeSet<_> = house.reports(MailState::Dead).into_iter().map(|report| report.id).collect();
        let sent = house.reports(MailState::Sent);
        let never = house.reports(MailState::Dead).iter().filter(|report| report.kind.is_some()).count();
        assert!(
            sent.len() > 50 && never < dead.len().max(1) + sent.len() / 10,
            "seed {seed}: {never} refused"
        );
        let closed = [NoticeKind::Won, NoticeKind::Lost, NoticeKind::Ended];
        for number in PEOPLE.chain([1]) {
            for notice in house.inbox(number).iter().filter(|notice| closed.contains(&notice.kind)) {
                let is_dead =
                    house.reports(MailState::Dead).iter().any(|report| report.kind == Some(notice.kind));
                let id = format!("notice{}at{}", notice.id.0, notice.at.micros());
                assert!(arrived.contains_key(&id) || is_dead, "seed {seed}: {notice:?} was not mailed");
            }
        }
    }
}
