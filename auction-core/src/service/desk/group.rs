//! Deciding the commands of a batch that concern one auction.

use super::recording::{Log, recorded};
use super::request::{Refusal, Reply, Request, fingerprint};
use super::slot::Slot;
use super::together::opens;
use crate::auction::{
    Action, BidderFacts, Command, Event, Events, Moves, Outcome, Record, Recorded, Rejection, Standing,
    Terms, decide, decide_with, screen,
};
use crate::id::{BidId, UserId};
use crate::money::Amount;
use crate::ports::{Accepted, Batch, FactsSource, Failure, FailureKind, Receipt, ReceiptKey};
use rustc_hash::FxHashMap;

/// Receipts that were found in the store, and those of this batch.
pub(super) type Receipts = FxHashMap<ReceiptKey, Receipt>;

/// What the commands of a group have made so far. Its lists are used again for the next group.
#[derive(Default)]
pub(super) struct Draft {
    events: Vec<Recorded>,
    receipts: Vec<(ReceiptKey, Receipt)>,
    touched: Vec<UserId>,
}

/// What became of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// Something is to be written.
    pub(super) changed: bool,
    /// Something was refused because of the auction's state.
    pub(super) refused: bool,
}

/// The requests of a batch, what is needed to decide them, and what becomes of them.
pub(super) struct Sitting<'a> {
    pub(super) requests: &'a [Request],
    pub(super) people: Option<&'a dyn FactsSource>,
    /// Where the log of an auction is read that has to be looked at as a whole.
    pub(super) log: &'a mut (dyn Log + 'a),
    pub(super) receipts: Receipts,
    pub(super) draft: &'a mut Draft,
    pub(super) batch: Batch,
    pub(super) replies: &'a mut [Reply],
}

impl Sitting<'_> {
    /// Decides the requests of `members` in order against their auction, answers each, and adds what was accepted
    /// to the batch. The slot is as after the commit. `moves` are those of the group with which it closes.
    pub(super) async fn decide(&mut self, slot: &mut Slot, members: &[u32], moves: Option<&Moves>) -> Tally {
        let before = slot.auction.revision();
        let mut refused = false;
        let mut due_by = None;
        for &member in members {
            let request = &self.requests[member as usize];
            let ends_at = slot.auction.ends_at();
            if moves.is_some_and(|moves| self.follow(slot, moves)) {
                due_by = due_by.or(Some(ends_at));
            }
            let advance;
            let command = match (&request.command.action, due_by) {
                (Action::Advance, Some(due_by)) => {
                    // Bids that came in before the new end may be under way: it is closed when that is due.
                    advance = Command::advance(request.command.at.min(due_by));
                    &advance
                }
                _ => &request.command,
            };
            let mut reply = self.answer(slot, request, command, &request.facts).await;
            if let (Err(Refusal::Rejected { rejection, .. }), Some(people), Some(user)) =
                (&reply, self.people, command.by.user())
                && rejection.rests_on_facts()
            {
                reply = match people.facts(user, request.auction).await {
                    Ok(facts) => self.answer(slot, request, command, &facts).await,
                    Err(failure) => Err(Refusal::Failed(failure.kind)),
                };
            }
            refused |= reply.as_ref().is_err_and(Refusal::rests_on_state);
            self.replies[member as usize] = reply;
            if let (Some(moves), true) = (moves, opens(&command.action)) {
                self.follow(slot, moves);
            }
        }
        let draft = &mut *self.draft;
        let changed = !draft.events.is_empty();
        if changed {
            draft
                .touched
                .extend(draft.events.iter().filter_map(|recorded| recorded.event.moves_standing_of()));
            draft.touched.sort_unstable();
            draft.touched.dedup();
            let standings = &slot.standings;
            self.batch.push(
                before,
                slot.auction.clone(),
                draft.events.drain(..),
                draft.touched.drain(..).map(|user| (user, standings.standing(user))),
                draft.receipts.drain(..),
            );
        }
        Tally { changed, refused }
    }

    /// Answers that what these requests need could not be read.
    pub(super) fn fail(&mut self, members: &[u32], kind: FailureKind) {
        for &member in members {
            self.replies[member as usize] = Err(Refusal::Failed(kind));
        }
    }

    /// Decides a request, on the record of the auction's bids where nothing can be said without it. Who may not act
    /// is refused before that, so that strangers make nobody read a whole history.
    async fn answer(
        &mut self,
        slot: &mut Slot,
        request: &Request,
        command: &Command,
        facts: &BidderFacts,
    ) -> Reply {
        let reply = self.decide_one(slot, request, command, facts, None);
        if !matches!(reply, Err(Refusal::Rejected { rejection: Rejection::RecordMissing, .. })) {
            return reply;
        }
        match self.record(slot, command).await {
            Ok(record) => self.decide_one(slot, request, command, facts, Some(&record)),
            Err(failure) => Err(Refusal::Failed(failure.kind)),
        }
    }

    /// The bids that stand: those that are stored, and those that this batch has made. Whose bids are to be struck,
    /// and is not the one who acts, has their standing read as well.
    async fn record(&mut self, slot: &mut Slot, command: &Command) -> Result<Record, Failure> {
        let auction = slot.auction.id();
        let made = self.draft.events.len() as u64;
        let mut record = recorded(self.log, auction, slot.auction.revision() - made).await?;
        self.draft.events.iter().for_each(|event| record.take(event));
        if let Action::Void { removal, .. } = command.action
            && let Some(bidder) = record.bidder_of(removal)
            && !slot.standings.knows(bidder)
        {
            slot.standings.learn(bidder, self.log.standing(auction, bidder).await?);
        }
        Ok(record)
    }

    /// Lets an auction catch up with its group; whether it lagged behind.
    fn follow(&mut self, slot: &mut Slot, moves: &Moves) -> bool {
        let Some(follow) = moves.follow(&slot.auction) else { return false };
        let log = &mut self.draft.events;
        let events = Events::from_iter([follow.event()]);
        slot.auction.record(&mut slot.standings, follow.at, events, |recorded| log.push(recorded));
        true
    }

    fn decide_one(
        &mut self,
        slot: &mut Slot,
        request: &Request,
        command: &Command,
        facts: &BidderFacts,
        record: Option<&Record>,
    ) -> Reply {
        let user = command.by.user();
        let Terms { currency, format, .. } = slot.auction.terms();
        let (currency, falls) = (Some(*currency), format.is_reverse());
        let refuse = |rejection| Refusal::Rejected { rejection, currency, falls };
        let keyed = match (request.key, user) {
            (Some(key), Some(user)) => Some(ReceiptKey { auction: request.auction, user, key }),
            _ => None,
        };
        let mut print = 0;
        if let Some(key) = &keyed {
            print = fingerprint(&command.action, screen(&slot.auction, facts, command).map_err(refuse)?);
            match self.receipts.get(key) {
                Some(receipt) if receipt.fingerprint == print => return Ok(receipt.answer),
                Some(_) => return Err(refuse(Rejection::IdempotencyKeyReused)),
                None => {}
            }
        }
        let standing = user.map(|user| slot.standings.standing(user)).unwrap_or_default();
        let events = match record {
            Some(record) => decide_with(&slot.auction, &standing, facts, command, record),
            None => decide(&slot.auction, &standing, facts, command),
        };
        let events = events.map_err(refuse)?;
        let nothing_new = events.is_empty();
        let log = &mut self.draft.events;
        let first = log.len();
        slot.auction.record(&mut slot.standings, command.at, events, |recorded| log.push(recorded));
        let answer = accepted(slot, command, user, &log[first..]);
        // A command that changed nothing has nothing to keep: repeating it changes nothing either.
        if let (Some(key), false) = (keyed, nothing_new) {
            let receipt = Receipt { fingerprint: print, answer };
            self.receipts.insert(key, receipt);
            self.draft.receipts.push((key, receipt));
        }
        Ok(answer)
    }
}

