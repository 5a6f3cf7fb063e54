//! What cases play with: a store, auctions as they should be, and what is written about them.

use super::checks::{Deviation, Verdict, same};
use super::place::Place;
use crate::auction::{
    Action, Auction, Bid, BidderFacts, Charter, Command, Recorded, Saleroom, Schedule, Standing,
    TermsDocument,
};
use crate::catalog::Listing;
use crate::id::{AuctionId, BidId, UserId};
use crate::memory::SeededEntropy;
use crate::money::{Amount, Currency};
use crate::ports::{
    Accepted, Batch, CommitId, CommitResult, HISTORY_PAGE_MAX, IdempotencyKey, NewAuction, Receipt,
    ReceiptKey, Storage, Wanted,
};
use crate::time::{Span, Timestamp};
use std::sync::Arc;

/// Seconds after [`at`]`(0)` at which the auctions of a scene start.
pub(super) const START: u32 = 3_600;
/// Seconds after [`at`]`(0)` at which they end. A bid in the last minute moves the end.
pub(super) const END: u32 = 7_200;

const TERMS: &str =
    r#"{"participation":"open","first_bid":"at_least","closing":{"kind":"reset","window_s":60}}"#;

/// The seller of every auction of a scene.
const SELLER: u64 = 1;

/// A store, and numbers for commits.
pub(super) struct Scene {
    pub(super) store: Arc<dyn Storage>,
    numbers: SeededEntropy,
}

/// What commands made of one auction, not yet written.
#[derive(Clone)]
pub(super) struct Pending {
    pub(super) before: u64,
    pub(super) auction: Auction,
    pub(super) events: Vec<Recorded>,
    pub(super) standings: Vec<(UserId, Standing)>,
    pub(super) receipts: Vec<(ReceiptKey, Receipt)>,
}

impl Scene {
    pub(super) async fn open(place: &dyn Place) -> Result<Self, Deviation> {
        Ok(Self { store: place.open().await?, numbers: SeededEntropy::new(1) })
    }

    /// Drops the store, and opens it again.
    pub(super) async fn reopen(self, place: &dyn Place) -> Result<Self, Deviation> {
        let Self { store, numbers } = self;
        drop(store);
        Ok(Self { store: place.open().await?, numbers })
    }

    pub(super) fn commit_id(&self) -> CommitId {
        CommitId(u128::from(self.numbers.next()) << 64 | u128::from(self.numbers.next()))
    }

    /// Creates an auction, and answers what it should be.
    pub(super) async fn create(&self, charter: Charter, draft: bool) -> Result<Saleroom, Deviation> {
        self.create_at(charter, draft, at(0)).await
    }

    pub(super) async fn create_at(
        &self,
        charter: Charter,
        draft: bool,
        at: Timestamp,
    ) -> Result<Saleroom, Deviation> {
        let new = NewAuction {
            commit: self.commit_id(),
            charter: Arc::new(charter.clone()),
            listing: lot(),
            draft,
            at,
        };
        let id = self.store.create(&new).await?.id();
        Ok(if draft { Saleroom::draft(id, charter, at) } else { Saleroom::open(id, charter, at) })
    }

    /// An auction that is scheduled for [`START`].
    pub(super) async fn scheduled(&self) -> Result<Saleroom, Deviation> {
        self.create(charter(START, END)?, false).await
    }

    /// An auction that has been started, and is due at [`END`].
    pub(super) async fn started(&self) -> Result<Saleroom, Deviation> {
        let mut room = self.scheduled().await?;
        self.write(act(&mut room, &[Command::advance(at(START))])?).await?;
        Ok(room)
    }

    pub(super) fn batch(&self, pending: impl IntoIterator<Item = Pending>) -> Arc<Batch> {
        batch(self.commit_id(), pending)
    }

    /// Writes what one auction has become, which has to succeed.
    pub(super) async fn write(&self, pending: Pending) -> Verdict {
        self.write_all([pending]).await
    }

    /// Writes what auctions have become in one batch, which has to succeed.
    pub(super) async fn write_all(&self, pending: impl IntoIterator<Item = Pending>) -> Verdict {
        let batch = self.batch(pending);
        let results = self.store.commit(&batch).await?;
        same(
            "a commit on the current revision",
            results,
            vec![CommitResult::Committed; batch.entries().len()],
        )
    }

    /// The stored states are those of these rooms.
    pub(super) async fn states_are(&self, rooms: &[&Saleroom]) -> Verdict {
        let auctions = rooms.iter().map(|room| room.auction().id()).collect();
        let found = self.store.load(&Wanted { auctions, ..Wanted::NOTHING }).await?;
        let expected = rooms.iter().map(|room| Some(room.auction().clone())).collect();
        same("the stored states", found.auctions, expected)
    }

    /// State, standings and events are those of this room.
    pub(super) async fn all_is(&self, room: &Saleroom) -> Verdict {
        self.states_are(&[room]).await?;
        self.standings_are(room).await?;
        same("the stored events", self.whole_history(room.auction().id()).await?, room.log().to_vec())
    }

    pub(super) async fn standings_are(&self, room: &Saleroom) -> Verdict {
        let id = room.auction().id();
        if room.standings().is_empty() {
            return Ok(());
        }
        let standings = room.standings().keys().map(|user| (id, *user)).collect();
        let found = self.store.load(&Wanted { standings, ..Wanted::NOTHING }).await?;
        same("the stored standings", found.standings, room.standings().values().copied().collect())
    }

    pub(super) async fn receipts(&self, keys: &[ReceiptKey]) -> Result<Vec<Option<Receipt>>, Deviation> {
        let wanted = Wanted { receipts: keys.to_vec(), ..Wanted::NOTHING };
        Ok(self.store.load(&wanted).await?.receipts)
    }

