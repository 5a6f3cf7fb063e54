//! The assembled server: its conventions, its settings, its process.

mod authorisation;
mod conventions;
mod documentation;
mod house;
mod limits;
mod pictures;
pub(crate) mod process;
mod settings;
