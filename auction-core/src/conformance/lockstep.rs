//! Random runs, on the store and on the reference backend.

use super::checks::{Deviation, Verdict, holds, same};
use super::place::Place;
use super::scene::{Pending, Scene, act_keyed, at, batch, bidder, charter_of, key, lot, minor};
use crate::auction::{Action, Actor, Auction, Bid, BidderFacts, Command, Saleroom};
use crate::id::{AuctionId, BidId, UserId};
use crate::memory::{MemoryStore, SeededEntropy};
use crate::money::Currency;
use crate::ports::{
    AuctionStore, Claim, CommitId, CommitResult, Found, IdempotencyKey, NewAuction, Receipt, ReceiptKey,
    Timetable, Wanted,
};
use crate::time::{Span, Timestamp};
use std::sync::Arc;

/// Each seed is a run of its own; a failure names it.
const SEEDS: [u64; 3] = [1, 20_260_101, 0xDEAD_BEEF];
/// How many steps a run has.
const STEPS: u32 = 120;
const AUCTIONS_MAX: usize = 6;
const BIDDERS: u64 = 5;

const TERMS: [&str; 3] = [
    r#"{"participation":"open","first_bid":"at_least","closing":{"kind":"reset","window_s":120,"trigger":"any_accepted"}}"#,
    r#"{"participation":"join","join_until":"end","reserve":"90","proxy":{"lower_max":"down_to_visible"}}"#,
    r#"{"participation":"open","increments":{"kind":"fixed","step":"5"},"buy_now":{"price":"400","rule":"always"}}"#,
];

/// An auction in both stores: the same but for its number.
struct Pair {
    here: Saleroom,
    there: Saleroom,
    /// Earlier versions, for commits that come too late.
    before: Option<(Saleroom, Saleroom)>,
}

struct Run {
    scene: Scene,
    reference: MemoryStore,
    chance: SeededEntropy,
    pairs: Vec<Pair>,
    commits: Vec<CommitId>,
    /// Of which pair, by whom, and under which key something was sent, whatever became of it.
    sent: Vec<(usize, UserId, IdempotencyKey)>,
    now: Timestamp,
}

/// The same creations, commits, claims and questions have the same answers, whatever they are.
pub(super) async fn random_runs_are_in_step_with_the_reference(place: &dyn Place) -> Verdict {
    // The runs share the place, so that each starts among what the ones before have left.
    let mut scene = Scene::open(place).await?;
    let mut left = Vec::new();
    for seed in SEEDS {
        let mut run = Run {
            scene,
            reference: MemoryStore::new(),
            chance: SeededEntropy::new(seed),
            pairs: Vec::new(),
            commits: Vec::new(),
            sent: Vec::new(),
            now: at(0),
        };
        for step in 0..STEPS {
            let verdict = run.step().await;
            verdict.map_err(|deviation| Deviation::new(format!("seed {seed}, step {step}: {deviation}")))?;
        }
        run.finish().await?;
        left.extend(run.pairs.into_iter().map(|pair| pair.here));
        scene = run.scene;
    }
    scene.states_are(&left.iter().collect::<Vec<_>>()).await
}

impl Run {
    async fn step(&mut self) -> Verdict {
        self.now = self.now.after(Span::from_micros(u32::try_from(self.below(40_000_000)).unwrap_or(0) + 1));
        match self.below(12) {
            0 | 1 if self.pairs.len() < AUCTIONS_MAX => self.create().await,
            0..=6 => self.commit().await,
            7 => self.claim().await,
            8 => self.history().await,
            9 => self.fate().await,
            _ => self.load().await,
        }
    }

    fn below(&self, bound: u64) -> u64 {
        self.chance.below(bound)
    }

