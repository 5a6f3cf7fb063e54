//! The public JSON: what leaves the house, and what comes in.
//!
//! Values of the engine are never serialised to the public; each form is made here, field by field, for a given
//! viewer, so that a new field inside shows nothing outside until somebody writes it down. Everything in this room
//! is pure.

pub mod auction;
pub mod bid;
pub mod category;
pub mod event;
pub mod label;
pub mod money;
pub mod notice;
pub mod page;
pub mod problem;
pub mod refusal;
pub mod state;
pub mod time;
pub mod won;
