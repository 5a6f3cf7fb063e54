//! Shared parts of the benchmarks: auctions and bids from a fixed seed, the CPU clock, probes, and the writer of
//! `RESULTS.md`.
//!
//! Machines are shared, so that a time alone says little. Every figure stands beside a *probe*: something simple
//! that is measured in turn with it, round by round. What is compared between machines and days is their ratio.

pub mod cpu;
pub mod deciding;
pub mod desk;
pub mod probe;
pub mod report;
pub mod workload;
