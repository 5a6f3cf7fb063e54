//! The desk and the workers on tokio, over the reference backend. Time is tokio's, which stands still here unless
//! everybody sleeps; a store that waits at a gate stands for a slow one.

#![allow(clippy::unwrap_used, reason = "a test that finds something missing has failed")]

mod closing;
mod crowd;
mod desk;
mod following;
mod settled;
mod shutdown;
mod support;
mod worker;
