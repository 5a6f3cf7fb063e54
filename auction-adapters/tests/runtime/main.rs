//! The desk and the workers on tokio, over the reference backend. Time is tokio's, which stands still here unless
//! everybody sleeps; a store that waits at a gate stands for a slow one.

mod closing;
mod crowd;
mod desk;
mod settled;
mod shutdown;
mod support;
mod worker;
