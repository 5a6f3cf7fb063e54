//! Second chances, and sealed auctions of which bids are gone.

use crate::people::{auction_id, user};
use crate::plan::{CREATED_AT, SECOND, STARTS_AT, amount, time};
use auction_core::auction::{
    Action, Actor, Bid, BidderFacts, Charter, Command, Event, Outcome, Reason, Record, Recorded, Removal,
    Saleroom, Schedule, SecondPrice, Seed, Status, Terms, TermsDocument, fold, second_chance,
};
use auction_core::money::Currency;
use proptest::prelude::*;
use serde_json::{Value, json};

const END: i64 = STARTS_AT + 3_600 * SECOND;

fn terms(mut document: Value) -> Terms {
    document["participation"] = "open".into();
    if document.get("format").is_none() {
        document["first_bid"] = "at_least".into();
        document["increments"] = json!({ "kind": "table", "name": "ebay_us" });
    }
    let document = TermsDocument::parse(&document.to_string()).expect("a document");
    document.terms(Currency::USD, amount(1_000)).expect("terms").with_seed(Seed::new([1; 32]))
}

/// An auction with maximums, or sealed bids, of these people, in whole dollars.
fn room(terms: &Terms, bids: &[(u64, i64)]) -> Saleroom {
    let schedule = Schedule::new(time(STARTS_AT), time(END)).expect("a schedule");
    let charter = Charter::new(user(100), schedule, terms.clone()).expect("a charter");
    let mut room = Saleroom::open(auction_id(), charter, time(CREATED_AT));
    for bid in bids {
        place(&mut room, *bid).expect("a bid that is taken");
    }
    room
}

fn place(room: &mut Saleroom, (bidder, dollars): (u64, i64)) -> Result<u64, &'static str> {
    let action = Action::Bid(Bid::maximum(dollars.into()));
    let log = room.handle(&BidderFacts::VERIFIED, &Command::of(user(bidder), time(STARTS_AT), action));
    log.map(|log| log.last().map_or(0, |it| it.revision)).map_err(|rejection| rejection.code())
}

/// The next bidder and price in cents.
fn next(terms: &Terms, bids: &[(u64, i64)], defaulters: &[u64], price: SecondPrice) -> Option<(u64, i64)> {
    let record = Record::of(room(terms, bids).log());
    let defaulters: Vec<_> = defaulters.iter().map(|number| user(*number)).collect();
    let next = second_chance(terms, &record, &defaulters, price)?;
    Some((next.bidder.number(), next.price.minor()))
}

const REPLAY: SecondPrice = SecondPrice::ReplayWithoutDefaulter;
const MOST: SecondPrice = SecondPrice::TheirMaximum;
/// C 60, B 80, A 100.
const THREE: [(u64, i64); 3] = [(3, 60), (2, 80), (1, 100)];

#[test]
fn the_next_bidder_is_offered_the_lot_at_the_price_without_those_who_defaulted() {
    let terms = terms(json!({}));
    assert_eq!(room(&terms, &THREE).auction().price(), amount(8_100));
    assert_eq!(SecondPrice::default(), REPLAY);
    for (defaulters, replayed, most) in [
        (&[1][..], Some((2, 6_100)), Some((2, 8_000))),
        (&[1, 2], Some((3, 1_000)), Some((3, 6_000))),
        (&[2, 1], Some((3, 1_000)), Some((3, 6_000))),
        (&[1, 3], Some((2, 1_000)), Some((2, 8_000))),
        (&[1, 2, 3], None, None),
        // Nobody has defaulted, or somebody who has not bid: the winner.
        (&[], Some((1, 8_100)), Some((1, 10_000))),
        (&[9], Some((1, 8_100)), Some((1, 10_000))),
    ] {
        assert_eq!(next(&terms, &THREE, defaulters, REPLAY), replayed, "{defaulters:?}");
        assert_eq!(next(&terms, &THREE, defaulters, MOST), most, "{defaulters:?}");
    }
    assert_eq!(next(&terms, &[], &[1], REPLAY), None);
}

#[test]
fn an_offer_is_never_above_what_the_bidder_goes_up_to() {
    let terms = terms(json!({}));
    // One increment above C's 80 would be 81.
    assert_eq!(next(&terms, &[(3, 80), (2, 81), (1, 100)], &[1], REPLAY), Some((2, 8_100)));
    let bids = [(3, 80), (1, 100), (2, 110)];
    assert_eq!(next(&terms, &bids, &[2], REPLAY), Some((1, 8_100)));
    // Of two equal maximums the earlier one is next, at all of it.
    assert_eq!(next(&terms, &[(3, 80), (2, 80), (1, 100)], &[1], REPLAY), Some((3, 8_000)));
}

