//! Bids over the wire.

use super::client::{Heard, Script};
use super::message::{post, text_frame};
use super::stock::Lot;
use auction_core::AuctionId;

/// The first price, in cents; each bid is a cent more than the last one on its auction.
const FIRST_CENTS: u64 = 600_000;

/// Straight bids, each a cent above the one before, on auctions that each connection has been given.
#[derive(Debug)]
pub struct Bids {
    /// The auction of each connection, as an index into `prices`.
    seats: Vec<usize>,
    /// The next price of each auction, in cents.
    prices: Vec<u64>,
    over: Over,
    number: u64,
}

/// How bids are sent.
#[derive(Debug)]
enum Over {
    WebSocket,
    /// With a path and a token for each connection.
    Http(Vec<(String, String)>),
}

impl Bids {
    /// Over sockets; `seats` are the auctions of the connections.
    pub fn over_sockets(seats: &[Seat<'_>]) -> Self {
        Self::new(seats, Over::WebSocket)
    }

    /// Over HTTP.
    pub fn over_http(seats: &[Seat<'_>]) -> Self {
        let paths = seats
            .iter()
            .map(|seat| (format!("/api/auctions/{}/bids/", seat.lot.id), seat.token.to_owned()))
            .collect();
        Self::new(seats, Over::Http(paths))
    }

    /// The same, above the prices of so many earlier bids.
    #[must_use]
    pub fn after(mut self, bids: u64) -> Self {
        self.prices.iter_mut().for_each(|price| *price += bids);
        self.number = bids;
        self
    }

    /// The price of the last bid on the auction of a connection.
    pub fn last_price(&self, connection: usize) -> String {
        let cents = self.prices[self.seats[connection]];
        format!("{}.{:02}", cents / 100, cents % 100)
    }

    /// How many bids there were, those before the first included.
    pub const fn asked(&self) -> u64 {
        self.number
    }

    fn new(seats: &[Seat<'_>], over: Over) -> Self {
        let mut lots: Vec<AuctionId> = Vec::new();
        let seats = seats
            .iter()
            .map(|seat| {
                let known = lots.iter().position(|id| *id == seat.lot.id);
                known.unwrap_or_else(|| {
                    lots.push(seat.lot.id);
                    lots.len() - 1
                })
            })
            .collect();
        let prices = vec![FIRST_CENTS; lots.len()];
        Self { seats, prices, over, number: 0 }
    }
}

/// Who bids on what.
#[derive(Clone, Copy, Debug)]
pub struct Seat<'a> {
    /// On what.
    pub lot: &'a Lot,
    /// The token of who does.
    pub token: &'a str,
}

impl Seat<'_> {
    /// The handshake of its socket.
    pub fn handshake(&self) -> Vec<u8> {
        super::message::handshake(&format!("/ws/auction/{}/?token={}", self.lot.id, self.token))
    }
}

impl Script for Bids {
    fn ask(&mut self, connection: usize, output: &mut Vec<u8>) {
        let price = &mut self.prices[self.seats[connection]];
        *price += 1;
        self.number += 1;
        let (units, cents, number) = (*price / 100, *price % 100, self.number);
        match &self.over {
            Over::WebSocket => {
                let text =
                    format!(r#"{{"action":"place_bid","price":"{units}.{cents:02}","id":"b{number:08}"}}"#);
                text_frame(text.as_bytes(), output);
            }
            Over::Http(paths) => {
                let (path, token) = &paths[connection];
                post(path, token, &format!(r#"{{"price":"{units}.{cents:02}"}}"#), output);
            }
        }
    }

    fn hear(&mut self, _connection: usize, message: &[u8]) -> Heard {
        match &self.over {
            Over::WebSocket => sockets_answer(message),
            Over::Http(_) if message.starts_with(b"HTTP/1.1 201") => Heard::Done,
            Over::Http(_) => Heard::Refused,
        }
    }
}

/// What a message of a socket is: members of states and of answers never begin alike.
fn sockets_answer(message: &[u8]) -> Heard {
    let begins = |text: &str| message.starts_with(text.as_bytes());
    match () {
        () if begins(r#"{"error""#) || begins(r#"{"code""#) => Heard::Refused,
        () if begins(r#"{"title""#) => Heard::News,
        () => Heard::Done,
    }
}
