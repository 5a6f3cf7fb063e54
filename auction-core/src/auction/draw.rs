//! The end of a candle auction: drawn after the close, from a seed that was committed to before the start.
//!
//! Everybody sees the SHA-256 of the seed (the commitment) as soon as they see the auction, and the seed itself
//! when the auction is over. So nobody, the house included, can choose the end once bids are there, and everybody
//! can do the draw again: the first eight bytes, as a big-endian number, of the SHA-256 of `auction-candle`, the
//! number of the auction as eight big-endian bytes, and the seed, modulo the number of samples in the period.
//! Whoever reads the house's database knows the seed before the end.

use crate::auction::format::Book;
use crate::id::AuctionId;
use crate::time::{Span, Timestamp};
use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A secret of 32 bytes from which the end of a candle auction is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Seed([u8; 32]);

impl Seed {
    /// The seed with these bytes, which have to be random.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The seed that is written as 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// As 64 hexadecimal digits: to be shown when the auction is over.
    pub fn reveal(&self) -> String {
        HEXLOWER_PERMISSIVE.encode(&self.0)
    }

    /// The SHA-256 of the seed, as 64 hexadecimal digits: to be shown from the beginning.
    pub fn commitment(&self) -> String {
        HEXLOWER_PERMISSIVE.encode(&Sha256::digest(self.0))
    }

    /// Which of so many samples it draws for an auction, from 0.
    ///
    /// ```
    /// use auction_core::{AuctionId, auction::Seed};
    /// let id = AuctionId::new(7).expect("an id");
    /// let drawn = Seed::new([1; 32]).draw(id, 600);
    /// assert!(drawn < 600);
    /// assert_eq!(drawn, Seed::new([1; 32]).draw(id, 600));
    /// ```
    pub fn draw(&self, auction: AuctionId, samples: u32) -> u32 {
        let digest = Sha256::new()
            .chain_update(b"auction-candle")
            .chain_update(auction.number().to_be_bytes())
            .chain_update(self.0)
            .finalize();
        let number = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        u32::try_from(number % u64::from(samples.max(1))).unwrap_or(0)
    }
}

impl TryFrom<String> for Seed {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a seed is 64 hexadecimal digits")
    }
}

impl From<Seed> for String {
    fn from(seed: Seed) -> Self {
        seed.reveal()
    }
}

/// Says nothing of the seed.
impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

/// The end of a candle auction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// From what it was drawn.
    pub seed: Seed,
    /// When the candle went out: bids from then on count for nothing.
    pub ended_at: Timestamp,
    /// What the bids before make of the auction. Private.
    pub book: Book,
}

/// When the candle goes out: after one of the samples of the last `period` before `ends_at`.
pub(crate) fn drawn_end(
    seed: Seed,
    auction: AuctionId,
    ends_at: Timestamp,
    period: Span,
    sample: Span,
) -> Timestamp {
    let samples = u32::try_from(period.secs() / sample.secs().max(1)).unwrap_or(1);
    ends_at.before(period).after(sample.times(seed.draw(auction, samples) + 1)).min(ends_at)
}
