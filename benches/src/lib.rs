//! Shared parts of the benchmarks: auctions and bids from a fixed seed, the CPU clock, probes, and the writer of
//! `RESULTS.md`.
//!
//! Machines are shared, so that a time alone says little. Every figure stands beside a *probe*: something simple
//! that is measured in turn with it, round by round. What is compared between machines and days is their ratio.
//!
//! | command | does |
//! |---|---|
//! | `cargo run --release -p auction-benches --bin results` | writes `benches/RESULTS.md`, in less than five minutes |
//! | `cargo run --release -p auction-benches --features server --bin server-results` | writes `benches/RESULTS-server.md`, in about twenty minutes; needs `strace`, and Postgres with `pgbench` |
//! | `cargo bench -p auction-benches --bench decide` | decisions, with the statistics of criterion |
//! | `cargo run -p auction-benches --bin instructions` | compares instructions per bid with `instructions.toml`; needs valgrind |
//! | `cargo test -p auction-benches` | an accepted bid allocates nothing |

pub mod cpu;
pub mod deciding;
pub mod desk;
pub mod formats;
pub mod probe;
pub mod report;
#[cfg(feature = "server")]
pub mod server;
pub mod workload;
