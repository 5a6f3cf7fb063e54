//! A price that falls until somebody takes it: `cargo run -p auction-examples --example dutch_clock`.
//!
//! A buyer says the price that they saw, and pays what the clock says when they come in, if that is not higher.

use auction_core::auction::Rejection;
use auction_examples::{Room, after};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    for line in tulips()? {
        println!("{line}");
    }
    Ok(())
}

/// What the clock said, and who bought.
pub(crate) fn tulips() -> Result<Vec<String>, Box<dyn Error>> {
    let terms = r#"{"format":{"kind":"dutch","step":"5.00","interval_s":60,"floor":"60.00"}}"#;
    let mut room = Room::open("100.00", terms)?;
    let mut told = Vec::new();
    for seconds in [0, 59, 60, 480] {
        let price = room.room().auction().price_at(after(seconds));
        told.push(format!("after {seconds} s the clock says {}", room.money(price)));
    }
    // The clock of this buyer runs ahead: they are told the price instead of being sold to.
    let refused = room.buy(2, 100, "90.00", 1);
    assert!(matches!(refused, Err(Rejection::BelowMinimum { minimum: Some(_) })));
    // The price fell while the click of this one was on its way: they pay the lower one.
    room.buy(3, 120, "95.00", 1)?;
    let (winner, price) = room.sale().ok_or("it was sold")?;
    told.push(format!("person {winner} buys for {price}"));
    Ok(told)
}
