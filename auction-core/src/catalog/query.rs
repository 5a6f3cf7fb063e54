//! How auctions are found.

use crate::auction::Auction;
use crate::catalog::{CategoryId, Listing};
use crate::id::{AuctionId, UserId};
use crate::time::Timestamp;
use rust_decimal::Decimal;

/// The most rows of a list that is not paged.
pub const LIST_ROWS_MAX: u32 = 500;
/// The most rows of a page.
pub const PAGE_SIZE_MAX: u32 = 100;
/// The longest text to search for, in characters.
pub const SEARCH_CHARS_MAX: usize = 200;

/// A price without a currency, as somebody wrote it who wants to compare.
pub type PriceText = Decimal;

/// Which auctions are wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct AuctionQuery {
    /// The time now: an auction has started or ended by it, whether or not anybody has written that down.
    pub now: Timestamp,
    /// Who asks.
    pub viewer: Option<UserId>,
    /// Which drafts are among them.
    pub drafts: Drafts,
    /// Which part of all auctions.
    pub scope: Scope,
    /// Words that stand in title or description, all of them; the last may be the beginning of one. See
    /// [`search_words`](crate::catalog::search_words).
    pub search: Option<String>,
    /// The public name of the status: `draft`, `scheduled`, `started`, `paused`, `ended` or `cancelled`.
    pub status: Option<&'static str>,
    /// A category.
    pub category: Option<CategoryId>,
    /// A seller.
    pub seller: Option<UserId>,
    /// The least starting price.
    pub min_price: Option<PriceText>,
    /// The highest starting price.
    pub max_price: Option<PriceText>,
    /// Ends before this time.
    pub ends_before: Option<Timestamp>,
    /// Ends after this time.
    pub ends_after: Option<Timestamp>,
    /// The name of a format.
    pub format: Option<String>,
    /// The order; auctions that are equal in it stand by number.
    pub ordering: Ordering,
    /// Which rows.
    pub window: Window,
}

/// Which drafts may be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafts {
    /// Those that the viewer sells.
    Own,
    /// All: the viewer belongs to the staff.
    All,
}

/// Which part of all auctions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those that the viewer has not joined; all for somebody who is not signed in.
    Available,
    /// All.
    All,
    /// Those that the viewer has joined; none for somebody who is not signed in, as with what follows.
    Joined,
    /// Those that the viewer sells.
    Selling,
    /// Those that the viewer has won, and those of which the viewer has bought units or was awarded some.
    Won,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordering {
    /// By what.
    pub field: OrderingField,
    /// The highest first.
    pub descending: bool,
}

/// By what a list can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderingField {
    /// The title, in the order of its characters; capital and small ASCII letters are the same.
    Title,
    /// The starting price.
    StartingPrice,
    /// The standing price.
    CurrentPrice,
    /// The start.
    StartsAt,
    /// The end, extensions included.
    EndsAt,
    /// How many bids.
    BidCount,
    /// When it was created.
    CreatedAt,
    /// Started and paused by their end, then scheduled by their start, then drafts by their start, then those that
    /// are over, of which those with the latest end come first.
    Liveliness,
}

/// Which rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// A page, with a count of all rows.
    Page {
        /// From 1.
        number: u32,
        /// From 1 to [`PAGE_SIZE_MAX`].
        size: u32,
    },
    /// The first rows, or those that follow an auction in the order, without a count.
    Rows {
        /// The auction after which the rows begin; there are none after one that does not exist.
        after: Option<AuctionId>,
        /// How many, at most [`LIST_ROWS_MAX`].
        rows_max: u32,
    },
}

/// An auction and what people read about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAuction {
    /// The auction.
    pub auction: Auction,
    /// What is sold.
    pub listing: Listing,
    /// When it was created.
    pub created_at: Timestamp,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The rows of the window.
    pub rows: Vec<ListedAuction>,
    /// How many there are in all, where pages were asked for.
    pub count: Option<u64>,
    /// Whether more rows follow.
    pub more: bool,
}
