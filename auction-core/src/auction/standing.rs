//! What an auction knows of one bidder.

use crate::id::UserId;
use crate::money::Amount;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// What an auction knows of one bidder. It is loaded for the one who acts and committed with the auction, so
/// that an auction stays small whatever the number of its bidders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Standing {
    /// The how-manieth to join, from 1; 0 is somebody who has not joined.
    pub number: u32,
    /// How many accepted bids.
    pub bids: u32,
    /// The own maximum, or the amount of the own highest straight bid. Secret from others.
    pub maximum: Option<Amount>,
    /// The version of the last row in the bid history, one that was removed since included; 0 without one.
    pub last_version: u64,
}

impl Standing {
    /// Takes part.
    #[inline]
    pub const fn has_joined(&self) -> bool {
        self.number != 0
    }
}

/// The standings of an auction, as far as they are at hand.
pub trait Standings {
    /// The standing of this bidder; that of somebody new where there is none yet.
    fn of(&mut self, bidder: UserId) -> &mut Standing;
}

impl Standings for BTreeMap<UserId, Standing> {
    fn of(&mut self, bidder: UserId) -> &mut Standing {
        self.entry(bidder).or_default()
    }
}

impl<S: BuildHasher> Standings for HashMap<UserId, Standing, S> {
    #[inline]
    fn of(&mut self, bidder: UserId) -> &mut Standing {
        self.entry(bidder).or_default()
    }
}

impl<T: Standings + ?Sized> Standings for &mut T {
    #[inline]
    fn of(&mut self, bidder: UserId) -> &mut Standing {
        (**self).of(bidder)
    }
}