    fn pick(&self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    fn commit_id(&mut self) -> CommitId {
        let id = CommitId(u128::from(self.chance.next()) << 64 | u128::from(self.chance.next()));
        self.commits.push(id);
        id
    }

    async fn create(&mut self) -> Verdict {
        let start = self.now.after(Span::from_micros(u32::try_from(self.below(60_000_000)).unwrap_or(0) + 7));
        let end = start.after(Span::from_secs(600)).after(Span::from_micros(13));
        let terms = TERMS[self.pick(TERMS.len())];
        let charter = charter_of(terms, Currency::USD, minor(1_000), start, end)?;
        let (at, draft) = (self.now, self.below(4) == 0);
        let new =
            NewAuction { commit: self.commit_id(), charter: Arc::new(charter), listing: lot(), draft, at };
        let here = self.scene.store.create(&new).await?;
        let there = self.reference.create(&new).await?;
        let make = if draft { Saleroom::draft } else { Saleroom::open };
        let room = |auction: &Auction| make(auction.id(), new.charter.as_ref().clone(), at);
        self.pairs.push(Pair { here: room(&here), there: room(&there), before: None });
        same("a creation", self.there(here), there)
    }

    /// A few commands for a few auctions; now and then some that come too late.
    async fn commit(&mut self) -> Verdict {
        let (mut here, mut there, mut moved) = (Vec::new(), Vec::new(), Vec::new());
        for index in 0..self.pairs.len() {
            if self.below(2) == 0 {
                continue;
            }
            let is_late = self.below(6) == 0;
            let pair = &self.pairs[index];
            let rooms = (pair.here.clone(), pair.there.clone());
            let (mut one, mut other) = match (&pair.before, is_late) {
                (Some(before), true) => before.clone(),
                _ => rooms.clone(),
            };
            let commands = self.commands(&one);
            let entry = act_keyed(&mut one, &commands)?;
            let reference = act_keyed(&mut other, &commands)?;
            if entry.events.is_empty() {
                continue;
            }
            self.sent.extend(entry.receipts.iter().map(|(key, _)| (index, key.user, key.key)));
            here.push(entry);
            there.push(reference);
            moved.push((index, rooms, (one, other)));
        }
        if here.is_empty() {
            return Ok(());
        }
        let id = self.commit_id();
        let results = self.write(id, here, there).await?;
        for ((index, rooms, (one, other)), result) in moved.into_iter().zip(results) {
            if result == CommitResult::Committed {
                self.pairs[index] = Pair { here: one, there: other, before: Some(rooms) };
            }
        }
        self.due().await
    }

    /// Writes to both, now and then under a lock.
    async fn write(
        &self,
        id: CommitId,
        here: Vec<Pending>,
        there: Vec<Pending>,
    ) -> Result<Vec<CommitResult>, Deviation> {
        let (here, there) = (batch(id, here), batch(id, there));
        let (found, expected) = match (here.entries(), there.entries()) {
            ([one], [other]) if self.below(2) == 0 => {
                let one = self.scene.store.lock(one.auction().id()).await?.commit(&here).await?;
                (vec![one], vec![self.reference.lock(other.auction().id()).await?.commit(&there).await?])
            }
            _ => (self.scene.store.commit(&here).await?, self.reference.commit(&there).await?),
        };
        same("a commit", found.clone(), expected)?;
        Ok(found)
    }

    /// Up to four commands that the rules accept, one after the other.
    fn commands(&self, room: &Saleroom) -> Vec<(Command, Option<IdempotencyKey>)> {
        let mut room = room.clone();
        let mut commands = Vec::new();
        for _ in 0..=self.below(4) {
            let user = bidder(self.below(BIDDERS) + 1);
            let next = room.auction().minimum_bid().map_or(1, |minimum| minimum.minor());
            let amount = i64::try_from(self.below(3_000)).unwrap_or(0) + next;
            let amount = minor(amount).to_decimal(Currency::USD);
            let (by, action) = match self.below(16) {
                0..=4 => (Actor::User(user), Action::Bid(Bid::straight(amount))),
                5..=9 => (Actor::User(user), Action::Bid(Bid::maximum(amount))),
                10 => (Actor::User(user), Action::Join),
                11 => (Actor::System, Action::Pause),
                12 => (Actor::System, Action::Resume),
                13 => (Actor::System, Action::Publish),
                14 if self.below(8) == 0 => (Actor::System, Action::Cancel),
                _ => (Actor::System, Action::Advance),
            };
            let command = Command { at: self.now, by, action };
            if room.handle(&BidderFacts::STAFF, &command).is_ok_and(|events| !events.is_empty()) {
                // A key is never written twice: whoever sends it again is answered with the receipt.
                commands.push((command, Some(key(&format!("key-{:x}", self.chance.next())))));
            }
        }
        commands
    }

    async fn claim(&self) -> Verdict {
        let due_by = self.now.after(Span::from_secs(u32::try_from(self.below(300)).unwrap_or(0)));
        let claim = Claim { now: self.now, due_by, lease: Span::from_secs(90), auctions_max: self.pick(4) };
        let found = self.scene.store.claim(&claim).await?;
        let found: Vec<_> = found.into_iter().map(|id| self.number_there(id)).collect();
        same("a claim", found, self.reference.claim(&claim).await?)?;
        self.due().await
    }

    async fn due(&self) -> Verdict {
        same("what is next due", self.scene.store.next_due().await?, self.reference.next_due().await?)
    }

    async fn history(&self) -> Verdict {
        let Some(pair) = self.some() else { return Ok(()) };
        let (after, events_max) = (self.below(30), self.pick(20));
        let found = self.scene.store.history(pair.here.auction().id(), after, events_max).await?;
        let expected = self.reference.history(pair.there.auction().id(), after, events_max).await?;
        same(&format!("{events_max} events after {after}"), found, expected)
    }

    /// What became of the commits so far.
    async fn fate(&self) -> Verdict {
        let Some(pair) = self.some() else { return Ok(()) };
        let mut here = self.scene.store.lock(pair.here.auction().id()).await?;
        let mut there = self.reference.lock(pair.there.auction().id()).await?;
        for (id, later) in self.commits.iter().rev().take(10).zip((3..).step_by(3)) {
            for after in [0, later] {
                let expected = there.committed(*id, after).await?;
                let found = here.committed(*id, after).await?;
                same(&format!("whether {id:?} is found after {after}"), found, expected)?;
            }
        }
        Ok(())
    }

    async fn load(&self) -> Verdict {
        let mut here = Wanted::default();
        let mut there = Wanted::default();
        for _ in 0..self.below(8) {
            let user = bidder(self.below(BIDDERS) + 1);
            let Some((index, by, key)) = self.sent.get(self.pick(self.sent.len())) else { break };
            let Some(pair) = self.some() else { break };
            let (one, other) = (pair.here.auction().id(), pair.there.auction().id());
            for (wanted, auction) in [(&mut here, one), (&mut there, other)] {
                wanted.auctions.push(auction);
                wanted.standings.push((auction, user));
                wanted.receipts.push(ReceiptKey { auction, user, key: *key });
            }
            let (one, other) =
                (self.pairs[*index].here.auction().id(), self.pairs[*index].there.auction().id());
            here.receipts.push(ReceiptKey { auction: one, user: *by, key: *key });
            there.receipts.push(ReceiptKey { auction: other, user: *by, key: *key });
        }
        if here.is_empty() {
            return Ok(());
        }
        let found = self.scene.store.load(&here).await?;
        let found = Found {
            auctions: found.auctions.into_iter().map(|state| state.map(|state| self.there(state))).collect(),
            receipts: found
                .receipts
                .into_iter()
                .map(|receipt| receipt.map(|receipt| self.receipt_there(receipt)))
                .collect(),
            ..found
        };
        same("what is read", found, self.reference.load(&there).await?)
    }

    /// Everything of every auction, and all that is due is claimed and ended, so that the next run starts with
    /// nothing due.
    async fn finish(&mut self) -> Verdict {
        for pair in &self.pairs {
            self.scene.all_is(&pair.here).await?;
        }
        for index in 0..self.pairs.len() {
            let id = self.commit_id();
            let pair = &mut self.pairs[index];
            let now = self.now;
            let cancel = [(Command { at: now, by: Actor::System, action: Action::Cancel }, None)];
            let is_over = pair.here.clone().handle(&BidderFacts::STAFF, &cancel[0].0).is_err();
            if !is_over {
                let here = act_keyed(&mut pair.here, &cancel)?;
                let there = act_keyed(&mut pair.there, &cancel)?;
                let results = self.write(id, vec![here], vec![there]).await?;
                same("a cancellation", results, vec![CommitResult::Committed])?;
            }
        }
        self.due().await?;
        holds("the case itself is wrong: a run without auctions", !self.pairs.is_empty())
    }

    fn some(&self) -> Option<&Pair> {
        self.pairs.get(self.pick(self.pairs.len()))
    }

    /// The number that an auction of the store has in the reference; its own where it is none of this run.
    fn number_there(&self, id: AuctionId) -> AuctionId {
        let pair = self.pairs.iter().find(|pair| pair.here.auction().id() == id);
        pair.map_or(id, |pair| pair.there.auction().id())
    }

    fn there(&self, auction: Auction) -> Auction {
        Auction { id: self.number_there(auction.id()), ..auction }
    }

    fn receipt_there(&self, mut receipt: Receipt) -> Receipt {
        let auction = self.number_there(receipt.answer.auction);
        receipt.answer.auction = auction;
        receipt.answer.row = receipt.answer.row.and_then(|row| BidId::of(auction, row.version()).ok());
        receipt
    }
}
