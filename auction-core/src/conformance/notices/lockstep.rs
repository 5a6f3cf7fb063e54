//! Random runs, against the store and the reference backend.

use super::scene::{BOTH, BY_MAIL, IN_APP, Stage, at, auction, claim, facts, letter, user};
use super::{Counter, Mailroom};
use crate::conformance::checks::{Deviation, Verdict, same};
use crate::memory::{MemoryNotices, SeededEntropy};
use crate::notify::{
    Audience, MailClass, MailEnd, MailId, MailState, NewNotice, NewRound, NoticeId, NoticeKind, Plan,
    Position, Preferences, RoundId, RoundPage,
};
use crate::ports::{InboxPage, OutboxStore as _, RelayStore as _};
use std::fmt::Debug;

const SEED: u64 = 41;
const STEPS: u32 = 300;
/// More than there ever are: which secrets a claim of a few gives up is up to the store.
const MAILS_MAX: usize = 1_000;
const AUCTIONS: u64 = 3;
const PEOPLE: u64 = 4;
const KINDS: [NoticeKind; 4] =
    [NoticeKind::Outbid, NoticeKind::Extended, NoticeKind::Started, NoticeKind::EndingSoon];

/// What is answered, as a text: failures are told as such.
async fn answers(store: &dyn Mailroom, deed: &Deed) -> Result<String, Deviation> {
    fn text(answer: impl Debug) -> String {
        format!("{answer:?}")
    }
    Ok(match deed {
        Deed::Plan(plans) => text(store.plan(plans).await?),
        Deed::ClaimRounds(now, token) => text(store.claim_rounds(&claim(*now, *token, 2)).await?),
        Deed::Call(page) => text(store.call(page).await?),
        Deed::Post(name, class, now) => text(store.post(&letter(name, *class, *now)).await?),
        Deed::ClaimMails(now, token) => text(store.claim_mails(&claim(*now, *token, MAILS_MAX)).await?),
        Deed::Settle(token, ends) => text(store.settle_mails(*token, ends).await?),
        Deed::Revive(mail, now) => text(store.revive(*mail, at(*now)).await?),
        Deed::Read(person, notice) => text(store.read_notice(user(*person), *notice).await?),
        Deed::ReadAll(person) => text(store.read_all_notices(user(*person)).await?),
        Deed::Prefer(person, chosen) => text(store.prefer(user(*person), chosen).await?),
    })
}

/// Something that is asked of both stores.
#[derive(Debug)]
enum Deed {
    Plan(Vec<Plan>),
    ClaimRounds(u32, u64),
    Call(RoundPage),
    Post(String, MailClass, u32),
    ClaimMails(u32, u64),
    Settle(u64, Vec<(MailId, MailEnd)>),
    Revive(MailId, u32),
    Read(u64, NoticeId),
    ReadAll(u64),
    Prefer(u64, Preferences),
}

/// In a store that is empty at first, so that both give the same numbers.
pub(super) async fn random_runs_are_in_step_with_the_reference(counter: &dyn Counter) -> Verdict {
    let stage = Stage::open(counter).await?;
    let reference = MemoryNotices::new();
    let mut chance = Chance { numbers: SeededEntropy::new(SEED), now: 100, version: 0 };
    for step in 0..STEPS {
        let deed = chance.deed(&reference).await?;
        let store = if step % 2 == 0 { &stage.here } else { &stage.there };
        let (found, expected) = (answers(&**store, &deed).await?, answers(&reference, &deed).await?);
        same(&format!("step {step}: {deed:?}"), found, expected)?;
        let (found, expected) = (view(&*stage.there).await?, view(&reference).await?);
        same(&format!("what stands there after step {step}: {deed:?}"), found, expected)?;
    }
    Ok(())
}

/// Everything that can be seen without changing it.
async fn view(store: &dyn Mailroom) -> Result<String, Deviation> {
    let auctions: Vec<_> = (1..=AUCTIONS).map(auction).collect();
    let people: Vec<_> = (1..=PEOPLE).map(user).collect();
    let mut seen = format!("{:?}", store.positions(&auctions).await?);
    seen.push_str(&format!("{:?}", store.preferences(&people).await?));
    seen.push_str(&format!("{:?}", store.inbox_heads(&people).await?));
    for person in people {
        seen.push_str(&format!("{:?}", store.inbox(person, InboxPage::Before(None), 20).await?));
        seen.push_str(&format!("{:?}", store.count_notices(person).await?));
    }
    for state in MailState::ALL {
        seen.push_str(&format!("{:?}", store.mails(state, None, 50).await?));
    }
    seen.push_str(&format!("{:?} {:?}", store.next_mail().await?, store.next_round().await?));
    Ok(seen)
}

