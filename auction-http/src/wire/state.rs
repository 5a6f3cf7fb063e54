//! The state of an auction as those who watch it are sent it.

use crate::wire::auction::{
    OutcomeView, PublicStatus, ReserveState, Sight, Vote, current_price, images, units_left,
};
use crate::wire::bid::BidRow;
use crate::wire::event::gone;
use crate::wire::money::Price;
use crate::wire::time::Time;
use auction_core::auction::{Auction, Recorded};
use auction_core::catalog::Listing;
use auction_core::money::Amount;
use serde::Serialize;

#[derive(Serialize)]
struct Form<'a> {
    title: &'a str,
    description: &'a str,
    image: Option<String>,
    starting_price: Price,
    status: PublicStatus,
    last_vote: Option<Vote>,
    current_price: Price,
    next_price_at: Option<Time>,
    units_left: Option<u32>,
    minimum_bid: Option<Price>,
    bid_count: u64,
    reserve: ReserveState,
    buy_now_price: Option<Price>,
    outcome: Option<OutcomeView>,
    ends_at: Time,
    version: u64,
    previous_version: u64,
    server_time: i64,
    bids: Vec<BidRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    withdrawn: Vec<u64>,
}

/// What one person learns besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct You {
    /// Whether they lead.
    pub leading: bool,
    /// Their own maximum.
    pub maximum: Option<Amount>,
    /// Their rank, from 1, where nobody sees more than that.
    pub rank: Option<u32>,
}

/// The public form of a state as JSON, serialised once for all who watch.
///
/// `rows` are the rows of the history that are new since `previous_version`, and what took rows away; others of them are
/// left out. `sight`
/// is that of everybody: the labels in it must not be made for a viewer.
pub fn public_state(
    auction: &Auction,
    listing: &Listing,
    previous_version: u64,
    rows: &[Recorded],
    sight: &Sight<'_>,
) -> String {
    let terms = auction.terms();
    let price = |amount| Price::new(amount, terms.currency);
    let form = Form {
        title: listing.title(),
        description: listing.description(),
        image: images(listing, sight.media_url).into_iter().next(),
        starting_price: price(terms.starting_price),
        status: PublicStatus::at(auction, sight.now),
        last_vote: Vote::of(auction, sight),
        current_price: price(current_price(auction, sight.now)),
        next_price_at: auction.next_price_at(sight.now).map(Time),
        units_left: units_left(auction),
        minimum_bid: auction.minimum_bid().map(price),
        bid_count: auction.bid_count(),
        reserve: ReserveState::of(auction, false),
        buy_now_price: auction.buy_now().map(|offer| price(offer.price)),
        outcome: OutcomeView::of(auction, sight.labels),
        ends_at: Time(auction.ends_at()),
        version: auction.version(),
        previous_version,
        server_time: sight.now.millis(),
        bids: rows
            .iter()
            .filter_map(|recorded| BidRow::new(auction, recorded, None, sight.labels))
            .map(BidRow::for_all)
            .collect(),
        withdrawn: rows.iter().flat_map(|recorded| gone(&recorded.event)).copied().collect(),
    };
    serde_json::to_string(&form).expect("invariant: the form has string keys and finite numbers")
}

