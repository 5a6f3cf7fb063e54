//! What must hold after every command, whatever it was. Each function checks one thing and panics where it fails.

use crate::people::auction_id;
use auction_core::auction::{
    Action, BidderFacts, BuyNowRule, Command, Event, Outcome, Phase, Record, Recorded, Rejection, Saleroom,
    Status, decide, decide_with, fold, needs_record,
};
use auction_core::{Timestamp, UserId};

/// A command, and the auction before and after it.
pub(crate) struct Step<'a> {
    pub(crate) before: &'a Saleroom,
    pub(crate) after: &'a Saleroom,
    pub(crate) facts: &'a BidderFacts,
    pub(crate) command: &'a Command,
    pub(crate) answer: &'a Result<Vec<Recorded>, Rejection>,
}

/// One that can be checked.
pub(crate) type Check = fn(&Step<'_>);

/// All of them, by name.
pub(crate) const ALL: &[Check] = &[
    the_price_is_never_above_the_leaders_maximum,
    the_price_never_falls,
    the_seller_never_leads,
    nothing_is_taken_outside_of_the_open_time,
    the_end_never_moves_earlier_nor_past_the_hard_end,
    a_refusal_changes_nothing,
    deciding_twice_gives_the_same,
    the_log_folds_to_the_state,
    there_is_at_most_one_winner_and_it_stays,
    public_events_are_numbered_without_gaps,
    bids_are_counted_without_answers,
    the_end_moves_at_most_as_often_as_agreed,
    an_early_stamp_counts_as_that_of_the_last_commit,
    who_leads_has_joined_and_bid,
    what_is_due_happens_by_time_alone,
    the_minimum_is_exactly_the_boundary,
    state_and_log_survive_being_stored,
];

/// Runs all of them.
pub(crate) fn check_all(step: &Step<'_>) {
    for check in ALL {
        check(step);
    }
}

impl Step<'_> {
    fn happened(&self) -> &[Recorded] {
        self.answer.as_deref().unwrap_or(&[])
    }

    fn revised(&self) -> bool {
        self.happened().iter().any(|recorded| matches!(recorded.event, Event::Revised { .. }))
    }

    /// The time as of which the command counts.
    fn at(&self) -> Timestamp {
        self.command.at.max(self.before.auction().last_at())
    }
}

pub(crate) fn the_price_is_never_above_the_leaders_maximum(step: &Step<'_>) {
    let auction = step.after.auction();
    assert_eq!(auction.leader().is_some(), auction.leader_maximum().is_some());
    match auction.leader_maximum() {
        Some(maximum) => assert!(auction.price() <= maximum, "{:?} above {maximum:?}", auction.price()),
        None => assert_eq!(auction.price(), auction.terms().starting_price),
    }
}

pub(crate) fn the_price_never_falls(step: &Step<'_>) {
    let (before, after) = (step.before.auction().price(), step.after.auction().price());
    assert!(step.revised() || after >= before, "from {before:?} to {after:?}");
}

pub(crate) fn the_seller_never_leads(step: &Step<'_>) {
    let auction = step.after.auction();
    let seller = Some(auction.seller());
    assert_ne!(auction.leader(), seller);
    let bids = step.after.log().iter().filter_map(|recorded| match &recorded.event {
        Event::Bid { bidder, .. }
        | Event::SealedBid { bidder, .. }
        | Event::Bought { bidder, .. }
        | Event::Joined { bidder } => Some(*bidder),
        Event::Ended { outcome, .. } => outcome.sale().map(|(winner, _)| winner),
        _ => None,
    });
    for bidder in bids {
        assert_ne!(Some(bidder), seller);
    }
}

pub(crate) fn nothing_is_taken_outside_of_the_open_time(step: &Step<'_>) {
    let before = step.before.auction();
    for recorded in step.happened() {
        let taken = match &recorded.event {
            Event::Bid { .. }
            | Event::AutoBid { .. }
            | Event::MaximumChanged { .. }
            | Event::SealedBid { .. }
            | Event::Received
            | Event::Bought { .. }
            | Event::Extended { .. } => true,
            Event::Ended { outcome, .. } => matches!(outcome, Outcome::BoughtNow { .. }),
            _ => false,
        };
        if taken {
            let at = recorded.at;
            assert!(before.starts_at() <= at && at < before.ends_at(), "{:?}", recorded.event);
            assert!(matches!(before.status(), Status::Scheduled | Status::Started), "{:?}", before.status());
        }
    }
    if matches!(before.phase_at(step.at()), Phase::Ended | Phase::Cancelled | Phase::BoughtNow) {
        let bids = matches!(step.command.action, Action::Bid(_) | Action::Buy { .. } | Action::Join);
        assert!(!bids || step.answer.is_err(), "taken after the end");
    }
}

