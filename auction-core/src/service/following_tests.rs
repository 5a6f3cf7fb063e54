use super::super::scene::{SoloDesk, bid, charter_under, create_under, log, noon, shard, stored};
use super::*;
use crate::id::AuctionId;
use crate::memory::MemoryStore;
use async_lock::Mutex as Turns;
use pollster::block_on;

const TERMS: &str = r#"{"first_bid":"at_least","participation":"open",
    "closing":{"kind":"reset","window_s":180,"group":"evening"}}"#;

/// A house whose lots follow.
struct House {
    store: Arc<MemoryStore>,
    desk: SoloDesk,
    following: Following,
}

impl House {
    fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        let following = Following::new(Arc::clone(&store) as _);
        Self { desk: SoloDesk(Turns::new(shard(&store, 1))), store, following }
    }

    fn lots(&self, lots: usize) -> Vec<AuctionId> {
        (0..lots).map(|_| create_under(&*self.store, charter_under(TERMS))).collect()
    }

    /// Whether a worker would be woken by any of what these commands change.
    fn note(&self, requests: &[Request]) -> bool {
        let processed = block_on(async { self.desk.0.lock().await.process(requests).await });
        assert!(processed.replies.iter().all(Result::is_ok));
        processed.changes.iter().map(|change| self.following.note(change)).fold(false, |any, is| any | is)
    }

    fn tick(&self) -> Wake {
        block_on(self.following.tick(&self.desk)).unwrap()
    }

    fn ends(&self, lots: &[AuctionId]) -> Vec<Timestamp> {
        lots.iter().map(|lot| stored(&*self.store, *lot).ends_at()).collect()
    }
}

#[test]
fn all_lots_of_a_group_are_told_when_one_of_them_moves() {
    let house = House::new();
    let lots = house.lots(3);
    let alone = create_under(&*house.store, charter_under(r#"{"closing":{"kind":"reset","window_s":180}}"#));
    assert!(!house.note(&[bid(lots[0], 2, "20", noon(1))]), "its end has not moved");
    assert!(house.note(&[bid(lots[0], 3, "30", noon(3_540))]));
    assert_eq!(house.tick(), Wake::Idle);
    assert_eq!(house.ends(&lots), [noon(3_720); 3]);
    assert_eq!(house.ends(&[alone]), [noon(3_600)]);
    assert_eq!(house.tick(), Wake::Idle);
}

#[test]
fn what_lots_do_to_follow_tells_nobody() {
    let house = House::new();
    let lots = house.lots(3);
    block_on(async { house.desk.0.lock().await.process(&[bid(lots[0], 2, "20", noon(3_540))]).await });
    let advance = |lot| Request {
        auction: lot,
        command: Command::advance(noon(3_600)),
        facts: BidderFacts::VERIFIED,
        key: None,
    };
    assert!(!house.note(&[advance(lots[1]), advance(lots[2])]));
    assert_eq!(house.ends(&lots), [noon(3_720); 3]);
}

#[test]
fn moves_that_wait_are_told_together() {
    let house = House::new();
    let lots = house.lots(3);
    for (lot, bidder, secs) in [(0, 2, 3_500), (1, 2, 3_540), (0, 3, 3_560)] {
        let amount = format!("{secs}");
        assert!(house.note(&[bid(lots[lot], bidder, &amount, noon(secs))]));
    }
    assert_eq!(house.tick(), Wake::Idle);
    assert_eq!(house.ends(&lots), [noon(3_740); 3]);
    let extended = |lot| {
        log(&*house.store, lot)
            .iter()
            .filter(|recorded| matches!(recorded.event, Event::Extended { .. }))
            .count()
    };
    assert_eq!(lots.into_iter().map(extended).collect::<Vec<_>>(), [3, 3, 1]);
}

#[test]
fn a_lot_that_is_told_after_its_old_end_is_not_closed_by_that() {
    let house = House::new();
    let lots = house.lots(2);
    let hard = r#"{"participation":"open","first_bid":"at_least",
        "closing":{"kind":"reset","window_s":180,"group":"evening","hard_end":"2026-01-01T13:00:00Z"}}"#;
    let hard = create_under(&*house.store, charter_under(hard));
    assert!(house.note(&[bid(lots[0], 2, "20", noon(3_599))]));
    // A bid from before the end of the one that cannot follow is still under way.
    house.tick();
    assert_eq!(house.ends(&[lots[1], hard]), [noon(3_779), noon(3_600)]);
    assert!(!house.note(&[bid(hard, 2, "20", noon(3_599))]));
}