#[test]
fn below_the_reserve_nobody_is_next_unless_the_seller_takes_less() {
    let reserved = terms(json!({ "reserve": "70.00" }));
    assert_eq!(next(&reserved, &THREE, &[1], REPLAY), Some((2, 7_000)));
    assert_eq!(next(&reserved, &THREE, &[1], MOST), Some((2, 8_000)));
    assert_eq!(next(&reserved, &THREE, &[1, 2], REPLAY), None);
    assert_eq!(next(&reserved, &THREE, &[1, 2], MOST), None);
    let record = Record::of(room(&reserved, &THREE).log());
    let mut free = reserved;
    free.reserve = None;
    let offer = second_chance(&free, &record, &[user(1), user(2)], REPLAY).expect("C is next");
    assert_eq!((offer.bidder, offer.price), (user(3), amount(1_000)));
}

#[test]
fn sealed_bids_are_opened_again_without_those_who_defaulted() {
    let first = terms(json!({ "format": { "kind": "sealed_first_price" } }));
    let second = terms(json!({ "format": { "kind": "vickrey" } }));
    let reserved = terms(json!({ "format": { "kind": "vickrey" }, "reserve": "70.00" }));
    for (terms, price, defaulters, expected) in [
        (&first, REPLAY, &[1][..], Some((2, 8_000))),
        (&first, MOST, &[1], Some((2, 8_000))),
        (&first, REPLAY, &[1, 2], Some((3, 6_000))),
        (&second, REPLAY, &[], Some((1, 8_000))),
        (&second, REPLAY, &[1], Some((2, 6_000))),
        (&second, MOST, &[1], Some((2, 8_000))),
        (&second, REPLAY, &[1, 2], Some((3, 1_000))),
        (&second, REPLAY, &[1, 2, 3], None),
        (&reserved, REPLAY, &[1], Some((2, 7_000))),
        (&reserved, REPLAY, &[1, 2], None),
    ] {
        assert_eq!(next(terms, &THREE, defaulters, price), expected, "{defaulters:?}");
    }
    let replacing = terms(json!({ "format": { "kind": "sealed_first_price", "revisions": "replace" } }));
    assert_eq!(next(&replacing, &[(2, 90), (1, 100), (2, 70)], &[1], MOST), Some((2, 7_000)));
}

#[test]
fn formats_without_one_winner_know_no_second_chance() {
    for format in [
        json!({ "kind": "multi_unit", "quantity": 3 }),
        json!({ "kind": "reverse" }),
        json!({ "kind": "fixed_price", "quantity": 3 }),
    ] {
        let terms = terms(json!({ "format": format }));
        assert_eq!(next(&terms, &[], &[1], REPLAY), None);
        if terms.format.name() != "fixed_price" {
            let bids = if terms.format.name() == "reverse" { [(1, 9), (2, 8)] } else { [(1, 20), (2, 30)] };
            assert_eq!(next(&terms, &bids, &[2], REPLAY), None);
        }
    }
}

#[test]
fn of_a_candle_auction_only_the_bids_before_the_draw_are_asked() {
    let candle = terms(json!({ "closing": { "kind": "candle", "period_s": 600, "sample_s": 60 } }));
    let mut room = room(&candle, &[(3, 60), (1, 100)]);
    let late = Command::of(user(2), time(END - SECOND), Action::Bid(Bid::maximum(80.into())));
    room.handle(&BidderFacts::VERIFIED, &late).expect("a bid that is taken");
    room.handle(&BidderFacts::VERIFIED, &Command::advance(time(END))).expect("time is never refused");
    let drawn = room
        .log()
        .iter()
        .find_map(|it| if let Event::Drawn(draw) = &it.event { Some(draw.ended_at) } else { None });
    let record = Record::of(room.log()).until(drawn.expect("a draw"));
    let offer = second_chance(&candle, &record, &[user(1)], REPLAY).expect("C is next");
    assert_eq!((offer.bidder, offer.price), (user(3), amount(1_000)));
}

