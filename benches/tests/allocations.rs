//! An accepted bid allocates nothing on the heap, neither when it is decided nor when it is applied.

use allocation_counter::measure;
use auction_benches::workload::{Crowd, Standings, bidder, charters, facts, scheduled};
use auction_core::auction::{Auction, Command, Event, Recorded, Standing, decide};

const BIDS: usize = 10_000;
const BIDDERS: u64 = 50;

/// An auction that is open, and whose bidders have all joined: a new bidder needs a place in the host's map.
fn open_auction() -> (Auction, Standings) {
    let charter = charters(1).next().expect("a charter");
    let mut standings = Standings::default();
    for number in 0..BIDDERS {
        let mut joined = Standing::default();
        joined.number = number as u32 + 1;
        standings.insert(bidder(number), joined);
    }
    (scheduled(1, charter), standings)
}

#[test]
fn no_accepted_bid_allocates() {
    let (mut auction, mut standings) = open_auction();
    let crowd = Crowd::new(BIDDERS, 1);
    let mut log: Vec<Recorded> = Vec::with_capacity(BIDS * 4);
    let mut allocating = 0;
    for _ in 0..BIDS {
        let command: Command = crowd.bid(&auction);
        let facts = facts();
        let counted = measure(|| {
            let user = command.by.user().expect("a bidder");
            let standing = standings.get(&user).copied().unwrap_or_default();
            let events = decide(&auction, &standing, &facts, &command).expect("the bid is accepted");
            auction.record(&mut standings, command.at, events, |recorded| log.push(recorded));
        });
        allocating += counted.count_total;
    }
    assert_eq!(allocating, 0, "allocations in {BIDS} accepted bids");

    // It means nothing unless there were bids of every kind.
    let count = |is: fn(&Event) -> bool| log.iter().filter(|recorded| is(&recorded.event)).count();
    let kinds = [
        ("that lead", count(|event| matches!(event, Event::Bid { leads: true, .. }))),
        ("that lose", count(|event| matches!(event, Event::Bid { leads: false, .. }))),
        ("answers", count(|event| matches!(event, Event::AutoBid { .. }))),
        ("raises", count(|event| matches!(event, Event::MaximumChanged { .. }))),
        ("extensions", count(|event| matches!(event, Event::Extended { .. }))),
    ];
    for (kind, count) in kinds {
        assert!(count >= BIDS / 50, "only {count} {kind}");
    }
}

#[test]
fn the_counter_counts() {
    let counted = measure(|| drop(std::hint::black_box(Box::new(1_u64))));
    assert_eq!(counted.count_total, 1);
}
