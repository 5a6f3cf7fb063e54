//! What the host knows of the one who acts.

use crate::money::Amount;

/// What the host knows of the one who acts, as far as an auction cares.
///
/// The engine has no idea of accounts: a host with users of its own fills this in for each command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BidderFacts {
    /// May take part at all, for example since the address is verified.
    pub verified: bool,
    /// Is shut out.
    pub banned: bool,
    /// Belongs to the staff of the house.
    pub staff: bool,
    /// The most that the own maximum in this auction may be; `None` is without limit.
    pub spendable: Option<Amount>,
}

impl BidderFacts {
    /// Somebody who may bid without limit.
    pub const VERIFIED: Self = Self { verified: true, banned: false, staff: false, spendable: None };
    /// Somebody who may not take part yet.
    pub const UNVERIFIED: Self = Self { verified: false, ..Self::VERIFIED };
    /// A member of the staff.
    pub const STAFF: Self = Self { staff: true, ..Self::VERIFIED };

    /// The same person, shut out.
    #[must_use]
    pub const fn banned(self) -> Self {
        Self { banned: true, ..self }
    }

    /// The same person, whose own maximum may be at most this.
    #[must_use]
    pub const fn with_spendable(self, spendable: Amount) -> Self {
        Self { spendable: Some(spendable), ..self }
    }
}
