use super::super::scene::{SoloDesk, bid, create, log, noon, shard, stored};
use super::{Closing, Settings};
use crate::auction::{Event, Phase};
use crate::id::AuctionId;
use crate::memory::MemoryStore;
use crate::service::Wake;
use crate::service::desk::Desk;
use crate::time::{Span, Timestamp};
use async_lock::Mutex;
use pollster::block_on;
use std::sync::Arc;

struct House {
    store: Arc<MemoryStore>,
    desk: SoloDesk,
    closing: Closing,
}

impl House {
    fn new(auctions_max: usize) -> Self {
        let store = Arc::new(MemoryStore::new());
        let desk = SoloDesk(Mutex::new(shard(&store, 1)));
        let closing = Closing::new(store.clone(), Settings { auctions_max, ..Settings::default() });
        Self { store, desk, closing }
    }

    fn tick(&self, now: Timestamp) -> Wake {
        self.tick_while_undecided(now, now)
    }

    fn tick_while_undecided(&self, now: Timestamp, settled: Timestamp) -> Wake {
        block_on(self.closing.tick(now, settled, &self.desk)).unwrap()
    }

    fn phase(&self, auction: AuctionId) -> Phase {
        stored(&*self.store, auction).status().phase()
    }
}

#[test]
fn auctions_open_and_close_on_time() {
    let house = House::new(10);
    let auction = create(&*house.store);
    let just_before = noon(0).before(Span::from_micros(1));
    assert_eq!(house.tick(just_before), Wake::At(noon(0)));
    assert_eq!(house.phase(auction), Phase::Scheduled);
    assert_eq!(house.tick(noon(0)), Wake::At(noon(3_600)));
    assert_eq!(house.phase(auction), Phase::Started);
    assert_eq!(house.tick(noon(3_600)), Wake::Idle);
    assert_eq!(house.phase(auction), Phase::Ended);
    let log = log(&*house.store, auction);
    assert!(matches!(log.last().unwrap().event, Event::Ended { at, .. } if at == noon(3_600)));
}

#[test]
fn an_extension_moves_the_closing() {
    let house = House::new(10);
    let auction = create(&*house.store);
    house.tick(noon(0));
    block_on(house.desk.submit(vec![bid(auction, 2, "20", noon(3_590))]))[0].unwrap();
    assert_eq!(house.tick(noon(3_600)), Wake::At(noon(3_650)));
    assert_eq!(house.phase(auction), Phase::Started);
    house.tick(noon(3_650));
    assert_eq!(house.phase(auction), Phase::Ended);
}

#[test]
fn closing_waits_for_bids_that_came_in_time() {
    let house = House::new(10);
    let auction = create(&*house.store);
    house.tick(noon(0));
    let in_time = noon(3_599);
    let wake = house.tick_while_undecided(noon(3_601), in_time);
    assert!(matches!(wake, Wake::At(at) if at > noon(3_601) && at < noon(3_602)));
    assert!(block_on(house.desk.submit(vec![bid(auction, 2, "20", in_time)]))[0].is_ok());
    house.tick(noon(3_700));
    assert_eq!(house.phase(auction), Phase::Ended);
    assert_eq!(stored(&*house.store, auction).bid_count(), 1);
}

#[test]
fn after_a_downtime_everything_is_caught_up_in_portions() {
    let house = House::new(7);
    let auctions: Vec<_> = (0..20).map(|_| create(&*house.store)).collect();
    let a_week_later = noon(7 * 24 * 3_600);
    let mut ticks = 0;
    while house.tick(a_week_later) == Wake::Now {
        ticks += 1;
    }
    assert_eq!(ticks, 2);
    for auction in auctions {
        assert_eq!(house.phase(auction), Phase::Ended);
        let names: Vec<_> =
            log(&*house.store, auction).iter().map(|recorded| recorded.event.name()).collect();
        assert_eq!(names, ["created", "started", "ended"]);
    }
}
