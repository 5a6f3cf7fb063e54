//! Puts sample lots up for auction.

use super::{Dice, Kind, Lot, PICTURES_MAX, draw, lots};
use auction_core::auction::{Auction, Charter, Schedule, TermsDocument, TermsErrors};
use auction_core::catalog::{CategoryId, InvalidListing, Listing, NewCategory};
use auction_core::money::{Amount, Currency, MoneyError};
use auction_core::ports::{AuctionStore, CatalogStore, CommitId, Entropy, Failure, NewAuction};
use auction_core::{Span, Timestamp, UserId};
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Below the media folder: where the pictures of sample lots are.
pub const SAMPLES_FOLDER: &str = "samples";

/// When the sample auctions of an order are held.
#[derive(Clone, Copy, Debug)]
pub enum Season {
    /// Starting within so many days, each open for so many hours.
    Ahead {
        /// Days from now.
        days: u32,
        /// Hours from start to end.
        hours: u32,
    },
    /// Open now, the first one ending after so many minutes, each next one so much later.
    Now {
        /// Minutes to the first end.
        first_end: u32,
        /// Minutes between the ends.
        apart: u32,
    },
}

/// Sample auctions that are wanted.
#[derive(Clone, Debug)]
pub struct Order {
    /// Of these kinds.
    pub kinds: Vec<Kind>,
    /// So many of each.
    pub count: usize,
    /// So many pictures of each lot, at most [`PICTURES_MAX`].
    pub pictures: usize,
    /// When.
    pub season: Season,
    /// Who sells.
    pub seller: UserId,
    /// In which currency.
    pub currency: Currency,
    /// Under which terms.
    pub terms: TermsDocument,
    /// What the terms of one lot have besides, by its place in the order.
    pub varied: fn(u32, &Lot) -> TermsDocument,
    /// The time now.
    pub now: Timestamp,
    /// The same lots for the same seed.
    pub seed: u64,
}

/// Why sample auctions could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StockError {
    /// The store.
    #[error(transparent)]
    Store(#[from] Failure),
    /// The terms.
    #[error(transparent)]
    Terms(#[from] TermsErrors),
    /// A price in this currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A listing.
    #[error(transparent)]
    Listing(#[from] InvalidListing),
    /// A picture.
    #[error("the picture {0} could not be written: {1}")]
    Picture(PathBuf, #[source] std::io::Error),
}

/// Makes the auctions of an order; `done` is told of each.
///
/// # Errors
/// The first thing that goes wrong. What was made before stays.
pub async fn stock(
    store: &dyn AuctionStore,
    catalog: &dyn CatalogStore,
    entropy: &dyn Entropy,
    media: &Path,
    order: &Order,
    mut done: impl FnMut(&Auction),
) -> Result<(), StockError> {
    let mut dice = Dice::new(order.seed);
    let mut place = 0;
    for kind in &order.kinds {
        let category = category(catalog, *kind).await?;
        for lot in lots(*kind, order.count, order.seed) {
            let mut images = Vec::with_capacity(order.pictures);
            for number in 0..order.pictures.min(PICTURES_MAX) {
                images.push(picture(media, &lot, number).await?);
            }
            let charter = charter(order, &lot, place, &mut dice)?;
            let listing = Listing::new(&lot.title, &lot.description, category)?.with_images(images);
            let commit = CommitId::random(entropy);
            let new = NewAuction { commit, charter: Arc::new(charter), listing, draft: false, at: order.now };
            done(&store.create(&new).await?);
            place += 1;
        }
    }
    Ok(())
}

fn charter(order: &Order, lot: &Lot, place: u32, dice: &mut Dice) -> Result<Charter, StockError> {
    let price = Amount::from_decimal(Decimal::from(lot.starting_price), order.currency)?;
    let (starts_at, ends_at) = match order.season {
        Season::Ahead { days, hours } => {
            let minutes = dice.below(u64::from(days.max(1)) * 24 * 60);
            let start = order.now.after(Span::from_secs(60 * u32::try_from(minutes).unwrap_or(1).max(1)));
            (start, start.after(Span::from_secs(hours.max(1) * 3_600)))
        }
        Season::Now { first_end, apart } => {
            (order.now, order.now.after(Span::from_secs(60 * (first_end + apart * place).max(1))))
        }
    };
    let terms = (order.varied)(place, lot).or(&order.terms).terms(order.currency, price)?;
    Ok(Charter::new(order.seller, Schedule::new(starts_at, ends_at)?, terms)?)
}

/// The category of a kind, made where it is missing.
async fn category(store: &dyn CatalogStore, kind: Kind) -> Result<Option<CategoryId>, Failure> {
    let new = NewCategory {
        name: kind.name().to_owned(),
        slug: kind.slug().to_owned(),
        description: kind.description().to_owned(),
    };
    if let Some(category) = store.add_category(&new).await? {
        return Ok(Some(category.id));
    }
    let known = store.categories().await?;
    Ok(known.into_iter().find(|category| category.slug == new.slug).map(|category| category.id))
}

/// Draws a picture of a lot, where it is not there yet, and answers its path below the media folder.
async fn picture(media: &Path, lot: &Lot, number: usize) -> Result<String, StockError> {
    let name = format!("{SAMPLES_FOLDER}/{}-{:016x}-{number}.png", lot.kind, lot.seed);
    let path = media.join(&name);
    let lot = lot.clone();
    let written = tokio::task::spawn_blocking(move || {
        let write = || {
            if path.exists() {
                return Ok(());
            }
            let png = draw(&lot, number).map_err(std::io::Error::other)?;
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            // Whole or not at all: a reader never sees half a picture.
            let unfinished = path.with_extension("part");
            std::fs::write(&unfinished, png)?;
            std::fs::rename(&unfinished, &path)
        };
        write().map_err(|error| StockError::Picture(path.clone(), error))
    });
    match written.await {
        Ok(written) => written.map(|()| name),
        Err(panicked) => Err(StockError::Picture(media.join(&name), std::io::Error::other(panicked))),
    }
}
