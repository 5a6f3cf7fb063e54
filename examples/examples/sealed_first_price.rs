//! Sealed bids, of which the highest wins and is paid: `cargo run -p auction-examples --example sealed_first_price`.
//!
//! Nobody sees anything of a bid before the end, the price included; who bids twice replaces the own bid.

use auction_examples::Room;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", tender()?);
    Ok(())
}

/// Who won, and for how much.
pub(crate) fn tender() -> Result<String, Box<dyn Error>> {
    let terms = r#"{"format":{"kind":"sealed_first_price","revisions":"replace"},"reserve":"90.00"}"#;
    let mut room = Room::open("50.00", terms)?;
    room.bid(2, 60, "120.00", 1)?;
    room.bid(3, 120, "100.00", 1)?;
    // Person 2 thinks better of it. The public state is that of an auction in which nobody has bid.
    room.bid(2, 180, "95.00", 1)?;
    assert_eq!(
        (room.room().auction().price(), room.room().auction().bid_count()),
        (room.room().auction().terms().starting_price, 0)
    );
    room.close();
    let (winner, price) = room.sale().ok_or("it was sold")?;
    Ok(format!("person {winner} wins for {price}"))
}
