//! What cases of the catalog play with: a store and auctions that differ in what can be asked for.

use super::{Market, Shop};
use crate::auction::{
    Action, Bid, Charter, Command, Reason, Removal, Saleroom, Schedule, TermsDocument, Units,
};
use crate::catalog::{
    AuctionQuery, CategoryId, Drafts, Found, Listing, NewCategory, Ordering, OrderingField, Scope, Window,
};
use crate::conformance::checks::{Deviation, Verdict};
use crate::conformance::scene::{Pending, act, at, batch, house, minor};
use crate::id::{AuctionId, UserId};
use crate::memory::SeededEntropy;
use crate::money::{Amount, Currency};
use crate::ports::{CommitId, CommitResult, NewAuction};
use std::sync::Arc;

/// What terms say where that does not matter.
pub(super) const ENGLISH: &str = r#""closing":{"kind":"reset","window_s":60}"#;

/// A store with a catalog, and numbers for commits.
pub(super) struct Stall {
    pub(super) shop: Arc<dyn Shop>,
    numbers: SeededEntropy,
}

/// An auction to be created, of which most does not matter.
#[derive(Clone, Debug)]
pub(super) struct Wares {
    pub(super) seller: u64,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) category: Option<CategoryId>,
    pub(super) currency: Currency,
    pub(super) price: i64,
    pub(super) starts: u32,
    pub(super) ends: u32,
    pub(super) draft: bool,
    pub(super) created: u32,
    /// What the document of terms says besides, without braces.
    pub(super) terms: &'static str,
}

impl Default for Wares {
    /// A lot for ten dollars, from the first hour to the second.
    fn default() -> Self {
        Self {
            seller: 1,
            title: "A lot".to_owned(),
            description: "As seen.".to_owned(),
            category: None,
            currency: Currency::USD,
            price: 1_000,
            starts: 3_600,
            ends: 7_200,
            draft: false,
            created: 0,
            terms: ENGLISH,
        }
    }
}

impl Wares {
    pub(super) fn titled(title: &str) -> Self {
        Self { title: title.to_owned(), ..Self::default() }
    }

    pub(super) fn of(terms: &'static str) -> Self {
        Self { terms, ..Self::default() }
    }

    pub(super) fn charter(&self) -> Result<Charter, Deviation> {
        let price = minor(self.price);
        let terms = format!(r#"{{"participation":"open","first_bid":"at_least",{}}}"#, self.terms);
        let terms = TermsDocument::parse(&terms);
        let terms = terms.and_then(|document| document.terms(self.currency, price));
        let schedule = Schedule::new(at(self.starts), at(self.ends));
        let charter = terms.and_then(|terms| Charter::new(user(self.seller), schedule?, terms));
        charter.map_err(|errors| Deviation::new(format!("the case itself is wrong, bad terms: {errors}")))
    }

    pub(super) fn listing(&self) -> Result<Listing, Deviation> {
        let listing = Listing::new(&self.title, &self.description, self.category);
        listing.map_err(|error| Deviation::new(format!("the case itself is wrong, a bad listing: {error}")))
    }

    pub(super) fn creation(&self, commit: CommitId) -> Result<NewAuction, Deviation> {
        let (charter, listing) = (Arc::new(self.charter()?), self.listing()?);
        Ok(NewAuction { commit, charter, listing, draft: self.draft, at: at(self.created) })
    }
}

impl Stall {
    pub(super) async fn open(market: &dyn Market) -> Result<Self, Deviation> {
        Ok(Self { shop: market.open().await?, numbers: SeededEntropy::new(3) })
    }

    /// Drops the store, and opens it again.
    pub(super) async fn reopen(self, market: &dyn Market) -> Result<Self, Deviation> {
        let Self { shop, numbers } = self;
        drop(shop);
        Ok(Self { shop: market.open().await?, numbers })
    }

    pub(super) fn commit_id(&self) -> CommitId {
        CommitId(u128::from(self.numbers.next()) << 64 | u128::from(self.numbers.next()))
    }

