//! Writes what came of a replay, as CSV.

use super::input::BidLog;
use super::play::Played;
use auction_core::money::Amount;
use std::io::{self, Write};

/// Writes one row an auction: `auction,status,price,leader,accepted,refused,ends_at`.
///
/// `status` is the outcome's name. `price` and `leader` are empty where nobody has bid. Of a lot of several units
/// `price` is the lowest that is paid for one, and `leader` names each winning bid as `bidder:quantity:price`, joined
/// by `;`, the best first. Times are in the unit of the log.
///
/// # Errors
/// Those of `output`.
pub fn write_results(log: &BidLog, played: &Played, output: impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(output);
    csv.write_record(["auction", "status", "price", "leader", "accepted", "refused", "ends_at"])?;
    for (lot, result) in log.lots().iter().zip(&played.results) {
        let money = |price: Amount| price.display(log.currency()).to_string();
        let price = result.leads.iter().map(|lead| lead.price).min().map(money).unwrap_or_default();
        let leaders: Vec<String> = result
            .leads
            .iter()
            .map(|lead| match lead.units {
                Some(units) => {
                    format!("{}:{}:{}", log.bidder(lead.bidder), units.count(), money(lead.price))
                }
                None => log.bidder(lead.bidder).to_owned(),
            })
            .collect();
        let leader = leaders.join(";");
        csv.write_record([
            &*lot.name,
            result.outcome.name(),
            &price,
            &leader,
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