    /// All events of an auction, page by page.
    pub(super) async fn whole_history(&self, id: AuctionId) -> Result<Vec<Recorded>, Deviation> {
        let mut events: Vec<Recorded> = Vec::new();
        loop {
            let after = events.last().map_or(0, |recorded| recorded.revision);
            let page = self.store.history(id, after, HISTORY_PAGE_MAX).await?;
            let goes_on = page.last().is_some_and(|recorded| recorded.revision > after);
            events.extend(page);
            if !goes_on {
                return Ok(events);
            }
        }
    }
}

impl Pending {
    /// The only receipt.
    pub(super) fn receipt(&self) -> Result<(ReceiptKey, Receipt), Deviation> {
        self.receipts.first().copied().ok_or_else(|| Deviation::new("the case itself is wrong: no receipt"))
    }
}

/// A batch of what auctions have become.
pub(super) fn batch(commit: CommitId, pending: impl IntoIterator<Item = Pending>) -> Arc<Batch> {
    let mut batch = Batch::new(commit);
    for Pending { before, auction, events, standings, receipts } in pending {
        batch.push(before, auction, events, standings, receipts);
    }
    Arc::new(batch)
}

/// Decides commands, which the rules have to accept, and answers what is to be written.
pub(super) fn act(room: &mut Saleroom, commands: &[Command]) -> Result<Pending, Deviation> {
    let keyed: Vec<_> = commands.iter().map(|command| (command.clone(), None)).collect();
    act_keyed(room, &keyed)
}

/// The same, with a receipt for each command that has a key.
pub(super) fn act_keyed(
    room: &mut Saleroom,
    commands: &[(Command, Option<IdempotencyKey>)],
) -> Result<Pending, Deviation> {
    let (id, before) = (room.auction().id(), room.auction().revision());
    let mut receipts = Vec::new();
    for (command, key) in commands {
        room.handle(&BidderFacts::STAFF, command)?;
        if let (Some(key), Some(user)) = (*key, command.by.user()) {
            receipts.push((ReceiptKey { auction: id, user, key }, receipt(room, user)));
        }
    }
    let events: Vec<Recorded> =
        room.log().iter().filter(|recorded| recorded.revision > before).cloned().collect();
    let mut touched: Vec<UserId> =
        events.iter().filter_map(|recorded| recorded.event.moves_standing_of()).collect();
    touched.sort_unstable();
    touched.dedup();
    let standings = touched.into_iter().map(|user| (user, room.standing(user))).collect();
    Ok(Pending { before, auction: room.auction().clone(), events, standings, receipts })
}

/// A receipt as the desk would write it; the fingerprint is one that no other has.
fn receipt(room: &Saleroom, user: UserId) -> Receipt {
    let (auction, last) = (room.auction(), room.standing(user).last_version);
    let answer = Accepted {
        auction: auction.id(),
        currency: auction.terms().currency,
        row: if last == 0 { None } else { BidId::of(auction.id(), last).ok() },
        version: auction.version(),
        at: auction.last_at(),
        amount: room.standing(user).maximum,
        leading: auction.leader() == Some(user),
        price: auction.price(),
        minimum_bid: auction.minimum_bid(),
        ends_at: auction.ends_at(),
        phase: auction.status().phase(),
    };
    Receipt { fingerprint: user.number() << 32 | auction.revision(), answer }
}

/// What is sold in auctions where that does not matter.
pub(super) fn lot() -> Listing {
    Listing::new("A lot", "As seen.", None).expect("invariant: a short title and a short description")
}

/// The time this many seconds after the beginning of 2026.
pub(super) fn at(secs: u32) -> Timestamp {
    Timestamp::EPOCH.after(Span::from_secs(1_767_225_600)).after(Span::from_secs(secs))
}

/// Somebody; not the seller.
pub(super) fn bidder(number: u64) -> UserId {
    UserId::new(SELLER + number).expect("invariant: cases name few people")
}

pub(super) fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::new(text).expect("invariant: cases name valid keys")
}

pub(super) fn minor(minor: i64) -> Amount {
    Amount::from_minor(minor).expect("invariant: cases name valid amounts")
}

/// A straight bid at this many minor units.
pub(super) fn straight(by: UserId, secs: u32, amount: i64) -> Command {
    Command::of(by, at(secs), Action::Bid(Bid::straight(minor(amount).to_decimal(Currency::USD))))
}

/// A bid up to this many minor units.
pub(super) fn maximum(by: UserId, secs: u32, amount: i64) -> Command {
    Command::of(by, at(secs), Action::Bid(Bid::maximum(minor(amount).to_decimal(Currency::USD))))
}

/// What the house or the seller does with an auction as a whole.
pub(super) fn house(secs: u32, action: Action) -> Command {
    Command { action, ..Command::advance(at(secs)) }
}

/// Ten dollars to start with, open for everybody, from `start` until `end`.
pub(super) fn charter(start: u32, end: u32) -> Result<Charter, Deviation> {
    charter_of(TERMS, Currency::USD, minor(1_000), at(start), at(end))
}

/// Any charter.
pub(super) fn charter_of(
    terms: &str,
    currency: Currency,
    starting_price: Amount,
    starts_at: Timestamp,
    ends_at: Timestamp,
) -> Result<Charter, Deviation> {
    let seller = UserId::new(SELLER).expect("invariant: the seller has a number");
    let terms = TermsDocument::parse(terms).and_then(|document| document.terms(currency, starting_price));
    let charter = terms.and_then(|terms| Charter::new(seller, Schedule::new(starts_at, ends_at)?, terms));
    charter.map_err(|errors| Deviation::new(format!("the case itself is wrong, bad terms: {errors}")))
}
