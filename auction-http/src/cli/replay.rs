//! The arguments of `auction-server replay`.

use super::EXIT_USAGE;
use crate::replay::{Closing, Increments, Layer, Overrides, Replay, Source, replay};
use auction_core::auction::{FirstBid, LeaderRaise};
use auction_core::money::Currency;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Lines are short, so that they are not wrapped on a terminal of 80 columns.
const COLUMNS: &str = "\
The bid log is a CSV file with a header. Columns are known by their names and
stand in any order; columns with other names are ignored.

  auction      which auction the bid was for: any name of up to 256 bytes
  bidder       who bid: any name of up to 256 bytes
  amount       how much, as a plain decimal like 12.50
  at           when: RFC 3339 (2026-01-31T15:00:00Z) or seconds (1180, 12.5),
               one of them for the whole log; what is finer than a
               microsecond is cut off
  kind         max: bid for me up to this amount; straight: bid exactly this;
               empty is max
  quantity     units, 1 to 10000; empty = 1

and, taken from the first row of each auction, where empty is none:

  start_price  the price at which bidding starts; 0 if there is none
  reserve      the price below which the lot is not sold; that of the terms
               if there is none
  starts_at    when bidding opens; with the first bid if there is none
  ends_at      when bidding ends; a day after the last bid if there is none

Only auction, bidder, amount and at must be there. Bids of one auction are
played in the order of their times, and in the order of the log where those are
equal. All bidders are verified and have joined before the start.

The result is CSV on standard output, one row an auction, in the order in which
the log mentions them: auction,status,price,leader,accepted,refused,ends_at.
The status is sold, reserve_not_met, no_bids or bought_now. A log with a row that
makes no sense is not played at all: the row's line is named on standard error,
and the exit code is 1.

Example: three bids, and how the auction ends

  $ cat bids.csv
  auction,bidder,amount,at,start_price,ends_at
  lamp,ann,30.00,10,10.00,600
  lamp,ben,20.00,20,,
  lamp,cleo,30.50,30,,
  $ auction-server replay bids.csv --increments ebay-us --first-bid at-least
  auction,status,price,leader,accepted,refused,ends_at
  lamp,sold,30.50,cleo,3,0,600";

/// Play a recorded bid log through the engine, or a server, and print how each auction ends.
///
/// Nothing is kept and no clock is waited for: the times in the log are the only times there are. The terms of all
/// auctions come from --terms, are overridden by the other options, and are the built-in defaults for the rest.
#[derive(Debug, Args)]
#[command(after_long_help = COLUMNS, after_help = "`replay --help` describes the columns and shows an example.")]
pub(super) struct Arguments {
    /// The bid log; `-` reads standard input.
    #[arg(value_name = "BIDS.csv")]
    log: PathBuf,

    /// A file with the terms of all auctions, as a JSON object.
    #[arg(long, value_name = "FILE.json")]
    terms: Option<PathBuf>,

    /// By how much a bid must beat the price: ebay-us, ebay-uk, fixed:AMOUNT, or percent:OF_THE_PRICE.
    ///
    /// A percentage is rounded up to the smallest unit of the currency, and may have two decimals.
    #[arg(long, value_name = "INCREMENTS")]
    increments: Option<Increments>,

    /// What the first bid must reach: more than the starting price, the starting price, or one increment more.
    #[arg(long)]
    first_bid: Option<FirstBidChoice>,

    /// Whether the price may rise when the leader raises the own maximum.
    ///
    /// It can where the old maximum had cut the answer to the last losing bid short.
    #[arg(long)]
    leader_raise: Option<LeaderRaiseChoice>,

    /// What bids near the end do to the end: hard (nothing), reset:WINDOW, or add:WINDOW/EXTENSION, in seconds.
    ///
    /// reset:600 moves the end to ten minutes after a bid in the last ten minutes; add:120/60 moves it by one minute
    /// after a bid in the last two.
    #[arg(long, value_name = "CLOSING")]
    closing: Option<Closing>,

    /// The currency of all amounts, as an ISO 4217 code.
    #[arg(long, value_name = "CODE", default_value_t = Currency::USD)]
    currency: Currency,

    /// What the bids go through: core, the engine alone; or server, a whole server.
    ///
    /// The server is made for the replay: its database is in a folder that is removed afterwards, its clock shows the
    /// time of the bid that is sent, and every bid is a request over a socket of this machine. The result is the same.
    #[arg(long, value_name = "LAYER", default_value = "core")]
    through: Through,

    /// Write the refused bids to this file: line,auction,bidder,amount,at,code.
    #[arg(long, value_name = "FILE", value_parser = NonEmptyStringValueParser::new())]
    refusals: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FirstBidChoice {
    Above,
    #[value(alias = "at_least")]
    AtLeast,
    #[value(alias = "plus_increment")]
    PlusIncrement,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LeaderRaiseChoice {
    #[value(alias = "completes_increment")]
    CompletesIncrement,
    #[value(alias = "never_moves")]
    NeverMoves,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Through {
    Core,
    Server,
}

/// Plays the log and tells how it went.
pub(super) fn run(arguments: Arguments) -> ExitCode {
    match replay(&arguments.into()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            if error.is_usage() { ExitCode::from(EXIT_USAGE) } else { ExitCode::FAILURE }
        }
    }
}

impl From<Arguments> for Replay {
    fn from(arguments: Arguments) -> Self {
        Self {
            log: Source::from(arguments.log),
            terms: arguments.terms,
            overrides: Overrides {
                increments: arguments.increments,
                first_bid: arguments.first_bid.map(FirstBid::from),
                leader_raise: arguments.leader_raise.map(LeaderRaise::from),
                closing: arguments.closing,
            },
            currency: arguments.currency,
            through: match arguments.through {
                Through::Core => Layer::Core,
                Through::Server => Layer::Server,
            },
            refusals: arguments.refusals.map(PathBuf::from),
        }
    }
}

impl From<FirstBidChoice> for FirstBid {
    fn from(choice: FirstBidChoice) -> Self {
        match choice {
            FirstBidChoice::Above => Self::Above,
            FirstBidChoice::AtLeast => Self::AtLeast,
            FirstBidChoice::PlusIncrement => Self::PlusIncrement,
        }
    }
}

impl From<LeaderRaiseChoice> for LeaderRaise {
    fn from(choice: LeaderRaiseChoice) -> Self {
        match choice {
            LeaderRaiseChoice::CompletesIncrement => Self::CompletesIncrement,
            LeaderRaiseChoice::NeverMoves => Self::NeverMoves,
        }
    }
}
