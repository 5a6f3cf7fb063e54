//! The assembled server: its conventions, its settings, its process.

mod conventions;
mod documentation;
mod house;
mod limits;
mod process;
mod settings;
