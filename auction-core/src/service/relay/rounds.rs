//! Calls rounds that are due, page by page.

use super::{PAGES_PER_TICK_MAX, ROUND_LEASE, ROUND_PAGE_MAX, ROUNDS_MAX, Relay};
use crate::catalog::ListedAuction;
use crate::id::AuctionId;
use crate::notify::{NewNotice, Round, RoundPage, facts, round_matters};
use crate::ports::{Failure, RowClaim};
use crate::service::lock;
use crate::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};

impl Relay {
    /// Calls some pages of the rounds that are due, in turns; whether there were any.
    pub(super) async fn call_rounds(&self, now: Timestamp) -> Result<bool, Failure> {
        let held = std::mem::take(&mut lock(&self.state).held);
        let mut rounds = VecDeque::from(held);
        if let Some(room) = ROUNDS_MAX.checked_sub(rounds.len()).filter(|room| *room > 0) {
            let claim = RowClaim { now, lease: ROUND_LEASE, token: self.token(), rows_max: room };
            rounds.extend(self.parts.store.claim_rounds(&claim).await?);
        }
        if rounds.is_empty() {
            return Ok(false);
        }
        let auctions = self.listed(&rounds).await?;
        for _ in 0..PAGES_PER_TICK_MAX {
            let Some(round) = rounds.pop_front() else { break };
            let about = auctions
                .get(&round.auction)
                .filter(|about| round_matters(round.call.kind, &about.auction, now));
            rounds.extend(self.call_page(round, about).await?);
        }
        lock(&self.state).held = rounds.into();
        Ok(true)
    }

    /// The auctions of rounds, as they are now.
    async fn listed(&self, rounds: &VecDeque<Round>) -> Result<BTreeMap<AuctionId, ListedAuction>, Failure> {
        let mut auctions: Vec<_> = rounds.iter().map(|round| round.auction).collect();
        auctions.sort_unstable();
        auctions.dedup();
        let listed = self.parts.catalog.listed(&auctions).await?;
        Ok(auctions.into_iter().zip(listed).filter_map(|(id, listed)| Some((id, listed?))).collect())
    }

    /// Calls a page of a round, and answers the round where there is more of it. Where it does not matter any more it
    /// is done.
    async fn call_page(
        &self,
        mut round: Round,
        about: Option<&ListedAuction>,
    ) -> Result<Option<Round>, Failure> {
        let mut page =
            RoundPage { round: round.id, token: round.token, notices: Vec::new(), called_up_to: None };
        if let Some(about) = about {
            let users = self
                .parts
                .roll
                .audience(round.auction, round.call.audience, round.called_up_to, ROUND_PAGE_MAX)
                .await?;
            if users.len() >= ROUND_PAGE_MAX {
                page.called_up_to = users.last().copied();
            }
            let facts = facts(&about.auction, about.listing.title());
            let told = users.into_iter().filter(|user| Some(*user) != round.call.except);
            page.notices = told
                .map(|user| NewNotice {
                    user,
                    auction: round.auction,
                    kind: round.call.kind,
                    occurrence: round.call.occurrence,
                    facts: facts.clone(),
                    at: round.call.due_at,
                    channels: round.call.kind.channels_by_default(),
                })
                .collect();
            self.choose_channels(&mut page.notices).await?;
        }
        let Some(written) = self.parts.store.call(&page).await? else { return Ok(None) };
        self.announce(&page.notices, &written);
        round.called_up_to = page.called_up_to;
        Ok(page.called_up_to.map(|_| round))
    }
}
