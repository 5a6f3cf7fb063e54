//! What the sample auctions sell.

use super::Dice;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A kind of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Cameras, radios and the like.
    Electronics,
    /// Rings, brooches and the like.
    Jewelry,
    /// Wristwatches and clocks.
    Watches,
    /// Cars and motorcycles.
    Vehicles,
}

/// A made-up lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Of which kind.
    pub kind: Kind,
    /// A title.
    pub title: String,
    /// A description.
    pub description: String,
    /// What its pictures show.
    pub motif: Motif,
    /// The starting price in whole units of the currency.
    pub starting_price: u32,
    /// What makes its picture different from others.
    pub seed: u64,
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motif {
    /// A radio with a speaker.
    Radio,
    /// A camera with its lens.
    Camera,
    /// A turntable from above.
    Turntable,
    /// A computer with its screen.
    Computer,
    /// A ring with a stone.
    Ring,
    /// A stone on a chain.
    Pendant,
    /// A string of pearls.
    Pearls,
    /// A watch on its strap.
    Wristwatch,
    /// A watch on its chain.
    PocketWatch,
    /// A clock on its feet.
    Clock,
    /// A car with a roof.
    Saloon,
    /// A car without one.
    Convertible,
    /// A van.
    Van,
}

/// The words of a kind.
struct Words {
    makers: &'static [&'static str],
    things: &'static [(&'static str, Motif)],
    extras: &'static [&'static str],
    /// The lowest and the highest starting price.
    prices: (u64, u64),
}

const CONDITIONS: [&str; 6] = [
    "In very good condition, with light traces of use.",
    "Kept in a glass case and hardly ever used.",
    "Restored by a specialist last year; the invoice comes with it.",
    "From the first owner, with all papers.",
    "With a few scratches that the pictures show, and otherwise sound.",
    "From an estate; tested and found in working order.",
];

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Electronics, Self::Jewelry, Self::Watches, Self::Vehicles];

    /// What stands in addresses and on the command line.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Electronics => "electronics",
            Self::Jewelry => "jewelry",
            Self::Watches => "watches",
            Self::Vehicles => "vehicles",
        }
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Electronics => "Electronics",
            Self::Jewelry => "Jewelry",
            Self::Watches => "Watches",
            Self::Vehicles => "Vehicles",
        }
    }

    /// What belongs there.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Electronics => "Cameras, radios, instruments and computers.",
            Self::Jewelry => "Rings, necklaces, brooches and stones.",
            Self::Watches => "Wristwatches, pocket watches and clocks.",
            Self::Vehicles => "Cars, motorcycles and what else has wheels.",
        }
    }

    const fn words(self) -> Words {
        match self {
            Self::Electronics => Words {
                makers: &["Halden", "Norvik", "Ostrava", "Kestrel", "Lumina", "Brandt & Sohn"],
                things: &[
                    ("valve radio", Motif::Radio),
                    ("transistor radio", Motif::Radio),
                    ("field camera", Motif::Camera),
                    ("rangefinder camera", Motif::Camera),
                    ("turntable", Motif::Turntable),
                    ("record player", Motif::Turntable),
                    ("home computer", Motif::Computer),
                    ("word processor", Motif::Computer),
                ],
                extras: &[
                    "with leather case",
                    "with manual",
                    "boxed",
                    "with spare parts",
                    "in walnut",
                    "in black",
                ],
                prices: (20, 900),
            },
            Self::Jewelry => Words {
                makers: &["Art Deco", "Victorian", "Edwardian", "Modernist", "Florentine", "Nordic"],
                things: &[
                    ("gold ring", Motif::Ring),
                    ("sapphire ring", Motif::Ring),
                    ("opal ring", Motif::Ring),
                    ("signet ring", Motif::Ring),
                    ("pearl necklace", Motif::Pearls),
                    ("pearl collar", Motif::Pearls),
                    ("emerald pendant", Motif::Pendant),
                    ("garnet pendant", Motif::Pendant),
                ],
                extras: &["18 carat", "hallmarked", "with certificate", "in its case", "unworn", "signed"],
                prices: (80, 6_000),
            },
            Self::Watches => Words {
                makers: &["Ravel", "Montclair", "Seeberg", "Astor", "Valjoux & Fils", "Greenwich"],
                things: &[
                    ("chronograph", Motif::Wristwatch),
                    ("diver's watch", Motif::Wristwatch),
                    ("dress watch", Motif::Wristwatch),
                    ("pilot's watch", Motif::Wristwatch),
                    ("pocket watch", Motif::PocketWatch),
                    ("railway watch", Motif::PocketWatch),
                    ("carriage clock", Motif::Clock),
                    ("mantel clock", Motif::Clock),
                ],
                extras: &["in steel", "in gold", "with box", "serviced", "with original strap", "automatic"],
                prices: (100, 9_000),
            },
            Self::Vehicles => Words {
                makers: &["Corsa", "Meridian", "Wolff", "Albion", "Stellar", "Torino"],
                things: &[
                    ("coupe", Motif::Saloon),
                    ("touring saloon", Motif::Saloon),
                    ("town car", Motif::Saloon),
                    ("roadster", Motif::Convertible),
                    ("convertible", Motif::Convertible),
                    ("speedster", Motif::Convertible),
                    ("delivery van", Motif::Van),
                    ("camper van", Motif::Van),
                ],
                extras: &[
                    "one owner",
                    "matching numbers",
                    "with service book",
                    "barn find",
                    "restored",
                    "low mileage",
                ],
                prices: (900, 40_000),
            },
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(slug: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.slug() == slug)
            .ok_or_else(|| "one of electronics, jewelry, watches, vehicles".to_owned())
    }
}

