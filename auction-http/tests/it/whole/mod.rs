//! The whole server: the built binary over real sockets, with friends and with foes.

mod audit;
mod bidder;
mod crowd;
mod downtime;
mod edges;
mod ends;
mod floods;
mod formats;
mod frames;
mod full;
mod house;
mod http;
mod kills;
mod logs;
mod mails;
mod nodes;
mod notices;
mod office;
mod origins;
mod planted;
mod process;
mod secrets;
mod socket;
mod strangers;
mod words;
mod worker;
