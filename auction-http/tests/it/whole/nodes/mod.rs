//! Several servers on one Postgres, with and without a Redis between them.

mod clocks;
mod cluster;
mod equal;
mod fates;
mod newer;
mod people;
mod statements;
mod storms;
mod watchers;
