//! Bids that compete: whoever bids, on whichever node, bids a little above what was last told of the price.

use super::client::{Heard, Script};
use super::message::find;
use super::stock::Lot;
use auction_core::memory::SeededEntropy;

/// The first price, in cents.
const FIRST_CENTS: u64 = 600_000;
/// How far above the price that was told a bid is at most, in cents: bids that meet differ, and the lower one may be late.
const STEPS: u64 = 3;

/// How bids are shared out: of a hundred, so many go to the first auction.
const VERY_HOT_SHARE: u64 = 40;
/// So many go to the next few.
const HOT_SHARE: u64 = 40;
/// So few they are. All others share the rest.
const HOT: u64 = 9;

/// Bids over HTTP, each under a key, on auctions that chance chooses.
#[derive(Debug)]
pub struct Contest {
    lots: Vec<Known>,
    seats: Vec<Seat>,
    entropy: SeededEntropy,
    number: u64,
    /// Bids that were refused.
    pub refused: u64,
    /// Answers that left open what became of a bid: it was sent again under its key.
    pub unknown: u64,
}

/// What bidders know of an auction.
#[derive(Debug)]
struct Known {
    id: u64,
    price: u64,
    accepted: u64,
}

/// A connection, and the bid of which it waits to hear.
#[derive(Debug)]
struct Seat {
    token: String,
    lot: usize,
    price: u64,
    number: u64,
    is_open: bool,
}

impl Contest {
    /// A contest on these auctions; each connection bids for one who has a token.
    pub fn new(lots: &[Lot], tokens: impl IntoIterator<Item = String>) -> Self {
        let known = |lot: &Lot| Known { id: lot.id.number(), price: FIRST_CENTS, accepted: 0 };
        let seat = |token| Seat { token, lot: 0, price: 0, number: 0, is_open: false };
        Self {
            lots: lots.iter().map(known).collect(),
            seats: tokens.into_iter().map(seat).collect(),
            entropy: SeededEntropy::new(7),
            number: 0,
            refused: 0,
            unknown: 0,
        }
    }

    /// How many bids were placed.
    pub const fn placed(&self) -> u64 {
        self.number
    }

    /// How many bids were accepted.
    pub fn accepted(&self) -> u64 {
        self.lots.iter().map(|lot| lot.accepted).sum()
    }

    /// How many bids were accepted on each auction, by its number.
    pub fn accepted_on_each(&self) -> impl Iterator<Item = (u64, u64)> {
        self.lots.iter().map(|lot| (lot.id, lot.accepted))
    }

    /// Connections whose last bid nobody knows about.
    pub fn open(&self) -> Vec<usize> {
        (0..self.seats.len()).filter(|index| self.seats[*index].is_open).collect()
    }

    fn choose(&mut self) -> usize {
        let many = self.lots.len() as u64;
        let place = match self.entropy.below(100) {
            0..VERY_HOT_SHARE => 0,
            share if share < VERY_HOT_SHARE + HOT_SHARE => 1 + self.entropy.below(HOT),
            _ => 1 + HOT + self.entropy.below(many - 1 - HOT),
        };
        usize::try_from(place).unwrap_or(0)
    }
}

impl Script for Contest {
    fn ask(&mut self, connection: usize, output: &mut Vec<u8>) {
        if !self.seats[connection].is_open {
            let lot = self.choose();
            self.number += 1;
            let price = self.lots[lot].price + 1 + self.entropy.below(STEPS);
            let seat = &mut self.seats[connection];
            (seat.lot, seat.price, seat.number, seat.is_open) = (lot, price, self.number, true);
        }
        let Seat { token, lot, price, number, .. } = &self.seats[connection];
        let body = format!(r#"{{"price":"{}.{:02}"}}"#, price / 100, price % 100);
        let (id, length) = (self.lots[*lot].id, body.len());
        output.extend(
            format!(
                "POST /api/auctions/{id}/bids/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n\
                 Idempotency-Key: bid-{number:09}\r\nContent-Type: application/json\r\n\
                 Content-Length: {length}\r\n\r\n{body}"
            )
            .as_bytes(),
        );
    }

    fn hear(&mut self, connection: usize, message: &[u8]) -> Heard {
        let seat = &mut self.seats[connection];
        let lot = &mut self.lots[seat.lot];
        if message.starts_with(b"HTTP/1.1 201") {
            seat.is_open = false;
            lot.accepted += 1;
            lot.price = lot.price.max(seat.price);
            return Heard::Done;
        }
        if message.starts_with(b"HTTP/1.1 4") && !message.starts_with(b"HTTP/1.1 429") {
            seat.is_open = false;
            self.refused += 1;
            lot.price = lot.price.max(minimum(message).map_or(0, |least| least.saturating_sub(1)));
        } else {
            self.unknown += 1;
        }
        Heard::Refused
    }
}

/// The least that a refusal says would do, in cents.
fn minimum(message: &[u8]) -> Option<u64> {
    const NAME: &[u8] = br#""minimum_bid":""#;
    let rest = &message[find(message, NAME)? + NAME.len()..];
    let digits = rest.iter().take_while(|byte| **byte != b'"').filter(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_would_do() {
        let answer = br#"HTTP/1.1 400 Bad Request\r\n\r\n{"error":"no","minimum_bid":"6000.07"}"#;
        assert_eq!(minimum(answer), Some(600_007));
        assert_eq!(minimum(b"HTTP/1.1 409 Conflict"), None);
    }
}
