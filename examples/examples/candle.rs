//! An end that is drawn after the close: `cargo run -p auction-examples --example candle`.
//!
//! Everybody sees the SHA-256 of the seed from the beginning and the seed at the end, and can do the draw again.

use auction_core::auction::{ClosingPolicy, Event};
use auction_examples::Room;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    for line in evening()? {
        println!("{line}");
    }
    Ok(())
}

/// What was committed to, what was drawn, and who won.
pub(crate) fn evening() -> Result<Vec<String>, Box<dyn Error>> {
    let mut room = Room::open("10.00", r#"{"closing":{"kind":"candle","period_s":600,"sample_s":60}}"#)?;
    let terms = room.room().auction().terms().document();
    let commitment = terms["closing"]["commitment"].as_str().ok_or("it is shown")?.to_owned();
    for (who, seconds, amount) in [(2, 60, "20.00"), (3, 3_120, "30.00"), (4, 3_599, "40.00")] {
        room.bid(who, seconds, amount, 1)?;
    }
    room.close();
    let drawn = room.room().log().iter().find_map(|recorded| match &recorded.event {
        Event::Drawn(draw) => Some(draw),
        _ => None,
    });
    let draw = drawn.ok_or("the end is drawn")?;
    // What anybody can check: the seed is the one that was committed to, and it draws this end.
    assert_eq!(draw.seed.commitment(), commitment);
    let ClosingPolicy::Candle { period, sample, .. } = room.room().auction().terms().closing else {
        return Err("it burns".into());
    };
    let sample_number = draw.seed.draw(room.room().auction().id(), 10);
    let ends_at = room.room().auction().ends_at();
    assert_eq!(draw.ended_at, ends_at.before(period).after(sample.times(sample_number + 1)));
    let (winner, price) = room.sale().ok_or("it was sold")?;
    let ended_at = draw.ended_at;
    Ok(vec![format!("the candle went out at {ended_at}"), format!("person {winner} wins for {price}")])
}