/// What one person learns besides, as JSON.
pub fn own_part(auction: &Auction, you: You) -> String {
    #[derive(Serialize)]
    struct Own {
        leading: bool,
        max: Option<Price>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rank: Option<u32>,
    }
    let max = you.maximum.map(|maximum| Price::new(maximum, auction.terms().currency));
    let own = Own { leading: you.leading, max, rank: you.rank };
    serde_json::to_string(&own).expect("invariant: the form has string keys and finite numbers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::label::Labels;
    use auction_core::auction::{
        Action, Bid, BidderFacts, Charter, Command, Saleroom, Schedule, TermsDocument,
    };
    use auction_core::money::{Currency, parse_decimal};
    use auction_core::{AuctionId, Timestamp, UserId};
    use serde_json::{Value, json};

    fn user(number: u64) -> UserId {
        UserId::new(number).unwrap()
    }

    fn time(text: &str) -> Timestamp {
        format!("2026-01-01T{text}Z").parse().unwrap()
    }

    fn saleroom() -> Saleroom {
        let terms =
            r#"{"participation":"open","reserve":"5600.00","increments":{"kind":"fixed","step":"1.00"}}"#;
        let start = Amount::parse("5000.00", Currency::USD).unwrap();
        let terms = TermsDocument::parse(terms).unwrap().terms(Currency::USD, start).unwrap();
        let schedule = Schedule::new(time("11:00:00"), time("12:00:00")).unwrap();
        let charter = Charter::new(user(1), schedule, terms).unwrap();
        Saleroom::open(AuctionId::new(7).unwrap(), charter, time("10:00:00"))
    }

    fn max(room: &mut Saleroom, bidder: u64, amount: &str, at: &str) -> Vec<Recorded> {
        let bid = Action::Bid(Bid::maximum(parse_decimal(amount).unwrap()));
        room.handle(&BidderFacts::VERIFIED, &Command::of(user(bidder), time(at), bid)).unwrap().to_vec()
    }

    fn state(room: &Saleroom, previous_version: u64, new: &[Recorded]) -> Value {
        let mut labels = Labels::default();
        labels.insert(room.auction().id(), user(2), "a***n@x.org".into());
        labels.insert(room.auction().id(), user(3), "b***b@x.org".into());
        let now = time("11:30:00.123");
        let sight =
            Sight { viewer: None, is_staff: false, now, labels: &labels, media_url: "http://h/media/" };
        let listing = Listing::new("A rug", "Old", None).unwrap().with_images(vec!["1/a.png".to_owned()]);
        let text = public_state(room.auction(), &listing, previous_version, new, &sight);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_state_carries_the_new_rows_and_no_maximum() {
        let mut room = saleroom();
        max(&mut room, 2, "6000.00", "11:10:00");
        let new = max(&mut room, 3, "5700.00", "11:20:00");
        let row = |version: u64, user: &str, price: &str, kind: &str| {
            let id = (7 << 24) + version;
            json!({
                "id": id, "version": version, "user": user, "price": price, "at": "2026-01-01T11:20:00Z",
                "kind": kind,
            })
        };
        let expected = json!({
            "title": "A rug", "description": "Old", "image": "http://h/media/1/a.png",
            "starting_price": "5000.00", "status": "started",
            "last_vote": {"user": "a***n@x.org", "price": "5701.00"},
            "current_price": "5701.00", "next_price_at": null, "units_left": null, "minimum_bid": "5702.00", "bid_count": 2, "reserve": "met",
            "buy_now_price": null, "outcome": null, "ends_at": "2026-01-01T12:00:00Z",
            "version": 4, "previous_version": 2, "server_time": 1_767_267_000_123_i64,
            "bids": [row(3, "b***b@x.org", "5700.00", "max"), row(4, "a***n@x.org", "5701.00", "auto")],
        });
        assert_eq!(state(&room, 2, &new), expected);
    }

    #[test]
    fn a_raise_that_nobody_sees_is_no_row() {
        let mut room = saleroom();
        max(&mut room, 2, "6000.00", "11:10:00");
        let new = max(&mut room, 2, "7000.00", "11:20:00");
        let seen = state(&room, 2, &new);
        assert_eq!((&seen["version"], &seen["bids"]), (&json!(2), &json!([])));
    }

    #[test]
    fn ones_own_part_has_ones_own_maximum() {
        let mut room = saleroom();
        max(&mut room, 2, "6000.00", "11:10:00");
        let you = You { leading: true, maximum: room.auction().leader_maximum(), rank: None };
        assert_eq!(own_part(room.auction(), you), r#"{"leading":true,"max":"6000.00"}"#);
    }
}
