//! Auctions and bids over HTTP, on the reference backend and a clock that is set by hand.

mod amounts;
mod bidding;
mod browsing;
mod creating;
mod editing;
mod history;
mod house;
mod lifecycle;
mod masks;
mod openapi;
mod refusals;
mod repeating;
mod rules;
mod shelf;