struct Chance {
    numbers: SeededEntropy,
    now: u32,
    /// What happened last, of all auctions: occurrences only grow.
    version: u64,
}

impl Chance {
    fn below(&self, bound: u64) -> u64 {
        self.numbers.below(bound)
    }

    fn one_of<T: Copy>(&self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }

    async fn deed(&mut self, reference: &MemoryNotices) -> Result<Deed, Deviation> {
        self.now += u32::try_from(self.below(20)).unwrap_or(0);
        let (token, person) = (self.below(4), self.below(PEOPLE) + 1);
        let waiting = reference.mails(MailState::Waiting, None, 50).await?;
        Ok(match self.below(12) {
            0..=3 => Deed::Plan(self.plans(reference).await?),
            4 => Deed::ClaimRounds(self.now, token),
            5 => Deed::Call(RoundPage {
                round: RoundId(self.below(20) + 1),
                token,
                notices: (0..self.below(4)).map(|_| self.notice(1)).collect(),
                called_up_to: (self.below(2) == 0).then(|| user(person)),
            }),
            6 => {
                let class = self.one_of(&[MailClass::Notice, MailClass::Secret]);
                Deed::Post(format!("mail{}", self.numbers.next()), class, self.now)
            }
            7 => Deed::ClaimMails(self.now, token),
            8 => Deed::Settle(token, waiting.iter().map(|mail| (mail.id, self.end())).collect()),
            9 => Deed::Revive(MailId(self.below(30) + 1), self.now),
            10 => match self.below(2) {
                0 => Deed::ReadAll(person),
                _ => Deed::Read(person, NoticeId(self.below(60) + 1)),
            },
            _ => {
                let channels = self.one_of(&[BOTH, BY_MAIL, IN_APP]);
                Deed::Prefer(person, Preferences::default().with(self.one_of(&KINDS), channels))
            }
        })
    }

    async fn plans(&mut self, reference: &MemoryNotices) -> Result<Vec<Plan>, Deviation> {
        let mut plans = Vec::new();
        for _ in 0..=self.below(3) {
            let number = self.below(AUCTIONS) + 1;
            let known = reference.positions(&[auction(number)]).await?;
            let before = known.first().map_or(0, |known| known.revision) + u64::from(self.below(8) == 0);
            self.version += 1;
            plans.push(Plan {
                auction: auction(number),
                before,
                after: Position { revision: before + 1, leader: (self.below(2) == 0).then(|| user(1)) },
                notices: (0..self.below(5)).map(|_| self.notice(number)).collect(),
                rounds: (0..self.below(2)).map(|_| self.round()).collect(),
                dropped: (0..self.below(2)).map(|_| self.one_of(&KINDS)).collect(),
            });
        }
        Ok(plans)
    }

    fn notice(&self, number: u64) -> NewNotice {
        let kind = self.one_of(&KINDS);
        let occurrence = if kind.collapses() { self.version } else { self.below(3) };
        NewNotice {
            user: user(self.below(PEOPLE) + 1),
            auction: auction(number),
            kind,
            occurrence,
            facts: facts(i64::from(self.now)),
            at: at(self.now),
            channels: self.one_of(&[BOTH, BOTH, BY_MAIL, IN_APP]),
        }
    }

    fn round(&self) -> NewRound {
        NewRound {
            kind: self.one_of(&KINDS),
            occurrence: self.below(2),
            audience: self.one_of(&[Audience::Participants, Audience::Bidders, Audience::Onlookers]),
            except: (self.below(2) == 0).then(|| user(2)),
            facts: facts(7),
            due_at: at(self.now + u32::try_from(self.below(30)).unwrap_or(0)),
        }
    }

    fn end(&self) -> MailEnd {
        let (due_at, reason) = (at(self.now + 5), "why".to_owned());
        match self.below(5) {
            0 => MailEnd::Sent,
            1 => MailEnd::Dropped,
            2 => MailEnd::Later { due_at, reason },
            3 => MailEnd::Untried { due_at },
            _ => MailEnd::Dead { reason },
        }
    }
}
