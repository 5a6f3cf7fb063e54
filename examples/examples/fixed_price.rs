//! So many units at one price, to whoever comes first: `cargo run -p auction-examples --example fixed_price`.

use auction_core::auction::{Rejection, Status};
use auction_examples::Room;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", shop()?);
    Ok(())
}

/// What was sold.
pub(crate) fn shop() -> Result<String, Box<dyn Error>> {
    let mut room = Room::open("25.00", r#"{"format":{"kind":"fixed_price","quantity":3}}"#)?;
    room.buy(2, 60, "25.00", 2)?;
    assert_eq!(room.buy(3, 120, "25.00", 2), Err(Rejection::NotEnoughUnits { left: 1 }));
    room.buy(3, 121, "25.00", 1)?;
    // The last unit is gone, and with it the auction.
    assert_eq!(room.buy(4, 180, "25.00", 1), Err(Rejection::AlreadySold));
    let Status::Ended { outcome, .. } = room.room().auction().status() else {
        return Err("it is over".into());
    };
    Ok(format!("{outcome:?}"))
}