proptest! {
    /// Whatever the bids: the offer is what an auction without the defaulters' bids would have come to, never above
    /// the own highest bid, and asking for the own maximum names the same bidder.
    #[test]
    fn a_second_chance_is_the_outcome_of_the_other_bids(
        kind in prop::sample::select(vec!["english", "sealed_first_price", "vickrey"]),
        bids in prop::collection::vec((1..6_u64, 10..200_i64), 0..12),
        defaulters in prop::collection::btree_set(1..6_u64, 0..4),
        reserve in prop::option::of(10..150_i64),
    ) {
        let mut document = json!({ "reserve": reserve.map(|reserve| format!("{reserve}.00")) });
        if kind != "english" {
            document["format"] = json!({ "kind": kind, "revisions": "replace" });
        }
        let terms = terms(document);
        let mut all = room(&terms, &[]);
        for bid in bids {
            let _ = place(&mut all, bid);
        }
        let record = Record::of(all.log());
        let defaulters: Vec<_> = defaulters.into_iter().map(user).collect();
        let mut without = all.clone();
        for defaulter in &defaulters {
            let void = Action::Void { removal: Removal::Of(*defaulter), reason: reason() };
            let command = Command { at: time(END - 1), by: Actor::System, action: void };
            let _ = without.handle(&BidderFacts::VERIFIED, &command);
        }
        let sale = outcome(without).sale();
        let replayed = second_chance(&terms, &record, &defaulters, REPLAY);
        prop_assert_eq!(replayed.map(|offer| (offer.bidder, offer.price)), sale);
        let most = second_chance(&terms, &record, &defaulters, MOST);
        prop_assert_eq!(most.map(|offer| offer.bidder), replayed.map(|offer| offer.bidder));
        if let (Some(replayed), Some(most)) = (replayed, most) {
            prop_assert!(replayed.price <= most.price);
            prop_assert_eq!(Some(most.price), all.standing(most.bidder).maximum);
        }
    }

    /// A sealed auction of which bids are gone ends as one in which they were never made, and tells as little.
    #[test]
    fn sealed_bids_that_are_gone_were_never_made(
        kind in prop::sample::select(vec!["sealed_first_price", "vickrey", "multi_unit"]),
        shown in any::<bool>(),
        bids in prop::collection::vec((1..6_u64, 10..60_i64), 0..12),
        gone in 1..6_u64,
        one in any::<prop::sample::Index>(),
    ) {
        let count = if shown { "shown" } else { "hidden" };
        let mut format = json!({ "kind": kind, "count": count });
        if kind == "multi_unit" {
            format["quantity"] = 3.into();
        } else {
            format["revisions"] = "replace".into();
        }
        let terms = terms(json!({ "format": format, "retraction": { "kind": "allowed", "free_until_s": 0 } }));
        let (mut all, mut taken) = (room(&terms, &[]), Vec::new());
        for bid in bids {
            let before = all.auction().revision();
            place(&mut all, bid).expect("a sealed bid above the start");
            let own = all.log()[before as usize..].iter().find(|it| matches!(it.event, Event::SealedBid { .. }));
            taken.extend(own.map(|own| (own.revision, bid)));
        }
        let mut never = taken.clone();
        let mut removals = vec![(Command::of(user(gone), time(END - 1), Action::Retract { reason: reason() }), BidderFacts::VERIFIED)];
        never.retain(|(_, bid)| bid.0 != gone);
        if !taken.is_empty() {
            let revision = one.get(&taken).0;
            never.retain(|(own, _)| *own != revision);
            let void = Action::Void { removal: Removal::One(revision), reason: reason() };
            removals.insert(0, (Command::of(user(200), time(END - 1), void), BidderFacts::STAFF));
        }
        for (command, facts) in &removals {
            let before = all.clone();
            let answer = all.handle(facts, command).map(<[Recorded]>::to_vec);
            match answer {
                Err(_) => prop_assert_eq!(&all, &before),
                Ok(log) => {
                    prop_assert_eq!(log.len(), 1);
                    prop_assert_eq!(log[0].masked().is_some(), shown, "hidden bids are gone in silence");
                    prop_assert_eq!(all.auction().version(), before.auction().version() + u64::from(shown));
                    prop_assert_eq!(all.auction().leader(), None);
                    if let Some(Recorded { event: Event::Withdrawn(told), .. }) = log[0].masked() {
                        prop_assert_eq!((told.leader, told.price, told.maximum, told.bids), (None, None, None, 0));
                        prop_assert!(told.revisions.is_empty() && told.versions.is_empty() && told.reason.is_none());
                    }
                }
            }
            prop_assert!(shown || all.auction().bid_count() == 0);
        }
        for number in 1..6 {
            let standing = all.standing(user(number));
            let own: Vec<_> = never.iter().map(|(_, bid)| *bid).filter(|bid| bid.0 == number).collect();
            let committed = match kind {
                "multi_unit" => own.iter().map(|bid| bid.1).reduce(|sum, dollars| sum + dollars),
                _ => own.last().map(|bid| bid.1),
            };
            prop_assert_eq!(standing.bids as usize, own.len());
            prop_assert_eq!(standing.maximum, committed.map(|dollars| amount(100 * dollars)));
        }
        let bids: Vec<_> = never.iter().map(|(_, bid)| *bid).collect();
        let fresh = room(&terms, &bids);
        // The same bid again in the place of one's own is none; here it stands since another stood between them.
        prop_assume!(fresh.standings().values().map(|standing| standing.bids as usize).sum::<usize>() == bids.len());
        prop_assert_eq!(all.auction().bid_count(), fresh.auction().bid_count());
        let (auction, standings) = fold(auction_id(), all.log()).expect("a whole log");
        prop_assert_eq!((&auction, &standings), (all.auction(), all.standings()));
        let awards = |room: &Saleroom| {
            let mut room = room.clone();
            room.handle(&BidderFacts::VERIFIED, &Command::advance(time(END))).expect("time is never refused");
            let awards = room.log().iter().find_map(|it| match &it.event {
                Event::Awarded { awards } => Some(awards.to_vec()),
                _ => None,
            });
            (awards, room.auction().bid_count())
        };
        prop_assert_eq!(awards(&all), awards(&fresh));
        prop_assert_eq!(outcome(all), outcome(fresh));
    }
}

fn outcome(mut room: Saleroom) -> Outcome {
    room.handle(&BidderFacts::VERIFIED, &Command::advance(time(END))).expect("time is never refused");
    let Status::Ended { outcome, .. } = room.auction().status() else { panic!("still open") };
    *outcome
}

fn reason() -> Reason {
    Reason::new("Has not paid.").expect("a reason")
}
