//! Commands that look at, or write to, the database of a server.

mod check;
mod demo;
mod doctor;
mod generate;
