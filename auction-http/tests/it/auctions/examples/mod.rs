//! The worked examples of formats, of bids that are taken back or struck, and of candles, over HTTP and on every store.

mod formats;
mod player;
mod removals;
