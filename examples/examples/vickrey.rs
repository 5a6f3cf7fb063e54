//! Sealed bids, of which the highest wins and pays the second highest: `cargo run -p auction-examples --example vickrey`.
//!
//! Who bids what the lot is worth to them never pays more than that, and never gains by bidding anything else.

use auction_examples::Room;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", second_price()?);
    Ok(())
}

/// Who won, and for how much.
pub(crate) fn second_price() -> Result<String, Box<dyn Error>> {
    let mut room = Room::open("10.00", r#"{"format":{"kind":"vickrey"}}"#)?;
    for (who, worth) in [(2, "60.00"), (3, "100.00"), (4, "80.00")] {
        room.bid(who, 60, worth, 1)?;
    }
    room.close();
    let (winner, price) = room.sale().ok_or("it was sold")?;
    Ok(format!("person {winner} wins for {price}"))
}