/// So many lots of a kind, the same for the same seed.
pub fn lots(kind: Kind, count: usize, seed: u64) -> Vec<Lot> {
    let mut dice = Dice::new(seed ^ u64::from(kind.slug().as_bytes()[0]) << 32);
    (0..count).map(|_| lot(kind, &mut dice)).collect()
}

fn lot(kind: Kind, dice: &mut Dice) -> Lot {
    let words = kind.words();
    let maker = dice.pick(words.makers).copied().unwrap_or_default();
    let (thing, motif) = dice.pick(words.things).copied().unwrap_or(("lot", Motif::Radio));
    let extra = dice.pick(words.extras).copied().unwrap_or_default();
    let condition = dice.pick(&CONDITIONS).copied().unwrap_or_default();
    let year = 1920 + dice.below(85);
    let (least, most) = words.prices;
    // Small numbers are more common than large ones, as in any saleroom.
    let span = most - least;
    let price = least + dice.below(span + 1).min(dice.below(span + 1));
    let round = if price < 100 { 5 } else { 50 };
    let rounded = (price / round * round).max(5);
    let article = if maker.starts_with(['A', 'E', 'I', 'O', 'U']) { "An" } else { "A" };
    Lot {
        kind,
        motif,
        title: format!("{maker} {thing}, {year}, {extra}"),
        description: format!("{article} {maker} {thing} of {year}, {extra}. {condition}"),
        starting_price: u32::try_from(rounded).unwrap_or(5),
        seed: dice.roll(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lots_are_the_same_for_the_same_seed() {
        assert_eq!(lots(Kind::Watches, 20, 7), lots(Kind::Watches, 20, 7));
        assert_ne!(lots(Kind::Watches, 20, 7), lots(Kind::Watches, 20, 8));
    }

    #[test]
    fn every_lot_has_a_title_and_a_price() {
        for kind in Kind::ALL {
            for lot in lots(kind, 200, 1) {
                assert!(lot.title.len() > 10 && lot.title.len() < 100, "{lot:?}");
                assert!(lot.starting_price >= 5, "{lot:?}");
            }
        }
    }
}
