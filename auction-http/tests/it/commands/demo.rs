//! `auction-server serve --demo`.

use crate::assembly::process::Running;
use serde_json::Value;
use std::thread::sleep;
use std::time::Duration;

/// How often the lots are looked at before a test gives up, a quarter of a second apart.
const LOOKS_MAX: usize = 240;

fn lots(server: &Running) -> Vec<Value> {
    let answer = server.get("/api/auctions/");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("a list")
}

/// People bid when they like.
#[allow(clippy::disallowed_methods, reason = "the process under test has no other clock")]
fn wait() {
    sleep(Duration::from_millis(250));
}

#[test]
fn a_demonstration_has_lots_of_every_sort_on_which_people_bid() {
    let server = Running::start(&["--demo"], &[]);
    let found = lots(&server);
    let of_status = |status: &str| found.iter().filter(|lot| lot["status"] == status).count();
    assert_eq!((of_status("started"), of_status("scheduled")), (21, 4));
    for format in ["dutch", "vickrey", "fixed_price", "reverse"] {
        assert!(found.iter().any(|lot| lot["format"] == format), "{format}");
    }
    assert!(found.iter().all(|lot| lot["images"].as_array().is_some_and(|images| images.len() == 3)));
    assert!(found.iter().any(|lot| lot["reserve"] == "not_met"));
    assert!(found.iter().any(|lot| !lot["buy_now_price"].is_null()));

    let has_bids =
        |lot: &Value| lot["format"] == "english" && lot["bid_count"].as_u64().is_some_and(|count| count > 0);
    let bid_on = (0..LOOKS_MAX).find_map(|_| {
        wait();
        lots(&server).into_iter().find(|lot| has_bids(lot))
    });
    let bid_on = bid_on.expect("somebody bids");
    assert!(
        bid_on["current_bidder"].as_str().is_some_and(|name| name.ends_with("@demo.example")),
        "{bid_on}"
    );
}
