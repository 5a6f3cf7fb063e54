//! Auctions that are about to be shown to somebody.

use crate::visitors::Visitor;
use crate::wire::auction::{AuctionView, Sight};
use crate::wire::label::Labels;
use crate::wire::won::WonAuctionView;
use auction_core::Timestamp;
use auction_core::auction::Auction;
use auction_core::catalog::ListedAuction;
use auction_core::ports::Share;

/// Auctions, and what is needed to show them to a visitor.
pub(super) struct Shown {
    pub(super) listed: Vec<ListedAuction>,
    pub(super) joined: Vec<bool>,
    /// What the visitor has of each, where sales are shown.
    pub(super) shares: Vec<Vec<Share>>,
    pub(super) labels: Labels,
    pub(super) now: Timestamp,
    pub(super) media_url: String,
}

impl Shown {
    /// The auctions, in order.
    pub(super) fn auctions(&self) -> impl Iterator<Item = &Auction> {
        self.listed.iter().map(|listed| &listed.auction)
    }

    /// Their public forms, in order.
    pub(super) fn views(&self, visitor: Option<&Visitor>) -> Vec<AuctionView<'_>> {
        let sight = self.sight(visitor);
        let rows = self.listed.iter().zip(&self.joined);
        rows.map(|(listed, joined)| AuctionView::new(listed, *joined, &sight)).collect()
    }

    /// Their public forms as sales that the visitor has won.
    pub(super) fn sales(&self, visitor: &Visitor) -> Vec<WonAuctionView<'_>> {
        let sight = self.sight(Some(visitor));
        let sales = self.listed.iter().zip(&self.shares);
        sales.filter_map(|(listed, shares)| WonAuctionView::new(listed, shares, &sight)).collect()
    }

    fn sight(&self, visitor: Option<&Visitor>) -> Sight<'_> {
        Sight {
            viewer: visitor.map(|visitor| visitor.user),
            is_staff: visitor.is_some_and(Visitor::is_staff),
            now: self.now,
            labels: &self.labels,
            media_url: &self.media_url,
        }
    }
}
