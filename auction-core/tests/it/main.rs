//! The rules of bidding, tested from outside: worked examples, naive statements of the rules to compare with,
//! properties over random auctions, a state machine, refusals in their order, terms, statuses, and what the crate
//! may depend on.
//!
//! `people`, `plan`, `moves`, `oracle`, `house`, `invariants` and `compare` use neither files nor random numbers, so that other tests can
//! take them in by path.

mod candle;
mod compare;
mod dependencies;
mod examples;
mod format_differential;
mod format_properties;
mod format_secrecy;
mod format_terms;
mod formats;
mod house;
mod invariants;
mod lots;
mod machine;
mod moves;
mod notices;
mod oracle;
mod people;
mod plan;
mod properties;
mod random;
mod refusals;
mod removal_examples;
mod removals;
mod scenario;
mod second_chance;
mod status;
mod terms;
