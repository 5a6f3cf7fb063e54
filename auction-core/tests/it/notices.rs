//! Who is told what, for every auction and however its events are followed.

use crate::moves::{Ask, Deed, Move, Sight, When};
use crate::people::{BIDDERS, Person, auction_id, user};
use crate::plan::{CREATED_AT, Plan as Sale, time};
use crate::random::{moves, plans};
use auction_core::auction::{Event, Saleroom, Status};
use auction_core::notify::{
    Audience, Followed, LeadTimes, NewNotice, NewRound, NoticeKind, Plan, Position, follow,
};
use auction_core::{Timestamp, UserId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const MOVES_MAX: usize = 40;

/// An auction in which all bidders but the first joined, and all the moves were tried.
fn played(sale: &Sale, moves: &[Move]) -> Saleroom {
    let mut room = Saleroom::open(auction_id(), sale.charter(user(100)), time(CREATED_AT));
    let joins = (1..BIDDERS).map(|number| Move {
        person: Person::Bidder(number),
        deed: Deed::Join,
        when: When::AtOnce,
    });
    let opening = Move { person: Person::House, deed: Deed::Advance, when: When::Start(0) };
    let mut now = CREATED_AT;
    for what in joins.chain([opening]).chain(moves.iter().copied()) {
        let ask: Ask = what.ask(sale, Sight::of(room.auction()), now);
        now = now.max(ask.at);
        // What is refused leaves no trace.
        let _ = room.handle(&ask.facts(sale), &ask.command());
    }
    room
}

/// Follows the events in pages of these lengths, one after the other and again, with the auction as it is at the end.
fn followed(room: &Saleroom, pages: &[usize], now: Timestamp) -> Vec<Plan> {
    let lead_times = LeadTimes::default();
    let followed = Followed { auction: room.auction(), title: "A lot", lead_times, now };
    let (mut position, mut rest, mut plans) = (Position::default(), room.log(), Vec::new());
    for length in pages.iter().cycle() {
        let (page, later) = rest.split_at(rest.len().min(*length));
        let plan = follow(position, &followed, page);
        assert_eq!(plan.before, position.revision);
        (position, rest) = (plan.after, later);
        plans.push(plan);
        if rest.is_empty() {
            break;
        }
    }
    assert_eq!(position.revision, room.auction().revision());
    plans
}

/// What stands in the store in the end: of losses of the lead the latest of each person, everything else once; and the
/// rounds that are still to be called.
#[derive(Debug, Default, PartialEq)]
struct Ledger {
    notices: BTreeMap<(NoticeKind, UserId), NewNotice>,
    rounds: BTreeMap<(NoticeKind, u64), NewRound>,
}

impl Ledger {
    fn of(plans: &[Plan]) -> Self {
        let mut ledger = Self::default();
        for plan in plans {
            for kind in &plan.dropped {
                assert!(plan.rounds.iter().all(|round| round.kind != *kind), "called and dropped: {plan:?}");
                ledger.rounds.retain(|(other, _), _| other != kind);
            }
            for round in &plan.rounds {
                ledger.rounds.insert((round.kind, round.occurrence), round.clone());
            }
            for notice in &plan.notices {
                let before = ledger.notices.insert((notice.kind, notice.user), notice.clone());
                let is_newer = before.is_none_or(|before| {
                    before.kind == NoticeKind::Outbid && before.occurrence < notice.occurrence
                });
                assert!(is_newer, "told twice: {notice:?}");
            }
        }
        ledger
    }
}

fn is_in(audience: Audience, bids: u32) -> bool {
    match audience {
        Audience::Participants => true,
        Audience::Bidders => bids > 0,
        Audience::Onlookers => bids == 0,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn the_same_is_told_in_the_end_however_the_events_are_paged(
        sale in plans(),
        moves in prop::collection::vec(moves(), 0..MOVES_MAX),
        pages in prop::collection::vec(1..9_usize, 1..6),
    ) {
        let room = played(&sale, &moves);
        let now = room.auction().last_at();
        let at_once = Ledger::of(&followed(&room, &[usize::MAX], now));
        prop_assert_eq!(Ledger::of(&followed(&room, &pages, now)), at_once);
    }

    #[test]
    fn who_is_told_of_losing_the_lead_lost_it_to_somebody_else_and_has_it_no_more(
        sale in plans(),
        moves in prop::collection::vec(moves(), 0..MOVES_MAX),
        pages in prop::collection::vec(1..9_usize, 1..6),
    ) {
        let room = played(&sale, &moves);
        for plan in followed(&room, &pages, room.auction().last_at()) {
            for notice in plan.notices.iter().filter(|notice| notice.kind == NoticeKind::Outbid) {
                prop_assert_ne!(room.auction().leader(), Some(notice.user));
                let loss = room.log().iter().find(|recorded| recorded.version == notice.occurrence);
                let taken = loss.map(|recorded| &recorded.event);
                prop_assert!(
                    matches!(taken, Some(Event::Bid { bidder, leads: true, .. }) if *bidder != notice.user),
                    "{:?}", notice
                );
            }
        }
    }

    #[test]
    fn everybody_who_takes_part_is_told_once_how_it_went(
        sale in plans(),
        moves in prop::collection::vec(moves(), 0..MOVES_MAX),
        pages in prop::collection::vec(1..9_usize, 1..6),
    ) {
        let mut room = played(&sale, &moves);
        let far = time(room.auction().ends_at().micros().max(room.auction().last_at().micros()));
        let closing = auction_core::auction::Command::advance(far);
        room.handle(&auction_core::auction::BidderFacts::VERIFIED, &closing).expect("the house may");
        let Status::Ended { at, .. } = *room.auction().status() else { return Ok(()) };
        let ledger = Ledger::of(&followed(&room, &pages, at.max(room.auction().last_at())));
        let closes = [NoticeKind::Ended, NoticeKind::Won, NoticeKind::Lost, NoticeKind::ReserveNotMet];
        let seller = room.auction().seller();
        let told = |user: UserId, bids: Option<u32>| {
            let alone = closes.iter().filter(|kind| ledger.notices.contains_key(&(**kind, user))).count();
            let called = ledger.rounds.values().filter(|round| {
                closes.contains(&round.kind)
                    && round.except != Some(user)
                    && bids.is_some_and(|bids| is_in(round.audience, bids))
            });
            alone + called.count()
        };
        prop_assert_eq!(told(seller, None), 1);
        for (user, standing) in room.standings().iter().filter(|(_, standing)| standing.has_joined()) {
            prop_assert_eq!(told(*user, Some(standing.bids)), 1, "{:?}", user);
        }
        let kinds: BTreeSet<_> = ledger.rounds.keys().map(|(kind, _)| *kind).collect();
        prop_assert!(kinds.iter().all(|kind| closes.contains(kind)), "stale: {:?}", kinds);
    }
}
