//! The reference auction server as a library.
//!
//! | room | holds |
//! |---|---|
//! | [`auctions`] | auctions and bids over HTTP |
//! | [`cli`] | the command line of `auction-server`: what is asked for, and which exit code that gets |
//! | [`replay`] | plays a recorded bid log through the engine under a virtual clock |
//! | [`visitors`] | who sends a request, as far as rooms that sell things care |
//! | [`wire`] | the public JSON: nothing else serialises values of the engine |
//!
//! Rules of bidding are not here but in `auction-core`.

pub mod auctions;
pub mod cli;
pub mod error;
pub mod replay;
pub mod visitors;
pub mod wire;
