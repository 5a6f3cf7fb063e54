//! Lots that close together: what a shard reads of the others before it decides about one of them.
//!
//! A shard knows its own auctions, and the other lots of a group may be anybody's. So where the end of a lot matters,
//! it is first read in the store whether that of its group has moved; the lot records that it follows, and only then
//! its commands are decided. What the store says is what is committed: of what the batch at hand does to other lots
//! nothing is known yet, since nobody knows whether it will be written.
//!
//! Closing needs no more than that. It waits until every bid that came in before an end is decided and committed, so
//! that a lot which is closed has all moves of its group to read that can count for it.

use super::request::Request;
use super::shard::Shard;
use super::sharing::Group as Requests;
use super::slot::Slot;
use crate::auction::{Action, Auction, ClosingPolicy, Command, Group, LotMoves, Moves, Status};
use crate::id::{AuctionId, UserId};
use crate::ports::{
    AuctionStore, Change, Failure, FailureKind, HISTORY_PAGE_MAX, MEMBERS_PAGE_MAX, MembersQuery, Wanted,
};
use crate::time::Timestamp;
use rustc_hash::FxHashMap;

/// Where the ends of groups have moved, for the lots of a batch that have to know.
#[derive(Default)]
pub(super) struct Together {
    lots: FxHashMap<AuctionId, usize>,
    groups: Vec<Known>,
}

/// What is known of a group.
struct Known {
    seller: UserId,
    group: Group,
    /// Of lots that end later than this.
    ends_after: Timestamp,
    moves: Result<Moves, FailureKind>,
}

/// Whether the end of the group matters for a command: it comes in the window before the end of the lot, or later, or
/// stops the clock of the lot.
fn matters(lot: &Auction, command: &Command) -> bool {
    let terms = lot.terms();
    if terms.group.is_none() {
        return false;
    }
    let ClosingPolicy::Soft { window, .. } = terms.closing else { return false };
    match lot.status() {
        Status::Scheduled | Status::Started => {
            matches!(command.action, Action::Advance | Action::Pause)
                || command.at.max(lot.last_at()) >= lot.ends_at().before(window)
        }
        Status::Draft | Status::Paused { .. } => opens(&command.action),
        Status::Ended { .. } => false,
    }
}

/// Whether it lets an auction be open of which the end did not follow until now.
pub(super) const fn opens(action: &Action) -> bool {
    matches!(action, Action::Publish | Action::Resume)
}

/// Whether two auctions close together.
fn are_together(one: &Auction, other: &Auction) -> bool {
    let group = &one.terms().group;
    group.is_some() && *group == other.terms().group && one.seller() == other.seller()
}

impl Together {
    /// The moves that a lot has to know; `None` where it need not.
    ///
    /// # Errors
    /// They could not be read.
    pub(super) fn moves(&self, lot: AuctionId) -> Result<Option<&Moves>, FailureKind> {
        let Some(known) = self.lots.get(&lot).and_then(|index| self.groups.get(*index)) else {
            return Ok(None);
        };
        known.moves.as_ref().map(Some).map_err(|kind| *kind)
    }

    /// Whether it has what these commands for a lot need.
    pub(super) fn covers(&self, lot: &Auction, members: &[u32], requests: &[Request]) -> bool {
        if !members.iter().any(|member| matters(lot, &requests[*member as usize].command)) {
            return true;
        }
        let known = self.lots.get(&lot.id()).and_then(|index| self.groups.get(*index));
        known.is_some_and(|known| {
            Some(&known.group) == lot.terms().group.as_ref()
                && known.seller == lot.seller()
                && known.ends_after <= lot.ends_at()
        })
    }

    /// A lot wants to know where lots end that end later than this.
    fn ask(&mut self, lot: &Auction, ends_after: Timestamp) {
        let Some(group) = &lot.terms().group else { return };
        let is_it = |known: &Known| known.group == *group && known.seller == lot.seller();
        let index = self.groups.iter().position(is_it).unwrap_or_else(|| {
            let (seller, group) = (lot.seller(), group.clone());
            self.groups.push(Known { seller, group, ends_after, moves: Ok(Moves::default()) });
            self.groups.len() - 1
        });
        let known = &mut self.groups[index];
        known.ends_after = known.ends_after.min(ends_after);
        self.lots.insert(lot.id(), index);
    }

    async fn read(mut self, store: &dyn AuctionStore) -> Self {
        for known in &mut self.groups {
            known.moves = moves(store, known).await.map_err(|failure| failure.kind);
        }
        self
    }
}

impl Shard {
    /// Reads where the ends of groups have moved, for those of these auctions that are at hand and have to know it.
    pub(super) async fn together(&self, groups: &[Requests<'_>], requests: &[Request]) -> Together {
        self.together_since(groups, requests, Auction::ends_at).await
    }

    /// The same for an auction of which the shard does not know what is stored: it ends when it was scheduled to, or
    /// later.
    pub(super) async fn together_again(&self, group: Requests<'_>, requests: &[Request]) -> Together {
        self.together_since(&[group], requests, |lot| lot.schedule().ends_at()).await
    }

    async fn together_since(
        &self,
        groups: &[Requests<'_>],
        requests: &[Request],
        ends_after: fn(&Auction) -> Timestamp,
    ) -> Together {
        let mut together = Together::default();
        for Requests { auction, members } in groups {
            if let Some(Slot { auction: lot, .. }) = self.slots.peek(auction)
                && members.iter().any(|member| matters(lot, &requests[*member as usize].command))
            {
                together.ask(lot, ends_after(lot));
            }
        }
        together.read(&*self.store).await
    }

    /// Whether these changes may have moved the end of an auction's group.
    pub(super) fn is_overtaken(&self, auction: AuctionId, changes: &[Change]) -> bool {
        self.slots.peek(&auction).is_some_and(|slot| {
            changes.iter().any(|change| are_together(change.entry().auction(), &slot.auction))
        })
    }
}

/// The moves of a group, as they are stored.
async fn moves(store: &dyn AuctionStore, known: &Known) -> Result<Moves, Failure> {
    let mut query = MembersQuery {
        seller: known.seller,
        group: known.group.clone(),
        ends_after: known.ends_after,
        ends_before: Timestamp::MAX,
        after: None,
    };
    let mut moves = Moves::default();
    loop {
        let page = store.members(&query).await?;
        let wanted = Wanted { auctions: page, ..Wanted::NOTHING };
        let lots = if wanted.is_empty() { Vec::new() } else { store.load(&wanted).await?.auctions };
        for lot in lots.into_iter().flatten().filter(|lot| query.holds(lot)) {
            if lot.last_at() < known.ends_after {
                moves.take(&lot);
            } else if Moves::has_moved(&lot) {
                moves.take_all(logged(store, lot.id()).await?);
            }
        }
        if wanted.auctions.len() < MEMBERS_PAGE_MAX {
            return Ok(moves);
        }
        query.after = wanted.auctions.last().copied();
    }
}

/// The moves of a lot in which something happened since: its log tells which of them were made before.
async fn logged(store: &dyn AuctionStore, lot: AuctionId) -> Result<LotMoves, Failure> {
    let mut moves = LotMoves::default();
    let mut read = 0;
    loop {
        let page = store.history(lot, read, HISTORY_PAGE_MAX).await?;
        page.iter().for_each(|recorded| moves.take(recorded));
        match page.last() {
            Some(last) if page.len() == HISTORY_PAGE_MAX => read = last.revision,
            _ => return Ok(moves),
        }
    }
}
