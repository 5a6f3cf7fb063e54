//! Sample auctions: made-up lots with drawn pictures, the same for the same seed.
//!
//! For demonstrations and tests. Nothing is fetched; pictures are drawn here and owe nothing to anybody.

mod canvas;
mod goods;
mod motif;
mod picture;
mod stock;
mod vehicle;

pub use goods::{Kind, Lot, Motif, lots};
pub use picture::{PICTURE_HEIGHT, PICTURE_WIDTH, PICTURES_MAX, draw};
pub use stock::{Order, SAMPLES_FOLDER, Season, StockError, stock};

/// A small generator of numbers that look random and are the same for the same seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A generator for this seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number (splitmix64).
    pub const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, 0 where that is 0.
    pub const fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.roll() % bound }
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let place = self.below(from.len() as u64);
        usize::try_from(place).ok().and_then(|place| from.get(place))
    }
}
