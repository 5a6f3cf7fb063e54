//! One auction: its terms, its status machine, and the two functions that are the engine.
//!
//! [`decide`](decide()) takes the state of an auction, what is known of the one who acts, and a command, and answers events or
//! a rejection; [`evolve`](evolve()) applies an event to the state. Neither does I/O, reads a clock or allocates on a bid.
//! [`Saleroom`] puts the two together for one auction in memory.
//!
//! This room knows nothing of storage and of people: a bidder is a number and a handful of [`BidderFacts`].
//!
//! # Glossary
//!
//! | word | meaning |
//! |---|---|
//! | auction | one lot that is being sold, its terms and its state |
//! | bid | an offer: *straight* at its amount, or a *maximum* up to which the engine bids |
//! | maximum | the most that a bidder pays; secret from everyone but its owner |
//! | price | the standing price: what the leader would pay if the auction ended now |
//! | lead | being the one who would win now; *outbid* is to lose it |
//! | increment | by how much a bid must beat the price |
//! | reserve | the price below which the seller does not sell |
//! | hammer price | the price at which the lot is sold |
//! | second chance | the lot, offered to the next bidder since the winner defaulted |
//! | soft close | bids near the end move the end |
//! | group | lots of one seller that close together: the end of one moves those of the others |
//! | standing | what the auction knows of one bidder |
//! | version, revision | how many public events, and how many events of any kind, an auction has had |

mod command;
mod decide;
mod draw;
mod event;
mod evolve;
mod facts;
pub mod format;
mod group;
mod mask;
mod progress;
mod record;
mod rejection;
mod saleroom;
mod schedule;
mod second_chance;
mod standing;
mod state;
mod status;
mod terms;
mod units;
mod withdrawal;

pub use command::{Action, Actor, Bid, BidKind, Command};
pub use decide::{decide, decide_with, screen};
pub use draw::{Draw, Seed};
pub use event::{Award, Charter, EVENTS_PER_COMMAND_MAX, Event, Events, Recorded};
pub use evolve::{evolve, fold};
pub use facts::BidderFacts;
pub use group::{Follow, GROUP_CHARS_MAX, Group, InvalidGroup, LotMoves, Moves};
pub use progress::Progress;
pub use record::{Placed, Record, needs_record};
pub use rejection::{InvalidPrice, Rejection};
pub use saleroom::Saleroom;
pub use schedule::{LENGTH_DAYS_MAX, Schedule};
pub use second_chance::{SecondChance, SecondPrice, second_chance};
pub use standing::{Standing, Standings};
pub use state::Auction;
pub use status::{Outcome, Phase, Status};
pub use terms::{
    Anchor, BelowReserve, BuyNow, BuyNowRule, CANDLE_SAMPLES_MAX, ClosingPolicy, EXTENSIONS_MAX, EarlyClose,
    Extension, FieldError, FirstBid, JoinUntil, LeaderRaise, LeaderStraight, LowerMax, MAX_JUMP_MULTIPLE_MAX,
    MaxJump, Participation, ProxyPolicy, RETRACTION_SECS_MAX, ReserveVisibility, Retraction, Terms,
    TermsDocument, TermsErrors, Trigger, WINDOW_SECS_MAX, WINDOW_SECS_MIN,
};
pub use units::{UNITS_MAX, Units};
pub use withdrawal::{InvalidReason, REASON_BYTES_MAX, Reason, Removal, Withdrawal};
