//! The server as its users meet it: the built command, and the rooms over HTTP.

mod accounts;
mod assembly;
mod auctions;
mod bad_input;
mod command_line;
mod commands;
mod mail;
mod notices;
mod recorded;
mod rules;
mod services;
mod support;
mod terms;
mod times;
mod user_command;
mod whole;
