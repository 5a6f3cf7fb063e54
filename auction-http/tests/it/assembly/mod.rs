//! The assembled server: its conventions, its settings, its process.

mod authorisation;
mod conventions;
mod documentation;
mod house;
mod limits;
mod nodes;
mod pictures;
pub(crate) mod process;
mod settings;
mod site;