    pub(super) async fn offer(&self, wares: Wares) -> Result<Saleroom, Deviation> {
        let new = wares.creation(self.commit_id())?;
        let id = self.shop.create(&new).await?.id();
        let charter = wares.charter()?;
        let make = if wares.draft { Saleroom::draft } else { Saleroom::open };
        Ok(make(id, charter, new.at))
    }

    /// Decides commands, which have to be accepted, and writes what becomes of them.
    pub(super) async fn act(&self, room: &mut Saleroom, commands: &[Command]) -> Verdict {
        self.write(act(room, commands)?).await
    }

    pub(super) async fn write(&self, pending: Pending) -> Verdict {
        let results = self.shop.commit(&batch(self.commit_id(), [pending])).await?;
        match results[..] {
            [CommitResult::Committed] => Ok(()),
            _ => Err(Deviation::new(format!("a commit on the current revision: {results:?}"))),
        }
    }

    pub(super) async fn category(&self, slug: &str) -> Result<CategoryId, Deviation> {
        let new =
            NewCategory { name: slug.to_uppercase(), slug: slug.to_owned(), description: String::new() };
        let added = self.shop.add_category(&new).await?;
        added.map(|category| category.id).ok_or_else(|| Deviation::new("a slug that was free is taken"))
    }

    /// What people read about an auction that is there.
    pub(super) async fn listing(&self, auction: AuctionId) -> Result<Listing, Deviation> {
        let found = self.shop.listed(&[auction]).await?.pop().flatten();
        found.map(|found| found.listing).ok_or_else(|| Deviation::new("an auction is not listed"))
    }

    /// The numbers of what a query finds.
    pub(super) async fn found(&self, query: &AuctionQuery) -> Result<Vec<AuctionId>, Deviation> {
        Ok(numbers(&self.shop.find(query).await?))
    }
}

/// What somebody buys at whatever a unit costs.
pub(super) fn purchase(by: UserId, secs: u32, count: u32) -> Result<Command, Deviation> {
    let action = Action::Buy { price: 1_000_000.into(), units: units(count)? };
    Ok(Command::of(by, at(secs), action))
}

/// What somebody bids for each of so many units, in dollars.
pub(super) fn units_bid(by: UserId, secs: u32, dollars: i64, count: u32) -> Result<Command, Deviation> {
    let bid = Bid::straight(dollars.into()).for_units(units(count)?);
    Ok(Command::of(by, at(secs), Action::Bid(bid)))
}

/// Somebody takes back all own bids.
pub(super) fn taken_back(by: UserId, secs: u32) -> Result<Command, Deviation> {
    Ok(Command::of(by, at(secs), Action::Retract { reason: reason()? }))
}

/// The house strikes bids.
pub(super) fn struck(removal: Removal, secs: u32) -> Result<Command, Deviation> {
    Ok(house(secs, Action::Void { removal, reason: reason()? }))
}

fn reason() -> Result<Reason, Deviation> {
    Reason::new("Typed 1050 for 50.").map_err(|error| Deviation::new(error.to_string()))
}

pub(super) fn units(count: u32) -> Result<Units, Deviation> {
    Units::new(count).ok_or_else(|| Deviation::new("the case itself is wrong: no number of units"))
}

pub(super) fn money(dollars: i64) -> Amount {
    minor(dollars * 100)
}

pub(super) fn numbers(found: &Found) -> Vec<AuctionId> {
    found.rows.iter().map(|row| row.auction.id()).collect()
}

pub(super) fn user(number: u64) -> UserId {
    UserId::new(number).expect("invariant: cases name few people")
}

/// Everything that somebody who is not signed in finds, by the time of creation.
pub(super) fn everything() -> AuctionQuery {
    AuctionQuery {
        now: at(1),
        viewer: None,
        drafts: Drafts::Own,
        scope: Scope::All,
        search: None,
        status: None,
        category: None,
        seller: None,
        min_price: None,
        max_price: None,
        ends_before: None,
        ends_after: None,
        format: None,
        ordering: Ordering { field: OrderingField::CreatedAt, descending: false },
        window: Window::Rows { after: None, rows_max: 100 },
    }
}
