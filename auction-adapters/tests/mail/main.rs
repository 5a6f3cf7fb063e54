//! Mails handed to a mail server that runs as a process of its own and misbehaves on command, and mails in files. What
//! was sent is read by Python's parser of mail, which is not ours.

#![allow(clippy::unwrap_used, reason = "a test that finds something missing has failed")]

mod contents;
mod delivery;
mod dependencies;
mod encryption;
mod faults;
mod pool;
mod server;