pub(crate) fn the_end_never_moves_earlier_nor_past_the_hard_end(step: &Step<'_>) {
    let (before, after) = (step.before.auction(), step.after.auction());
    if let Some(hard_end) = after.hard_end() {
        assert!(after.ends_at() <= hard_end, "{:?} past {hard_end:?}", after.ends_at());
    }
    if step.revised() {
        assert_eq!(after.ends_at(), after.schedule().ends_at());
        return;
    }
    assert!(after.ends_at() >= before.ends_at());
    let resumed = step.happened().iter().any(|recorded| matches!(recorded.event, Event::Resumed { .. }));
    let moved = after.ends_at().since(before.ends_at());
    if resumed {
        let Status::Paused { since } = before.status() else { panic!("resumed what was not paused") };
        assert_eq!(moved, step.at().since(*since), "the end moves by the length of the pause");
        let hard_end = before.hard_end().map(|hard_end| hard_end.after(moved));
        assert_eq!(after.hard_end(), hard_end, "the hard end moves with the end");
    } else {
        assert_eq!(after.hard_end(), before.hard_end());
    }
}

pub(crate) fn a_refusal_changes_nothing(step: &Step<'_>) {
    if step.answer.is_err() {
        assert_eq!(step.before, step.after);
    }
}

pub(crate) fn deciding_twice_gives_the_same(step: &Step<'_>) {
    let standing = step.command.by.user().map(|user| step.before.standing(user)).unwrap_or_default();
    let auction = step.before.auction();
    let decided = || {
        if needs_record(auction, step.command) {
            let record = Record::of(step.before.log());
            return decide_with(auction, &standing, step.facts, step.command, &record);
        }
        decide(auction, &standing, step.facts, step.command)
    };
    let (once, twice) = (decided(), decided());
    assert_eq!(once, twice);
    let made =
        step.answer.as_ref().map(|log| log.iter().map(|recorded| recorded.event.clone()).collect::<Vec<_>>());
    let decided = once.as_ref().map(|events| events.iter().cloned().collect::<Vec<_>>());
    assert_eq!(decided, made);
}

pub(crate) fn the_log_folds_to_the_state(step: &Step<'_>) {
    let (auction, standings) = fold(auction_id(), step.after.log()).expect("a whole log");
    assert_eq!(&auction, step.after.auction());
    assert_eq!(&standings, step.after.standings());
}

pub(crate) fn there_is_at_most_one_winner_and_it_stays(step: &Step<'_>) {
    let ends =
        step.after.log().iter().filter(|recorded| matches!(recorded.event, Event::Ended { .. })).count();
    let after = step.after.auction();
    match after.status() {
        Status::Ended { at, outcome } => {
            assert_eq!(ends, 1);
            match outcome {
                Outcome::Sold { winner, price } => {
                    assert_eq!((Some(*winner), *price), (after.leader(), after.price()));
                    assert_ne!(after.reserve_met(), Some(false));
                }
                Outcome::ReserveNotMet => {
                    assert!(after.leader().is_some());
                    assert_eq!(after.reserve_met(), Some(false));
                }
                Outcome::NoBids => assert_eq!(after.leader(), None),
                Outcome::BoughtNow { price, .. } => {
                    assert_eq!(Some(*price), after.terms().buy_now.map(|offer| offer.price));
                }
                Outcome::Cancelled => {}
                other => panic!("an outcome that this check does not know: {other:?}"),
            }
            assert!(*at <= after.last_at());
        }
        _ => assert_eq!(ends, 0),
    }
    if let Status::Ended { .. } = step.before.auction().status() {
        assert_eq!(step.before.auction(), after, "what has ended does not change");
    }
}

pub(crate) fn public_events_are_numbered_without_gaps(step: &Step<'_>) {
    let mut version = 0;
    for (before, recorded) in step.after.log().iter().enumerate() {
        assert_eq!(recorded.revision, before as u64 + 1);
        version += u64::from(is_public(&recorded.event));
        assert_eq!(recorded.version, version, "{:?}", recorded.event);
    }
    assert_eq!(step.after.auction().version(), version);
    assert_eq!(step.after.auction().revision(), step.after.log().len() as u64);
}

/// What the contract calls private: the creation, joining, and what nobody can see of bids.
fn is_public(event: &Event) -> bool {
    !matches!(
        event,
        Event::Created { .. } | Event::Joined { .. } | Event::MaximumChanged { .. } | Event::SealedBid { .. }
    )
}

pub(crate) fn bids_are_counted_without_answers(step: &Step<'_>) {
    let log = step.after.log();
    let bids = log.iter().filter(|recorded| matches!(recorded.event, Event::Bid { .. })).count() as u64;
    assert_eq!(step.after.auction().bid_count(), bids);
    let by_bidder: u64 = step.after.standings().values().map(|standing| u64::from(standing.bids)).sum();
    assert_eq!(by_bidder, bids);
    for (bidder, standing) in step.after.standings() {
        let last = log.iter().rfind(|it| matches!(it.event, Event::Bid { bidder: by, .. } if by == *bidder));
        assert_eq!(standing.last_version, last.map_or(0, |recorded| recorded.version));
    }
    let joined = log.iter().filter(|recorded| matches!(recorded.event, Event::Joined { .. })).count();
    assert_eq!(step.after.auction().participants() as usize, joined);
}

