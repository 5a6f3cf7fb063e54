//! What the calls have in common: the ports behind them, and who may see what.

use crate::auctions::answers::Answers;
use crate::auctions::shown::Shown;
use crate::audit::Origin;
use crate::error::{ApiError, ApiResult};
use crate::pictures::Pictures;
use crate::visitors::{Visitor, Visitors};
use crate::wire::label::{BidderLabels, Labels, alias, mask};
use auction_adapters::runtime::{DeskHandle, Stamp};
use auction_core::admin::{AuditAction, AuditActor, AuditSubject};
use auction_core::auction::{
    Action, Actor, Auction, ClosingPolicy, Command, Rejection, Seed, Status, Terms, TermsDocument,
};
use auction_core::catalog::ListedAuction;
use auction_core::money::Currency;
use auction_core::ports::{
    Accepted, AuctionStore, CatalogStore, Clock, CommitId, Entropy, IdempotencyKey, Wanted,
};
use auction_core::service::desk::{Refusal, Request};
use auction_core::{AuctionId, Timestamp, UserId};
use axum::extract::FromRef;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Auctions, as the calls see them. Clones are cheap.
#[derive(Clone)]
pub struct AuctionRoom {
    parts: Arc<AuctionParts>,
    answers: Arc<Answers>,
}

/// What stands behind an [`AuctionRoom`].
pub struct AuctionParts {
    /// Where auctions are kept.
    pub store: Arc<dyn AuctionStore>,
    /// Where they are found.
    pub catalog: Arc<dyn CatalogStore>,
    /// How pictures are kept.
    pub pictures: Arc<Pictures>,
    /// Where commands are handed in.
    pub desk: DeskHandle,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Who calls, and what people are called.
    pub visitors: Arc<dyn Visitors>,
    /// How it all behaves.
    pub settings: AuctionSettings,
}

/// How an [`AuctionRoom`] behaves.
#[derive(Clone, Debug)]
pub struct AuctionSettings {
    /// Whether people who are not signed in may look.
    pub public_browsing: bool,
    /// What bidders are called in front of others.
    pub bidder_labels: BidderLabels,
    /// The currency of auctions that name none.
    pub currency: Currency,
    /// What sellers leave out of their terms.
    pub default_terms: TermsDocument,
    /// The address of the server, without a slash at its end: `http://localhost:9000`.
    pub public_url: String,
}

impl Default for AuctionSettings {
    /// Public, masked, in dollars, with the terms that are built in, at `http://localhost:9000`.
    fn default() -> Self {
        Self {
            public_browsing: true,
            bidder_labels: BidderLabels::default(),
            currency: Currency::USD,
            default_terms: TermsDocument::default(),
            public_url: "http://localhost:9000".to_owned(),
        }
    }
}

impl FromRef<AuctionRoom> for Arc<dyn Visitors> {
    fn from_ref(room: &AuctionRoom) -> Self {
        Arc::clone(&room.parts.visitors)
    }
}

/// Something that a visitor wants of an auction.
pub(super) struct Errand<'a> {
    pub(super) auction: Option<AuctionId>,
    pub(super) visitor: &'a Visitor,
    pub(super) key: Option<IdempotencyKey>,
    pub(super) action: Action,
}

impl AuctionRoom {
    /// A room with these things behind it.
    pub fn new(parts: AuctionParts) -> Self {
        Self { parts: Arc::new(parts), answers: Arc::new(Answers::new()) }
    }

    pub(super) fn store(&self) -> &dyn AuctionStore {
        &*self.parts.store
    }

    pub(super) fn desk(&self) -> &DeskHandle {
        &self.parts.desk
    }

    pub(super) fn catalog(&self) -> &dyn CatalogStore {
        &*self.parts.catalog
    }

    /// Answers that are kept.
    pub(super) fn answers(&self) -> &Answers {
        &self.answers
    }

    pub(super) fn pictures(&self) -> &Pictures {
        &self.parts.pictures
    }

