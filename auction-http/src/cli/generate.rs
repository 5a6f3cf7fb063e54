//! `auction-server generate-auctions`.

use super::{Common, EXIT_USAGE, block_on, complain, print, settings};
use crate::handover::{
    COUNT_MAX, Commission, DAYS_AHEAD_MAX, DURATION_HOURS_MAX, Delivery, HOUSE_EMAIL, HandoverError, fill,
    hand_over,
};
use crate::progress::Bar;
use crate::samples::Kind;
use crate::server::{Duties, House};
use crate::settings::{Database, Settings};
use auction_adapters::system::{SystemClock, SystemEntropy};
use clap::{Args, ValueEnum};
use std::process::ExitCode;
use std::sync::Arc;

/// Put made-up lots up for auction, with pictures that are drawn for them. Works beside a running server.
///
/// Nothing is fetched from anywhere. The house itself sells, under an account that is made for it. Beside a running
/// server or worker that does the work, and this command waits for it; stopping the command stops the work.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What is sold.
    #[arg(long, value_name = "KIND", default_value = "all")]
    category: Category,

    /// How many auctions of each kind.
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = within(COUNT_MAX))]
    count: u32,

    /// They start within so many days.
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = within(DAYS_AHEAD_MAX))]
    days_ahead: u32,

    /// They are open for so many hours.
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = within(DURATION_HOURS_MAX))]
    duration_hours: u32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Category {
    Electronics,
    Jewelry,
    Watches,
    Vehicles,
    All,
}

fn within(most: u32) -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=i64::from(most))
}

/// Runs it.
pub(super) fn run(common: &Common, arguments: &Arguments) -> ExitCode {
    let settings = match settings(&common.sources()) {
        Ok(settings) => settings,
        Err(code) => return code,
    };
    let Arguments { category, count, days_ahead, duration_hours } = *arguments;
    match Commission::new(category.kinds(), count, days_ahead, duration_hours) {
        Ok(commission) => block_on(generate(settings, &commission)).unwrap_or_else(complain),
        Err(error) => {
            complain(error);
            ExitCode::from(EXIT_USAGE)
        }
    }
}

async fn generate(settings: Settings, commission: &Commission) -> ExitCode {
    if settings.database == Database::Memory {
        return complain("auctions are kept in memory (DATABASE_URL): they would be gone at once");
    }
    let bar = Bar::new("auctions made", Some(commission.total()));
    let tell = |made| bar.tell(made);
    let listen = settings.listen;
    let Delivery { made, listen: server } = match hand_over(&settings.data_dir, commission, tell).await {
        Ok(Some(delivery)) => delivery,
        Ok(None) => match alone(settings, commission, tell).await {
            Ok(made) => Delivery { made, listen: None },
            Err(why) => return complain(why),
        },
        Err(error @ (HandoverError::Refused(_) | HandoverError::Broken(_))) => return complain(error),
    };
    drop(bar);
    let hint = if server.is_some() { "See" } else { "Start the server, and see" };
    let listen = server.unwrap_or(listen);
    print(&format!(
        "{made} auctions were made; they start within {} days, and {HOUSE_EMAIL} sells.\n\
         {hint} them at http://{listen}/api/auctions/?status=scheduled\n",
        commission.days_ahead(),
    ))
}

/// Takes the lock and writes the auctions itself.
async fn alone(
    settings: Settings,
    commission: &Commission,
    tell: impl FnMut(usize) + Send,
) -> Result<usize, String> {
    let duties = if settings.database.is_shared() { Duties::None } else { Duties::All };
    let house = House::open_with(settings, Arc::new(SystemClock), Arc::new(SystemEntropy), duties).await;
    let house = house.map_err(|error| error.to_string())?;
    let filled = fill(house.parts(), commission, tell).await;
    house.close().await;
    filled.map_err(|error| error.to_string())
}

impl Category {
    fn kinds(self) -> Vec<Kind> {
        match self {
            Self::Electronics => vec![Kind::Electronics],
            Self::Jewelry => vec![Kind::Jewelry],
            Self::Watches => vec![Kind::Watches],
            Self::Vehicles => vec![Kind::Vehicles],
            Self::All => Kind::ALL.to_vec(),
        }
    }
}
