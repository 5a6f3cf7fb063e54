//! What people are called in front of others.

use auction_core::{AuctionId, UserId};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What bidders are called in front of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BidderLabels {
    /// The first and the last character of the part before the @: `b***r@email.com`; to oneself the full address.
    #[default]
    Masked,
    /// By the order in which they joined the auction: `Bidder 3`.
    Alias,
    /// Their addresses.
    Email,
}

/// What somebody is called whose name is not known (any more).
pub const UNKNOWN: &str = "***";

/// What the people of one answer are called in it.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    of: FxHashMap<(AuctionId, UserId), Arc<str>>,
}

impl Labels {
    /// From now on `user` is called `label` where it is about `auction`.
    pub fn insert(&mut self, auction: AuctionId, user: UserId, label: Arc<str>) {
        self.of.insert((auction, user), label);
    }

    /// What `user` is called where it is about `auction`.
    pub fn of(&self, auction: AuctionId, user: UserId) -> &str {
        self.of.get(&(auction, user)).map_or(UNKNOWN, |label| label)
    }
}

/// An address with all but the ends of the part before the @ covered. Of a part of one character nothing is shown.
///
/// ```
/// use auction_http::wire::label::mask;
/// assert_eq!(mask("bidder@email.com"), "b***r@email.com");
/// ```
pub fn mask(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return UNKNOWN.to_owned() };
    let mut characters = local.chars();
    match (characters.next(), characters.next_back()) {
        (Some(first), Some(last)) => format!("{first}***{last}@{domain}"),
        _ => format!("***@{domain}"),
    }
}

/// What the how-manieth to join an auction is called.
pub fn alias(number: u32) -> String {
    format!("Bidder {number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ends_of_an_address_are_shown() {
        assert_eq!(mask("ab@x.org"), "a***b@x.org");
        assert_eq!(mask("a@x.org"), "***@x.org");
        assert_eq!(mask("\u{e9}ric@x.org"), "\u{e9}***c@x.org");
        assert_eq!(mask("\"odd@local\"@x.org"), "\"***\"@x.org");
        assert_eq!(mask("nonsense"), "***");
    }
}
