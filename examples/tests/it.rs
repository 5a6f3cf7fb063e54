//! The examples do what they say.

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/recorded_auctions.rs"]
mod recorded_auctions;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/own_account_store/main.rs"]
mod own_account_store;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/own_users.rs"]
mod own_users;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/candle.rs"]
mod candle;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/dutch_clock.rs"]
mod dutch_clock;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/fixed_price.rs"]
mod fixed_price;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/group_closing.rs"]
mod group_closing;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/multi_unit.rs"]
mod multi_unit;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/reverse.rs"]
mod reverse;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/sealed_first_price.rs"]
mod sealed_first_price;

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/vickrey.rs"]
mod vickrey;

use own_account_store::{Cards, Visit};
use own_users::Evening;
use recorded_auctions::Score;
use std::sync::Arc;

#[test]
fn the_recorded_auctions_come_out_as_recorded_but_for_two() {
    let score = recorded_auctions::replay().expect("the data is well-formed");
    assert_eq!(score, Score { checkable: 596, exact: 594, refused: 65 });
}

#[tokio::test]
async fn a_host_with_users_of_its_own_sells_to_the_one_who_may_and_bids_most() {
    let folder = tempfile::tempdir().expect("a folder");
    let evening = own_users::evening(folder.path()).await.expect("the house works");
    let refused = vec![("Cleo", "account_not_verified"), ("Bob", "over_limit")];
    assert_eq!(evening, Evening { refused, winner: "Ann", price: "130.00".to_owned() });
}

#[tokio::test]
async fn a_store_of_ones_own_takes_people_from_registering_to_signing_in() {
    let noon = "2026-01-01T12:00:00Z".parse().expect("a time");
    let visit = own_account_store::visit(Arc::new(Cards::default()), noon).await.expect("the room works");
    assert_eq!(visit, Visit { refused: 2, number: 1, is_signed_in: true });
}

#[tokio::test]
async fn two_lots_that_close_together_end_at_the_same_time() {
    let sale = [
        "person 2 bids on lot 1 at 2026-01-01T12:59:00Z",
        "lot 1 ends at 2026-01-01T13:02:00Z",
        "lot 2 ends at 2026-01-01T13:02:00Z",
        "person 3 bids on lot 2 at 2026-01-01T13:01:00Z",
        "lot 1 ends at 2026-01-01T13:04:00Z",
        "lot 2 ends at 2026-01-01T13:04:00Z",
        "lot 1 has ended at 2026-01-01T13:04:00Z",
        "lot 2 has ended at 2026-01-01T13:04:00Z",
    ];
    assert_eq!(group_closing::sale().await.expect("it is held"), sale);
}

/// Every case that a store of accounts must pass, for the store of the example.
mod conformance {
    use super::Cards;
    use pollster::block_on;

    auction_core::account_cases!(block_on, Box::new(Cards::default()));
    auction_core::credential_cases!(block_on, Box::new(Cards::default()));
    auction_core::standing_cases!(block_on, Box::new(Cards::default()));
    auction_core::profile_cases!(block_on, Box::new(Cards::default()));
    auction_core::admission_cases!(block_on, Box::new(Cards::default()));
}

#[test]
fn each_format_ends_as_its_example_says() {
    assert_eq!(sealed_first_price::tender().expect("it is held"), "person 3 wins for 100.00");
    assert_eq!(vickrey::second_price().expect("it is held"), "person 3 wins for 80.00");
    let crates = ["person 3 gets 4 for 20.00 each", "person 2 gets 1 for 20.00 each"];
    assert_eq!(multi_unit::crates().expect("it is held"), crates);
    let tulips = [
        "after 0 s the clock says 100.00",
        "after 59 s the clock says 100.00",
        "after 60 s the clock says 95.00",
        "after 480 s the clock says 60.00",
        "person 3 buys for 90.00",
    ];
    assert_eq!(dutch_clock::tulips().expect("it is held"), tulips);
    assert_eq!(reverse::transport().expect("it is held"), "person 3 supplies for 880.00");
    assert_eq!(fixed_price::shop().expect("it is held"), "SoldUnits { units: 3 }");
    // The last of three bids came after the moment that this seed draws.
    let evening = ["the candle went out at 2026-01-01T12:57:00Z", "person 3 wins for 20.01"];
    assert_eq!(candle::evening().expect("it is held"), evening);
}
