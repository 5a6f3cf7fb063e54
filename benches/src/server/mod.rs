//! The server under load: what `server-results` measures, and with what.
//!
//! The server and the echoes beside it run in processes of their own, so that the time they take can be told from
//! the client's. The client is one thread with raw sockets and frames that were made beforehand.
//!
//! | file | holds |
//! |---|---|
//! | `client` | the thread with all connections: closed loops, and requests at intended times |
//! | `message` | what goes over the wire: frames, requests, where an answer ends |
//! | `bidding`, `asking` | what a client says: bids, and requests that are always the same |
//! | `contest` | bids that compete over several nodes, and what became of each |
//! | `subject` | a process that is measured: the time and memory it takes |
//! | `stock` | a data folder with people, tokens and auctions |
//! | `echo` | the probes that answer over the network |
//! | `disk` | the probes that write to the disk |
//! | `postgres`, `rowlock` | a Postgres of its own, and a plain back end on it |
//! | `counter` | the desk on a store, without a network |
//! | `entries` | bids that a store is given without a desk |
//! | `book` | the writer of `RESULTS-server.md` |
//! | `trace` | what a trace of system calls says about the order of writing and answering |
//! | `sections` | what is measured, goal by goal |

pub mod asking;
pub mod bidding;
pub mod book;
pub mod client;
pub mod contest;
pub mod counter;
pub mod disk;
pub mod echo;
pub mod entries;
pub mod message;
pub mod postgres;
pub mod rowlock;
pub mod sections;
pub mod stock;
pub mod subject;
pub mod trace;

/// What goes wrong while something is measured ends the run.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