/// What the sender of an accepted command learns.
fn accepted(slot: &Slot, command: &Command, user: Option<UserId>, events: &[Recorded]) -> Accepted {
    let auction = &slot.auction;
    let own =
        events.iter().find(|recorded| matches!(recorded.event, Event::Bid { .. } | Event::Bought { .. }));
    let last =
        user.map(|user| slot.standings.standing(user)).map_or(0, |standing: Standing| standing.last_version);
    let bought = events.iter().find_map(|recorded| match recorded.event {
        Event::Ended { outcome: Outcome::BoughtNow { price, .. }, .. } | Event::Bought { price, .. } => {
            Some(price)
        }
        _ => None,
    });
    let amount = match &command.action {
        Action::Bid(bid) => Amount::from_decimal(bid.amount, auction.terms().currency).ok(),
        Action::Buy { .. } => bought,
        _ => None,
    };
    let row = own.map_or(last, |recorded| recorded.version);
    Accepted {
        auction: auction.id(),
        currency: auction.terms().currency,
        row: if row == 0 { None } else { BidId::of(auction.id(), row).ok() },
        version: own.map_or(auction.version(), |recorded| recorded.version),
        at: auction.last_at(),
        amount,
        leading: bought.is_some() || (user.is_some() && user == auction.leader()),
        price: bought.unwrap_or(auction.price()),
        minimum_bid: auction.minimum_bid(),
        ends_at: auction.ends_at(),
        phase: auction.status().phase(),
    }
}

/// Answers the members of a group whose auction does not exist. Who may not act at all learns that first.
pub(super) fn answer_not_found(members: &[u32], requests: &[Request], replies: &mut [Reply]) {
    for &member in members {
        let Request { command, facts, .. } = &requests[member as usize];
        let takes_part = matches!(command.action, Action::Bid(_) | Action::Buy { .. } | Action::Join);
        let rejection = match (takes_part, facts.verified, facts.banned) {
            (true, false, _) => Rejection::AccountNotVerified,
            (true, true, true) => Rejection::AccountBanned,
            _ => Rejection::NotFound,
        };
        replies[member as usize] = Err(Refusal::of_nothing(rejection));
    }
}