    /// Writes down what a member of the staff has done, durably; what sellers do with their own is not written down.
    ///
    /// # Errors
    /// A failure: it was done, and is not written down.
    pub(crate) async fn account_for(
        &self,
        origin: &Origin,
        visitor: &Visitor,
        action: AuditAction,
        subject: Option<AuditSubject>,
    ) -> ApiResult<()> {
        if !visitor.is_staff() {
            return Ok(());
        }
        let actor = AuditActor::User(visitor.user);
        let entry = origin.entry(self.parts.clock.now(), actor, action).about(subject);
        Ok(self.parts.visitors.account_for(entry).await?)
    }

    pub(super) fn visitors(&self) -> &dyn Visitors {
        &*self.parts.visitors
    }

    pub(super) fn settings(&self) -> &AuctionSettings {
        &self.parts.settings
    }

    pub(super) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Reads the clock, once, for a command whose request has been read whole.
    pub(super) fn stamp(&self) -> Stamp {
        self.parts.desk.stamp()
    }

    /// Says that something is due at `deadline` which the desk does not know of.
    pub(super) fn expect(&self, deadline: Timestamp) {
        self.parts.desk.expect(deadline);
    }

    pub(super) fn commit_id(&self) -> CommitId {
        CommitId::random(&*self.parts.entropy)
    }

    /// Terms with a seed where they need one to draw the end from.
    pub(super) fn with_seed(&self, terms: Terms) -> Terms {
        if !matches!(terms.closing, ClosingPolicy::Candle { .. }) {
            return terms;
        }
        let mut bytes = [0; 32];
        self.parts.entropy.fill(&mut bytes);
        terms.with_seed(Seed::new(bytes))
    }

    /// Refuses people who are not signed in where only others may look.
    pub(super) fn may_browse(&self, visitor: Option<&Visitor>) -> ApiResult<()> {
        match visitor {
            None if !self.settings().public_browsing => Err(ApiError::not_authenticated()),
            _ => Ok(()),
        }
    }

