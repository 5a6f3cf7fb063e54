//! A fixed price: so many units, each at the starting price, to whoever comes first.
//!
//! A lot of three at 25.00: somebody buys two, another one, and it is over; a fourth unit there is not.

use crate::auction::units::Units;

/// So many units at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedPrice {
    /// How many are for sale.
    pub units: Units,
}
