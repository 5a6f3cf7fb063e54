//! An auction as a given viewer sees it.

use crate::pictures::small;
use crate::wire::label::Labels;
use crate::wire::money::Price;
use crate::wire::time::Time;
use auction_core::auction::format::Format;
use auction_core::auction::{Auction, Outcome, Phase, ReserveVisibility, Status, Terms};
use auction_core::catalog::{ListedAuction, Listing};
use auction_core::money::Amount;
use auction_core::{Span, Timestamp, UserId};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// How long an auction whose end has passed is still shown as started while nobody has written the close down.
pub const CLOSING_GRACE: Span = Span::from_millis(300);

/// Who looks, when, and what they need for it.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// Who looks; `None` for somebody who is not signed in, and for everybody at once.
    pub viewer: Option<UserId>,
    /// The viewer belongs to the staff.
    pub is_staff: bool,
    /// When.
    pub now: Timestamp,
    /// What people are called.
    pub labels: &'a Labels,
    /// The address of the media folder, with a slash at its end.
    pub media_url: &'a str,
}

/// An auction.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Auction)]
pub struct AuctionView<'a> {
    /// Which.
    #[schema(minimum = 1)]
    id: u64,
    title: &'a str,
    description: &'a str,
    /// The address of the first picture.
    image: Option<String>,
    /// The addresses of all pictures.
    images: Vec<String>,
    /// The address of a small form of the first picture.
    thumbnail: Option<String>,
    /// The addresses of small forms of all pictures, in the same order.
    thumbnails: Vec<String>,
    /// The number of its category.
    category: Option<u64>,
    /// An ISO 4217 code.
    #[schema(example = "USD")]
    currency: String,
    /// How a winner is found.
    #[schema(example = "english")]
    format: &'static str,
    starting_price: Price,
    /// The standing price; the starting price without bids, and while bids are hidden. Of a Dutch clock what it says at
    /// `server_time`, of units at a fixed price what one costs.
    current_price: Price,
    /// When the price of a Dutch clock falls the next time; null where it does not.
    next_price_at: Option<Time>,
    /// How many units are left to buy; null in formats that sell none at a price that stands.
    units_left: Option<u32>,
    /// The least that somebody who does not lead has to bid, in a reverse auction the most; null where no such amount
    /// exists, and in formats in which one buys and does not bid.
    minimum_bid: Option<Price>,
    /// How many bids, answers of maximums not counted; 0 where their number is hidden.
    bid_count: u64,
    reserve: ReserveState,
    /// At which price it can be bought at once, where it still can.
    buy_now_price: Option<Price>,
    status: PublicStatus,
    /// How it went; null until the close is written down.
    outcome: Option<OutcomeView>,
    start_date_time: Time,
    /// The end, extensions included.
    end_date_time: Time,
    /// The same as `end_date_time`.
    effective_end: Time,
    /// The number of the seller.
    seller: u64,
    /// Whether the viewer takes part.
    is_participant: bool,
    /// Whether the viewer sells it.
    is_seller: bool,
    /// Whether the viewer leads.
    leading: bool,
    /// The leader and the current price; null without bids.
    last_vote: Option<Vote>,
    /// The current price; null without bids.
    current_bid: Option<Price>,
    /// What the leader is called; null without bids.
    current_bidder: Option<String>,
    /// How many public events it has had.
    version: u64,
    /// Milliseconds since the epoch.
    server_time: i64,
    /// The terms in full, save what is hidden from the viewer.
    #[schema(value_type = Object)]
    terms: Map<String, Value>,
}

/// Whether there is a reserve, and whether it is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Reserve)]
pub enum ReserveState {
    /// None, or none that the viewer learns of.
    None,
    /// The price is below it.
    NotMet,
    /// The price has reached it.
    Met,
}

/// Where an auction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuctionStatus)]
pub enum PublicStatus {
    /// Being prepared.
    Draft,
    /// Waiting for its start.
    Scheduled,
    /// Open for bids.
    Started,
    /// Stopped by the house.
    Paused,
    /// Over.
    Ended,
    /// Called off.
    Cancelled,
}

/// How an auction went.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Outcome)]
pub struct OutcomeView {
    /// `sold`, `reserve_not_met`, `no_bids`, `bought_now` or `cancelled`.
    result: &'static str,
    /// The hammer price, where one lot was sold.
    price: Option<Price>,
    /// What the winner is called, where there is one.
    winner: Option<String>,
    /// How many units were sold, of a lot of several; left out in all other cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    units: Option<u32>,
}

/// The leader and the price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Vote {
    /// What the leader is called.
    user: String,
    /// The standing price, never a maximum.
    price: Price,
}

