use super::super::notice_scene::{House, count};
use super::super::scene::{bid, create, log, noon, stored, user};
use super::{PAGES_PER_TICK_MAX, RELAY_PAUSE, ROUND_LEASE, ROUND_PAGE_MAX};
use crate::id::AuctionId;
use crate::notify::{
    Channels, Followed, LeadTimes, MailState, NoticeKind, Plan, Position, Preferences, follow,
};
use crate::ports::{InboxStore, RelayStore};
use crate::service::{Wake, lock};
use crate::time::Span;
use pollster::block_on;

const HOUR: u32 = 3_600;

fn bids(house: &House, auction: AuctionId, bids: &[(u64, &str, u32)]) {
    for (bidder, maximum, secs) in bids {
        house.clock.set(noon(*secs));
        house.close();
        house.submit(vec![bid(auction, *bidder, maximum, noon(*secs))]).remove(0).unwrap();
        house.relay.note(auction);
    }
}

#[test]
fn an_auction_is_told_from_before_its_start_to_its_end() {
    let house = House::new(1);
    let auction = create(&*house.store);
    house.join(auction, [2, 3, 4]);
    for secs in [-1_000_i64, -900, 0] {
        let secs = u32::try_from(secs + 7_200).unwrap();
        house.clock.set(noon(0).before(Span::from_secs(7_200)).after(Span::from_secs(secs)));
        house.close();
        house.relay.note(auction);
        house.relay_all();
        let told = if secs < 6_300 { 0 } else { 1 + usize::from(secs >= 7_200) };
        assert_eq!(house.kinds(2), ["starting_soon", "started"][..told]);
    }
    bids(&house, auction, &[(2, "20", 10), (3, "30", 20)]);
    house.relay_all();
    for secs in [HOUR - 900, HOUR] {
        house.clock.set(noon(secs));
        house.close();
        house.relay.note(auction);
        house.relay_all();
    }
    assert_eq!(house.kinds(2), ["starting_soon", "started", "outbid", "ending_soon", "lost"]);
    assert_eq!(house.kinds(3), ["starting_soon", "started", "ending_soon", "won", "payment_due"]);
    assert_eq!(house.kinds(4), ["starting_soon", "started", "ending_soon", "ended"]);
    assert_eq!(house.kinds(1), ["ended"]);
    let heard: usize = lock(&house.listener.0).iter().map(Vec::len).sum();
    assert_eq!(heard, 15, "each is passed on once");
}

#[test]
fn changes_that_nobody_noted_are_found() {
    let house = House::new(1);
    let auctions: Vec<_> = (0..3).map(|_| create(&*house.store)).collect();
    house.relay_all();
    house.clock.set(noon(10));
    house.close();
    house.submit(vec![bid(auctions[2], 2, "20", noon(10))]);
    house.submit(vec![bid(auctions[2], 3, "30", noon(10))]);
    house.relay_all();
    house.clock.advance(super::SCAN_PAUSE);
    house.relay_all();
    assert_eq!(count(&house.inbox(2), NoticeKind::Outbid), 1);
}

/// A house in which others write, too, with an auction that has begun and of which all is planned.
fn among_others() -> (House, AuctionId) {
    let house = House::among_others(1);
    let auction = create(&*house.store);
    house.clock.set(noon(0));
    house.close();
    house.relay_all();
    house.clock.set(noon(60));
    (house, auction)
}

#[test]
fn what_others_wrote_and_did_not_plan_is_found_within_seconds() {
    let (house, auction) = among_others();
    // Nobody notes it; the second is stamped before the look and written after it.
    house.submit(vec![bid(auction, 2, "20", noon(58)), bid(auction, 3, "30", noon(58))]);
    assert_eq!(count(&house.inbox(2), NoticeKind::Outbid), 0);
    house.clock.advance(super::RECENT_PAUSE);
    house.relay_tick();
    assert_eq!(count(&house.inbox(2), NoticeKind::Outbid), 1);
    house.submit(vec![bid(auction, 2, "40", noon(59))]);
    house.clock.advance(super::RECENT_PAUSE);
    house.relay_tick();
    assert_eq!(count(&house.inbox(3), NoticeKind::Outbid), 1, "it came late");
}

