//! The examples do what they say.

#[expect(dead_code, reason = "an example prints what the test asserts")]
#[path = "../examples/recorded_auctions.rs"]
mod recorded_auctions;

use recorded_auctions::Score;

#[test]
fn the_recorded_auctions_come_out_as_recorded_but_for_two() {
    let score = recorded_auctions::replay().expect("the data is well-formed");
    assert_eq!(score, Score { checkable: 596, exact: 594, refused: 65 });
}