    /// Hands a command in. Nothing else is read on the way.
    pub(super) async fn hand_in(&self, stamp: Stamp, errand: Errand<'_>) -> ApiResult<Accepted> {
        let Errand { auction, visitor, key, action } = errand;
        let Some(auction) = auction else {
            return Err(may_take_part(visitor).err().unwrap_or_else(ApiError::not_found));
        };
        let command = Command { at: stamp.at(), by: Actor::User(visitor.user), action };
        let request = Request { auction, command, facts: visitor.facts, key };
        match self.parts.desk.submit(stamp, request).await {
            Ok(accepted) => Ok(accepted),
            Err(refusal) if tells_of_a_draft(&refusal) => {
                self.load(Some(auction), Some(visitor)).await?;
                Err(refusal.into())
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// What is answered to a command whose text is wrong: that the person may not act at all, or that there is no
    /// such auction, comes before it.
    pub(super) async fn malformed(
        &self,
        auction: Option<AuctionId>,
        visitor: &Visitor,
        error: ApiError,
    ) -> ApiError {
        match may_take_part(visitor) {
            Err(refused) => refused,
            Ok(()) => self.load(auction, Some(visitor)).await.err().unwrap_or(error),
        }
    }

    /// The state of an auction that the visitor may see.
    pub(super) async fn load(
        &self,
        auction: Option<AuctionId>,
        visitor: Option<&Visitor>,
    ) -> ApiResult<Auction> {
        let auction = auction.ok_or_else(ApiError::not_found)?;
        let wanted = Wanted { auctions: vec![auction], ..Wanted::NOTHING };
        let found = self.store().load(&wanted).await?.auctions.pop().flatten();
        found.filter(|auction| may_see(auction, visitor)).ok_or_else(ApiError::not_found)
    }

    /// An auction that the visitor may see, and what people read about it.
    pub(super) async fn listed(
        &self,
        auction: Option<AuctionId>,
        visitor: Option<&Visitor>,
    ) -> ApiResult<ListedAuction> {
        let auction = auction.ok_or_else(ApiError::not_found)?;
        let found = self.catalog().listed(&[auction]).await?.pop().flatten();
        found.filter(|found| may_see(&found.auction, visitor)).ok_or_else(ApiError::not_found)
    }

    /// What is needed to show auctions to a visitor.
    pub(super) async fn show(
        &self,
        listed: Vec<ListedAuction>,
        visitor: Option<&Visitor>,
    ) -> ApiResult<Shown> {
        let named = listed.iter().flat_map(|listed| {
            let auction = &listed.auction;
            crate::wire::auction::named(auction).map(|user| (auction.id(), user))
        });
        let labels = self.labels(named.collect(), visitor).await?;
        let joined = match visitor {
            None => vec![false; listed.len()],
            Some(visitor) => {
                let standings = listed.iter().map(|listed| (listed.auction.id(), visitor.user)).collect();
                let found = self.store().load(&Wanted { standings, ..Wanted::NOTHING }).await?;
                found.standings.iter().map(auction_core::auction::Standing::has_joined).collect()
            }
        };
        let media_url = format!("{}/media/", self.settings().public_url);
        Ok(Shown { listed, joined, shares: Vec::new(), labels, now: self.now(), media_url })
    }

    /// What is needed to show somebody what they have won.
    pub(super) async fn show_sales(&self, listed: Vec<ListedAuction>, visitor: &Visitor) -> ApiResult<Shown> {
        let auctions: Vec<_> = listed.iter().map(|listed| listed.auction.id()).collect();
        let shares = self.catalog().awards(&auctions, visitor.user).await?;
        Ok(Shown { shares, ..self.show(listed, Some(visitor)).await? })
    }

    /// What people are called in an answer to a visitor.
    pub(super) async fn labels(
        &self,
        people: BTreeSet<(AuctionId, UserId)>,
        visitor: Option<&Visitor>,
    ) -> ApiResult<Labels> {
        let mut labels = Labels::default();
        let people: Vec<_> = people.into_iter().collect();
        if people.is_empty() {
            return Ok(labels);
        }
        let cover: fn(&str) -> String = match self.settings().bidder_labels {
            BidderLabels::Alias => {
                let wanted = Wanted { standings: people.clone(), ..Wanted::NOTHING };
                let found = self.store().load(&wanted).await?;
                for ((auction, user), standing) in people.into_iter().zip(found.standings) {
                    labels.insert(auction, user, alias(standing.number).into());
                }
                return Ok(labels);
            }
            BidderLabels::Masked => mask,
            BidderLabels::Email => str::to_owned,
        };
        let users: Vec<_> =
            people.iter().map(|(_, user)| *user).collect::<BTreeSet<_>>().into_iter().collect();
        let addresses = self.parts.visitors.addresses(&users).await?;
        for (auction, user) in people {
            let known = users.binary_search(&user).ok().and_then(|place| addresses.get(place)?.as_deref());
            let own =
                visitor.filter(|visitor| visitor.user == user).map(|visitor| Arc::clone(&visitor.address));
            if let Some(label) = own.or_else(|| known.map(|address| cover(address).into())) {
                labels.insert(auction, user, label);
            }
        }
        Ok(labels)
    }
}

/// Drafts are for their sellers and the staff.
pub(super) fn may_see(auction: &Auction, visitor: Option<&Visitor>) -> bool {
    !matches!(auction.status(), Status::Draft) || visitor.is_some_and(|visitor| owns(auction, visitor))
}

/// Sells it, or belongs to the staff.
pub(super) fn owns(auction: &Auction, visitor: &Visitor) -> bool {
    visitor.user == auction.seller() || visitor.is_staff()
}

/// Is verified and not banned.
pub(super) fn may_take_part(visitor: &Visitor) -> ApiResult<()> {
    let refused = |rejection| Err(Refusal::of_nothing(rejection).into());
    match (visitor.facts.verified, visitor.facts.banned) {
        (false, _) => refused(Rejection::AccountNotVerified),
        (true, true) => refused(Rejection::AccountBanned),
        (true, false) => Ok(()),
    }
}

/// Whether a refusal may come from a draft, of which strangers must not learn that it exists. Those that bidders meet
/// every day are not among them.
fn tells_of_a_draft(refusal: &Refusal) -> bool {
    matches!(
        refusal.rejection(),
        Some(
            Rejection::InvalidPrice(_)
                | Rejection::InvalidUnits { .. }
                | Rejection::NotPermitted
                | Rejection::NotParticipant
                | Rejection::JoinClosed
                | Rejection::NotStarted { .. }
                | Rejection::IllegalTransition { .. }
        )
    )
}