#[test]
fn what_happened_just_now_is_left_to_whoever_wrote_it() {
    let (house, auction) = among_others();
    house.relay_all();
    house.clock.set(noon(80));
    house.submit(vec![bid(auction, 2, "20", noon(80)), bid(auction, 3, "30", noon(80))]);
    house.relay_tick();
    assert_eq!(count(&house.inbox(2), NoticeKind::Outbid), 0);
    house.clock.advance(super::RECENT_PAUSE);
    house.relay_tick();
    assert_eq!(count(&house.inbox(2), NoticeKind::Outbid), 1);
}

#[test]
fn a_relay_rests_between_two_looks_so_that_losses_collapse() {
    let house = House::new(1);
    let auction = create(&*house.store);
    house.clock.set(noon(0));
    house.close();
    house.relay_all();
    house.clock.advance(Span::from_secs(1));
    bids(&house, auction, &[(2, "20", 1), (3, "30", 1)]);
    let Wake::At(rests_until) = house.relay_tick() else { panic!("it rests") };
    assert_eq!(rests_until, house.now().after(RELAY_PAUSE));
    bids(&house, auction, &[(2, "40", 1), (3, "50", 1), (2, "60", 1), (3, "70", 1)]);
    assert_eq!(house.relay_tick(), Wake::At(rests_until));
    assert_eq!(count(&house.inbox(3), NoticeKind::Outbid), 0);
    let before = house.inbox(2).remove(0);
    house.clock.set(rests_until);
    house.relay_tick();
    let after = house.inbox(2);
    assert_eq!(count(&after, NoticeKind::Outbid), 1, "the newer loss takes the place of the unsent one");
    assert_eq!(after[0].id, before.id);
    assert!(after[0].occurrence > before.occurrence);
    assert_eq!(count(&house.inbox(3), NoticeKind::Outbid), 0, "three leads again");
}

#[test]
fn people_are_told_in_the_ways_they_want() {
    let house = House::new(1);
    let auction = create(&*house.store);
    let choose = |number, mail, in_app| {
        let chosen = Preferences::default().with(NoticeKind::Outbid, Channels { mail, in_app });
        block_on(house.notices.prefer(user(number), &chosen)).unwrap();
    };
    choose(2, false, false);
    choose(3, true, false);
    choose(4, false, true);
    house.clock.set(noon(0));
    house.close();
    bids(&house, auction, &[(2, "20", 10), (3, "30", 20), (4, "40", 30), (5, "50", 40)]);
    house.relay_all();
    let outbid = |number| count(&house.inbox(number), NoticeKind::Outbid);
    assert_eq!([outbid(2), outbid(3), outbid(4)], [0, 0, 1]);
    let reports = house.reports(MailState::Waiting);
    let mails = reports.iter().filter(|mail| mail.kind == Some(NoticeKind::Outbid));
    assert_eq!(mails.count(), 1);
}