impl<'a> AuctionView<'a> {
    /// An auction as `sight` shows it. `is_participant` is about the viewer.
    pub fn new(listed: &'a ListedAuction, is_participant: bool, sight: &Sight<'_>) -> Self {
        let ListedAuction { auction, listing, .. } = listed;
        let terms = auction.terms();
        let price = |amount| Price::new(amount, terms.currency);
        let is_seller = sight.viewer == Some(auction.seller());
        let owns = is_seller || sight.is_staff;
        let images = images(listing, sight.media_url);
        let thumbnails = thumbnails(listing, sight.media_url);
        let last_vote = Vote::of(auction, sight);
        let end = Time(auction.ends_at());
        Self {
            id: auction.id().number(),
            title: listing.title(),
            description: listing.description(),
            image: images.first().cloned(),
            images,
            thumbnail: thumbnails.first().cloned(),
            thumbnails,
            category: listing.category().map(auction_core::catalog::CategoryId::number),
            currency: terms.currency.code().to_owned(),
            format: terms.format.name(),
            starting_price: price(terms.starting_price),
            current_price: price(current_price(auction, sight.now)),
            next_price_at: auction.next_price_at(sight.now).map(Time),
            units_left: units_left(auction),
            minimum_bid: auction.minimum_bid().map(price),
            bid_count: auction.bid_count(),
            reserve: ReserveState::of(auction, owns),
            buy_now_price: auction.buy_now().map(|offer| price(offer.price)),
            status: PublicStatus::at(auction, sight.now),
            outcome: OutcomeView::of(auction, sight.labels),
            start_date_time: Time(auction.starts_at()),
            end_date_time: end,
            effective_end: end,
            seller: auction.seller().number(),
            is_participant,
            is_seller,
            leading: sight.viewer.is_some() && sight.viewer == leader(auction),
            current_bid: last_vote.as_ref().map(|vote| vote.price),
            current_bidder: last_vote.as_ref().map(|vote| vote.user.clone()),
            last_vote,
            version: auction.version(),
            server_time: sight.now.millis(),
            terms: terms_for(terms, owns),
        }
    }
}

/// Who leads, or has bought.
pub(crate) fn leader(auction: &Auction) -> Option<UserId> {
    match auction.status() {
        Status::Ended { outcome: Outcome::BoughtNow { winner, .. }, .. } => Some(*winner),
        _ => auction.leader(),
    }
}

/// The price that stands at a time; that of the sale where somebody has bought.
pub(super) fn current_price(auction: &Auction, now: Timestamp) -> Amount {
    match auction.status() {
        Status::Ended { outcome: Outcome::BoughtNow { price, .. }, .. } => *price,
        _ => auction.price_at(now),
    }
}

/// How many units are left to buy, where units are bought at a price that stands.
pub(super) fn units_left(auction: &Auction) -> Option<u32> {
    matches!(auction.terms().format, Format::Dutch(_) | Format::FixedPrice(_)).then(|| auction.units_left())
}

/// Everybody whom the form of an auction names.
pub fn named(auction: &Auction) -> impl Iterator<Item = UserId> {
    let winner = match auction.status() {
        Status::Ended { outcome, .. } => outcome.sale().map(|(winner, _)| winner),
        _ => None,
    };
    leader(auction).into_iter().chain(winner)
}

/// Pictures as absolute addresses.
pub(super) fn images(listing: &Listing, media_url: &str) -> Vec<String> {
    listing.images().iter().map(|path| format!("{media_url}{path}")).collect()
}

/// Small pictures as absolute addresses.
fn thumbnails(listing: &Listing, media_url: &str) -> Vec<String> {
    listing.images().iter().map(|path| format!("{media_url}{}", small(path))).collect()
}

/// The terms in full; without a reserve that is not public, and without a word about one that is hidden, for
/// anybody but the seller and the staff.
fn terms_for(terms: &Terms, owns: bool) -> Map<String, Value> {
    let mut document = terms.document();
    if !owns && terms.reserve_visibility != ReserveVisibility::Public {
        document.insert("reserve".to_owned(), Value::Null);
        let visibility = ReserveVisibility::default().name();
        document.insert("reserve_visibility".to_owned(), visibility.into());
    }
    document
}

impl ReserveState {
    /// As the public sees it, or as those see it who may see everything.
    pub(super) fn of(auction: &Auction, owns: bool) -> Self {
        if !owns && auction.terms().reserve_visibility == ReserveVisibility::Hidden {
            return Self::None;
        }
        match auction.reserve_met() {
            None => Self::None,
            Some(false) => Self::NotMet,
            Some(true) => Self::Met,
        }
    }
}

impl PublicStatus {
    /// As of `now`, whether or not anybody has written it down; an end that is not written down yet is not shown
    /// for [`CLOSING_GRACE`].
    pub fn at(auction: &Auction, now: Timestamp) -> Self {
        let is_written = matches!(auction.status(), Status::Ended { .. });
        match auction.phase_at(now) {
            Phase::Ended if !is_written && now < auction.ends_at().after(CLOSING_GRACE) => Self::Started,
            phase => phase.into(),
        }
    }
}

impl From<Phase> for PublicStatus {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Draft => Self::Draft,
            Phase::Scheduled => Self::Scheduled,
            Phase::Started => Self::Started,
            Phase::Paused => Self::Paused,
            Phase::Cancelled => Self::Cancelled,
            _ => Self::Ended,
        }
    }
}

impl OutcomeView {
    /// How it went; `None` until that is written down.
    pub(super) fn of(auction: &Auction, labels: &Labels) -> Option<Self> {
        let Status::Ended { outcome, .. } = auction.status() else { return None };
        Some(Self::new(outcome, auction, labels))
    }

    pub(super) fn new(outcome: &Outcome, auction: &Auction, labels: &Labels) -> Self {
        let sale = outcome.sale();
        Self {
            result: outcome.name(),
            price: sale.map(|(_, price)| Price::new(price, auction.terms().currency)),
            winner: sale.map(|(winner, _)| labels.of(auction.id(), winner).to_owned()),
            units: match outcome {
                Outcome::SoldUnits { units } => Some(*units),
                _ => None,
            },
        }
    }
}

impl Vote {
    pub(super) fn of(auction: &Auction, sight: &Sight<'_>) -> Option<Self> {
        let user = sight.labels.of(auction.id(), leader(auction)?).to_owned();
        Some(Self { user, price: Price::new(current_price(auction, sight.now), auction.terms().currency) })
    }
}
