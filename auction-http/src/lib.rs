//! The reference auction server as a library: one router per room, each mountable alone, and their sum.
//!
//! | room | holds |
//! |---|---|
//! | [`cli`] | the command line of `auction-server`: what is asked for, and which exit code that gets |
//! | [`error`] | what a client is told when something was not done |
//! | [`replay`] | plays a recorded bid log through the engine under a virtual clock |
//!
//! Rules of bidding are not here but in `auction-core`.

pub mod cli;
pub mod error;
pub mod replay;