pub(crate) fn the_end_moves_at_most_as_often_as_agreed(step: &Step<'_>) {
    use auction_core::auction::ClosingPolicy;
    let auction = step.after.auction();
    let log = step.after.log();
    let moves = log.iter().filter(|recorded| matches!(recorded.event, Event::Extended { .. })).count();
    assert_eq!(auction.extensions() as usize, moves);
    match auction.terms().closing {
        ClosingPolicy::Soft { max_extensions, .. } => assert!(auction.extensions() <= max_extensions),
        _ => assert_eq!(moves, 0),
    }
    let by_leader =
        step.before.auction().leader().is_some() && step.before.auction().leader() == step.command.by.user();
    let extended = step.happened().iter().any(|recorded| matches!(recorded.event, Event::Extended { .. }));
    assert!(!(by_leader && extended), "the leader's own bid moved the end");
}

pub(crate) fn an_early_stamp_counts_as_that_of_the_last_commit(step: &Step<'_>) {
    for recorded in step.happened() {
        assert_eq!(recorded.at, step.at());
    }
    assert!(step.after.log().is_sorted_by_key(|recorded| recorded.at));
    let late = Command { at: step.at(), ..step.command.clone() };
    let mut again = step.before.clone();
    let answer = again.handle(step.facts, &late).map(<[Recorded]>::to_vec);
    assert_eq!(&answer, step.answer);
}

pub(crate) fn who_leads_has_joined_and_bid(step: &Step<'_>) {
    let Some(leader) = step.after.auction().leader() else { return };
    let standing = step.after.standing(leader);
    assert!(standing.has_joined());
    assert!(standing.bids > 0);
    assert_eq!(standing.maximum, step.after.auction().leader_maximum());
}

pub(crate) fn what_is_due_happens_by_time_alone(step: &Step<'_>) {
    let mut by_now = step.after.clone();
    let at = step.at();
    let expected = by_now.auction().phase_at(at);
    by_now.handle(&BidderFacts::VERIFIED, &Command::advance(at)).expect("time is never refused");
    assert_eq!(by_now.auction().status().phase(), expected);
    let again = by_now.handle(&BidderFacts::VERIFIED, &Command::advance(at)).expect("time is never refused");
    assert_eq!(again, &[], "advancing twice does nothing more");
    assert!(by_now.auction().deadline().is_none_or(|deadline| deadline > at), "nothing is left to do");
}

/// While bids are taken, the minimum is taken from anybody who does not lead, and a minor unit less is refused.
pub(crate) fn the_minimum_is_exactly_the_boundary(step: &Step<'_>) {
    use auction_core::auction::{Bid, BidKind, Units};
    let auction = step.after.auction();
    let at = step.at().max(auction.starts_at());
    if auction.phase_at(at) != Phase::Started {
        return;
    }
    let Some(minimum) = auction.minimum_bid() else { return };
    let buys = auction.buy_now().filter(|offer| offer.rule == BuyNowRule::Always).map(|offer| offer.price);
    let rival = UserId::new(999).expect("a positive number");
    let standing = {
        let mut standing = step.after.standing(rival);
        standing.number = 1;
        standing
    };
    let currency = auction.terms().currency;
    for kind in [BidKind::Straight, BidKind::Maximum] {
        let bid = |minor: i64| {
            let amount = rust_decimal::Decimal::new(minor, currency.exponent());
            let command = Command::of(rival, at, Action::Bid(Bid { kind, amount, units: Units::ONE }));
            decide(auction, &standing, &BidderFacts::VERIFIED, &command)
        };
        let taken = bid(minimum.minor());
        assert!(taken.is_ok(), "the minimum {minimum:?} was refused: {taken:?}");
        if buys.is_some_and(|price| minimum.minor() > price.minor()) {
            continue;
        }
        let refused = bid(minimum.minor() - 1).expect_err("below the minimum");
        let expected = match auction.leader() {
            _ if minimum.minor() == 1 => "invalid_price",
            None => "below_starting_price",
            Some(_) => "below_minimum",
        };
        assert_eq!(refused.code(), expected);
        if let Rejection::BelowMinimum { minimum: told } = refused {
            assert_eq!(told, Some(minimum));
        }
    }
}

pub(crate) fn state_and_log_survive_being_stored(step: &Step<'_>) {
    let stored = serde_json::to_string(step.after.auction()).expect("a state is written");
    let read: auction_core::auction::Auction = serde_json::from_str(&stored).expect("a state is read");
    assert_eq!(&read, step.after.auction());
    for recorded in step.happened() {
        let stored = serde_json::to_string(recorded).expect("an event is written");
        assert_eq!(&serde_json::from_str::<Recorded>(&stored).expect("an event is read"), recorded);
    }
}
