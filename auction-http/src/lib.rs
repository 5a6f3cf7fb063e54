//! The reference auction server as a library: one router per room, each mountable alone, and their sum.
//!
//! | room | holds |
//! |---|---|
//! | [`accounts`] | registration, sign-in, sessions over HTTP |
//! | [`audit`] | what was done that the house may have to account for |
//! | [`auctions`] | auctions and bids over HTTP |
//! | [`cli`] | the command line of `auction-server`: what is asked for, and which exit code that gets |
//! | [`demo`] | people and auctions to try things out with |
//! | [`docs`] | the description of the API, and the pages that show it |
//! | [`error`] | what a client is told when something was not done |
//! | [`extract`] | what handlers take out of requests, with errors in the form of the contract |
//! | [`handover`] | work that another process hands to the server |
//! | [`health`] | whether the server lives, whether it is ready, and what time it is |
//! | [`live`] | live updates and bids over sockets |
//! | [`logging`] | how the log is written, and where |
//! | [`media`] | pictures, as they are kept |
//! | [`metrics`] | what is counted, for Prometheus |
//! | [`notices`] | the inbox, how people want to be told, and mails that were not sent |
//! | [`params`] | query strings, and the addresses of the rows that follow |
//! | [`parts`] | what all handlers share |
//! | [`people`] | who sends a request |
//! | [`pictures`] | taking in pictures that people send |
//! | [`replay`] | plays a recorded bid log through the engine under a virtual clock |
//! | [`samples`] | made-up lots with drawn pictures |
//! | [`server`] | all rooms as one server, and what every request passes on its way in and out |
//! | [`settings`] | what a server is told before it starts |
//! | [`site`] | the web front end: its files, and the page in which it runs |
//! | [`visitors`] | who sends a request, as far as rooms that sell things care |
//! | [`wire`] | the public JSON: nothing else serialises values of the engine |
//!
//! Rules of bidding are not here but in `auction-core`.

pub mod accounts;
pub mod auctions;
pub mod audit;
pub mod cli;
pub mod demo;
pub mod docs;
pub mod error;
pub mod extract;
pub mod handover;
pub mod health;
pub mod live;
pub mod logging;
pub mod media;
pub mod metrics;
pub mod notices;
pub mod params;
pub mod parts;
pub mod people;
pub mod pictures;
mod progress;
pub mod replay;
pub mod samples;
pub mod server;
pub mod settings;
pub mod site;
pub mod visitors;
pub mod wire;
