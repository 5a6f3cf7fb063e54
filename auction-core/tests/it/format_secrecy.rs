//! Hidden bids: two auctions that differ in nothing but what is hidden look the same to everybody else.

use crate::format_properties::cases;
use crate::lots::{self, Lot, Rules};
use crate::people::{BIDDERS, user};
use crate::plan::{CREATED_AT, Plan, SECOND, STARTS_AT, Steps, time};
use auction_core::auction::{
    Action, Auction, Bid, BidderFacts, Command, Recorded, Rejection, Saleroom, Units,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// How many bids there are at most.
const BIDS_MAX: usize = 10;

/// Whose bids are different in the two auctions.
const SECRET: u64 = 1;

/// A bid of somebody, so many seconds after the one before, with two amounts of which one is used.
#[derive(Clone, Copy, Debug)]
struct Hidden {
    bidder: u64,
    after: i64,
    amounts: [i64; 2],
    units: u32,
}

fn hidden() -> impl Strategy<Value = Hidden> {
    (1..=u64::from(BIDDERS), 0..40_i64, [0..12_i64, 0..12_i64], 1..4_u32)
        .prop_map(|(bidder, after, amounts, units)| Hidden { bidder, after, amounts, units })
}

/// Everything that everybody may see.
#[derive(Debug, PartialEq)]
struct View {
    price: i64,
    leader: Option<u64>,
    minimum: Option<i64>,
    bid_count: u64,
    version: u64,
    reserve_met: Option<bool>,
    ends_at: i64,
    participants: u32,
    extensions: u32,
    events: Vec<Recorded>,
}

fn view(room: &Saleroom) -> View {
    let auction: &Auction = room.auction();
    View {
        price: auction.price().minor(),
        leader: auction.leader().map(|leader| leader.number()),
        minimum: auction.minimum_bid().map(|minimum| minimum.minor()),
        bid_count: auction.bid_count(),
        version: auction.version(),
        reserve_met: auction.reserve_met(),
        ends_at: auction.ends_at().micros(),
        participants: auction.participants(),
        extensions: auction.extensions(),
        events: room.log().iter().filter_map(Recorded::masked).collect(),
    }
}

/// What everybody else sees and is answered, bid by bid, until the end comes.
fn watch(lot: &Lot, bids: &[Hidden], run: usize) -> Vec<(Option<Result<(), Rejection>>, View)> {
    let mut room = lot.open();
    for number in 1..=u64::from(BIDDERS) {
        let join = Command::of(user(number), time(CREATED_AT), Action::Join);
        room.handle(&BidderFacts::VERIFIED, &join).expect("everybody may join before the start");
    }
    let mut now = STARTS_AT;
    let mut seen = Vec::new();
    for (index, bid) in bids.iter().enumerate() {
        now += bid.after * SECOND;
        if now >= room.auction().ends_at().micros() {
            break;
        }
        let number = bid.amounts[if bid.bidder == SECRET { run } else { 0 }];
        let earlier = bids[..index].iter().filter(|other| other.bidder == bid.bidder).count();
        let earlier = i64::try_from(earlier).expect("a few bids");
        let cents = match lot.rules {
            // A bid improves the bidder's own one in both auctions, whoever leads.
            Rules::Reverse { improvement, .. } => lot.plan.start - earlier * (improvement + 12) - number,
            // The same bid again is none, so that no bidder bids the same twice.
            _ => lot.plan.start + 1 + number * 17 + earlier,
        };
        let units = Units::new(bid.units.min(lot.rules.supply())).expect("a number of units");
        let offer = Bid::straight(Decimal::new(cents, 2)).for_units(units);
        let command = Command::of(user(bid.bidder), time(now), Action::Bid(offer));
        let answer = room.handle(&BidderFacts::VERIFIED, &command).map(|_| ());
        let answer = Some(answer).filter(|_| bid.bidder != SECRET);
        seen.push((answer, view(&room)));
    }
    seen
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn sealed_bids_show_in_nothing_that_others_see(
        lot in prop_oneof![lots::first_price(), lots::vickrey(), lots::multi_unit()],
        bids in prop::collection::vec(hidden(), 1..BIDS_MAX),
    ) {
        prop_assert_eq!(watch(&lot, &bids, 0), watch(&lot, &bids, 1));
    }

    /// With the smallest front buffer: a wider one tells a bidder that the best bid is near, which is its purpose.
    #[test]
    fn bids_of_a_reverse_auction_with_ranks_only_show_in_nothing_that_others_see(
        lot in lots::reverse(true),
        start in 400..600_i64,
        bids in prop::collection::vec(hidden(), 1..BIDS_MAX),
    ) {
        let lot = Lot { plan: Plan { start, steps: Steps::Smallest, ..lot.plan }, ..lot };
        prop_assert_eq!(watch(&lot, &bids, 0), watch(&lot, &bids, 1));
    }
}
