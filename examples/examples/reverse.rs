//! One buyer, and suppliers who bid; the lowest wins: `cargo run -p auction-examples --example reverse`.
//!
//! With ranks only nobody sees what others bid: a bid that is not the best is taken as well, as long as it improves the
//! bidder's own.

use auction_examples::Room;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{}", transport()?);
    Ok(())
}

/// Who supplies, and for how much.
pub(crate) fn transport() -> Result<String, Box<dyn Error>> {
    let terms = r#"{"format":{"kind":"reverse","visibility":"rank_only","improvement":"10.00"}}"#;
    let mut room = Room::open("1000.00", terms)?;
    room.bid(2, 60, "900.00", 1)?;
    room.bid(3, 120, "950.00", 1)?;
    room.bid(3, 180, "880.00", 1)?;
    // Five less than the own bid is no improvement here.
    let refused = room.bid(2, 240, "895.00", 1).expect_err("it improves by too little");
    assert_eq!(refused.code(), "below_minimum");
    room.close();
    let (winner, price) = room.sale().ok_or("somebody supplies")?;
    Ok(format!("person {winner} supplies for {price}"))
}