#[test]
fn ten_thousand_are_told_of_a_start_in_pages_and_the_start_is_not_late() {
    const PEOPLE: u64 = 10_000;
    let house = House::new(1);
    let auction = create(&*house.store);
    house.join(auction, 2..PEOPLE + 2);
    house.relay_all();
    house.clock.set(noon(0));
    house.close();
    lock(&house.listener.0).clear();
    house.relay.note(auction);
    let began_at = house.now();
    let mut ticks = 0;
    while lock(&house.listener.0).iter().map(Vec::len).sum::<usize>() < usize::try_from(PEOPLE).unwrap() {
        let pages_before = lock(&house.listener.0).len();
        // Closing has its own worker: it goes on between any two ticks.
        house.close();
        let Wake::At(time) = house.relay_tick() else { panic!("it rests") };
        assert!(lock(&house.listener.0).len() - pages_before <= PAGES_PER_TICK_MAX);
        house.clock.set(time);
        ticks += 1;
        assert!(ticks < 10);
    }
    assert!(lock(&house.listener.0).iter().all(|page| page.len() <= ROUND_PAGE_MAX));
    assert!(house.now().since(began_at) < Span::from_secs(2));
    house.relay_all();
    for number in [2, 501, 502, PEOPLE + 1] {
        assert_eq!(count(&house.inbox(number), NoticeKind::Started), 1, "user {number}");
    }
    assert_eq!(house.reports(MailState::Waiting).len(), crate::ports::MAILS_PAGE_MAX);
}

#[test]
fn a_round_goes_on_where_a_relay_that_died_left_it() {
    let mut house = House::new(1);
    let auction = create(&*house.store);
    house.join(auction, 2..6_002);
    house.relay_all();
    house.clock.set(noon(0));
    house.close();
    house.relay.note(auction);
    for _ in 0..10 {
        let Wake::At(time) = house.relay_tick() else { panic!("it rests") };
        house.clock.set(time);
        if !house.inbox(2).is_empty() {
            break;
        }
    }
    assert_eq!((house.inbox(2).len(), house.inbox(6_001).len()), (1, 0), "not all are told yet");
    house.restart();
    // Each page that it wrote prolonged its lease.
    let leases = u32::try_from(PAGES_PER_TICK_MAX + 1).unwrap();
    house.clock.advance(Span::from_secs(leases * u32::try_from(ROUND_LEASE.secs()).unwrap()));
    house.relay_all();
    for number in [2, 4_001, 4_002, 6_001] {
        assert_eq!(house.kinds(number), ["started"], "user {number}");
    }
}

#[test]
fn after_a_week_of_downtime_there_is_no_flood_of_stale_notices() {
    let house = House::new(1);
    let auctions: Vec<_> = (0..20).map(|_| create(&*house.store)).collect();
    for auction in &auctions {
        house.join(*auction, [2, 3, 4]);
        house.submit(vec![bid(*auction, 2, "20", noon(10)), bid(*auction, 3, "30", noon(20))]);
    }
    house.clock.set(noon(7 * 24 * HOUR));
    house.close();
    house.relay_all();
    house.courier_all();
    assert_eq!(house.kinds(2), ["lost"; 20]);
    assert_eq!(count(&house.inbox(3), NoticeKind::Won), 20);
    assert_eq!(house.inbox(3).len(), 40, "won and payment due");
    assert_eq!(house.kinds(4), ["ended"; 20]);
    assert_eq!(house.kinds(1), ["ended"; 20]);
    assert_eq!(house.mailer.letters().len(), 80, "payment due is not mailed by default");
}

#[test]
fn planning_twice_is_harmless() {
    let house = House::new(1);
    let auction = create(&*house.store);
    house.clock.set(noon(0));
    house.close();
    bids(&house, auction, &[(2, "20", 10), (3, "30", 20)]);
    let (state, log) = (stored(&*house.store, auction), log(&*house.store, auction));
    let lead_times = LeadTimes::default();
    let followed = Followed { auction: &state, title: "A lot", lead_times, now: house.now() };
    let plan = follow(Position::default(), &followed, &log);
    let write = |plan: &Plan| block_on(house.notices.plan(std::slice::from_ref(plan))).unwrap().remove(0);
    assert_eq!(write(&plan).unwrap().len(), 1);
    assert_eq!(write(&plan), None, "the position is another by now");
    let again = Plan { before: plan.after.revision, ..plan };
    assert_eq!(write(&again), Some(Vec::new()), "what is told is told already");
    assert_eq!(house.kinds(2), ["outbid"]);
}
