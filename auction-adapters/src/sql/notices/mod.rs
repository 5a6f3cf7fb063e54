//! Notices, inboxes and mails that wait.
//!
//! Where others write at the same time, locks are taken in one order, so that no two wait for each other: the numbers of
//! notices ([`NUMBERS`]), positions by auction, rounds of these auctions, notices by number, mails by number.
//!
//! - A plan takes all of them, and a page of a round all but positions. Neither takes the numbers where it writes no
//!   notice; then it takes no notices and mails either.
//! - What a person reads takes notices, and what became of mails takes mails; reviving takes one mail.
//! - Claims and what is forgotten pass over what is locked, and so wait for nobody. It is there again the next time.
//!
//! So nobody who holds a lock waits for one that comes earlier, except a plan for a second one of the same auction, which
//! takes rounds once more: whoever else has them waits for nothing, or has the numbers, which that plan has itself.

use super::pen::{Pen, Readers};
use super::{columns, driver, failure, pen, portions};

mod inbox;
mod outbox;
mod relay;
mod rounds;
mod rows;
mod write;

/// What is held by whoever writes notices, until they are committed: so that numbers are seen in their order.
const NUMBERS: &str = "the numbers of notices";

/// Notices, inboxes and mails that wait, in a database.
///
/// Several processes may write to it. Each write is one transaction of a few statements, whatever the number of rows.
/// What is planned and settled waits for no disk: should the machine of the database lose it, it is found out again.
/// Mails that are posted or claimed wait, so that none is lost, and none with a secret is sent twice.
#[derive(Clone, Debug)]
pub struct Notices {
    pub(super) readers: Readers,
    pub(super) pen: Pen,
    pub(super) durable_pen: Pen,
}
