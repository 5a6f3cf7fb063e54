//! Several units among sealed bids, at one price for all: `cargo run -p auction-examples --example multi_unit`.
//!
//! The best bids are served until nothing is left; the last one may get a part of what it asks for.

use auction_core::auction::Event;
use auction_examples::Room;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    for line in crates()? {
        println!("{line}");
    }
    Ok(())
}

/// Who gets how many, for how much each.
pub(crate) fn crates() -> Result<Vec<String>, Box<dyn Error>> {
    let terms = r#"{"format":{"kind":"multi_unit","quantity":5,"pricing":"lowest_winning"}}"#;
    let mut room = Room::open("10.00", terms)?;
    room.bid(2, 60, "20.00", 2)?;
    room.bid(3, 120, "21.00", 4)?;
    room.bid(4, 180, "19.00", 1)?;
    room.close();
    let awards = room.room().log().iter().find_map(|recorded| match &recorded.event {
        Event::Awarded { awards } => Some(awards),
        _ => None,
    });
    let awards = awards.ok_or("something was sold")?.iter();
    let line = |award: &auction_core::auction::Award| {
        let (who, units) = (award.bidder.number(), award.units.count());
        format!("person {who} gets {units} for {} each", room.money(award.price))
    };
    Ok(awards.map(line).collect())
}
