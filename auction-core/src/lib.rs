//! A pure auction engine: bids are commands, a function decides them, and what happened is a list of events.
//!
//! It brings no runtime, no socket and no database. Time is an argument, so the same commands always give the same
//! auction.
//!
//! | room | holds |
//! |---|---|
//! | [`money`] | exact amounts, currencies, increments |
//! | [`auction`] | terms, the status machine, bidding, closing: [`decide`](auction::decide()) and [`evolve`](auction::evolve()) |
//! | [`catalog`] | what is sold: listings, categories, and how they are found |
//! | [`identity`] | accounts: addresses, passwords, one-time codes, sessions, and limits on guessing |
//! | [`notify`] | who is to be told what: kinds of notices, rounds, preferences, mails that wait |
//! | [`admin`] | what the house has to account for: audit entries |
//! | [`ports`] | the traits behind which storage, time, chance and transport stand |
//! | [`service`] | the desk, which decides and commits commands in batches, and closing on time |
//! | `memory` | the reference backend (feature `memory`) |
//! | `conformance` | the cases that every backend must pass (feature `conformance`) |
//!
//! # An auction in twenty lines
//!
//! ```
//! use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Saleroom, Schedule, TermsDocument};
//! use auction_core::money::{Amount, Currency, parse_decimal};
//! use auction_core::{AuctionId, Timestamp, UserId};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let at = |text: &str| text.parse::<Timestamp>();
//! let (seller, ann, bob) = (UserId::new(1)?, UserId::new(2)?, UserId::new(3)?);
//! let terms = TermsDocument::parse(
//!     r#"{"increments":{"kind":"table","name":"ebay_us"},"first_bid":"at_least","participation":"open"}"#,
//! )?;
//! let terms = terms.terms(Currency::USD, Amount::parse("10.00", Currency::USD)?)?;
//! let schedule = Schedule::new(at("2026-01-01T12:00:00Z")?, at("2026-01-01T13:00:00Z")?)?;
//! let charter = Charter::new(seller, schedule, terms)?;
//! let mut room = Saleroom::open(AuctionId::new(1)?, charter, at("2026-01-01T00:00:00Z")?);
//!
//! for (bidder, maximum, time) in [(ann, "30", "12:10"), (bob, "20", "12:20")] {
//!     let bid = Action::Bid(Bid::maximum(parse_decimal(maximum)?));
//!     let time = at(&format!("2026-01-01T{time}:00Z"))?;
//!     room.handle(&BidderFacts::VERIFIED, &Command::of(bidder, time, bid))?;
//! }
//! assert_eq!(room.auction().leader(), Some(ann));
//! assert_eq!(room.auction().price().display(Currency::USD).to_string(), "20.50");
//! # Ok(()) }
//! ```

pub mod admin;
pub mod auction;
pub mod catalog;
#[cfg(feature = "conformance")]
pub mod conformance;
mod id;
pub mod identity;
#[cfg(feature = "memory")]
pub mod memory;
pub mod money;
pub mod notify;
pub mod ports;
pub mod service;
mod time;

pub use id::{AUCTION_ID_MAX, AuctionId, BidId, ID_MAX, InvalidId, UserId, VERSION_MAX};
pub use time::{InvalidTime, Span, Timestamp};

/// The example in the README runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
