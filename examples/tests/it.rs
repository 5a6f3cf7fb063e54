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
