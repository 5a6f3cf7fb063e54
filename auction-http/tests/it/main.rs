//! Asks the routers as a client would.

mod accounts;
