//! The reference auction server as a library.
//!
//! | room | holds |
//! |---|---|
//! | [`cli`] | the command line of `auction-server`: what is asked for, and which exit code that gets |
//! | [`replay`] | plays a recorded bid log through the engine under a virtual clock |
//!
//! Rules of bidding are not here but in `auction-core`.

pub mod cli;
pub mod replay;
