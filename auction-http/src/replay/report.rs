//! Writes what came of a replay, as CSV.

use super::input::BidLog;
use super::play::Played;
use std::io::{self, Write};

/// Writes one row an auction: `auction,status,price,leader,accepted,refused,ends_at`.
///
/// `status` is the outcome's name. `price` and `leader` are empty where nobody has bid. Times are in the unit of the log.
///
/// # Errors
/// Those of `output`.
pub fn write_results(log: &BidLog, played: &Played, output: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(output);
    csv.write_record(["auction", "status", "price", "leader", "accepted", "refused", "ends_at"])?;
    for (lot, result) in log.lots().iter().zip(&played.results) {
        let (price, leader) = match result.lead {
            Some(lead) => (lead.price.display(log.currency()).to_string(), log.bidder(lead.bidder)),
            None => Default::default(),
        };
        csv.write_record([
            &*lot.name,
            result.outcome.name(),
            &price,
            leader,
            &result.accepted.to_string(),
            &result.refused.to_string(),
            &log.unit().text(result.ends_at),
        ])?;
    }
    csv.flush()
}

/// Writes one row a refused bid, in the order of their lines: `line,auction,bidder,amount,at,code`.
///
/// `code` is [`Rejection::code`](auction_core::auction::Rejection::code). Amounts are at the scale of the currency.
///
/// # Errors
/// Those of `output`.
pub fn write_refusals(log: &BidLog, played: &Played, output: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(output);
    csv.write_record(["line", "auction", "bidder", "amount", "at", "code"])?;
    for refusal in &played.refusals {
        let row = &log.rows()[refusal.row];
        csv.write_record([
            &row.line.to_string(),
            &*log.lots()[row.lot as usize].name,
            log.bidder(row.bidder),
            &row.amount.display(log.currency()).to_string(),
            &log.unit().text(row.at),
            &refusal.code,
        ])?;
    }
    csv.flush()
}
