//! Runs the built `auction-server` as a user would.

mod bad_input;
mod command_line;
mod recorded;
mod rules;
mod support;
mod terms;
mod times;
