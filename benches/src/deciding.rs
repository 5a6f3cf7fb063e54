//! Decisions without a desk: many auctions, visited in random order.

use crate::cpu;
use crate::probe::{Chase, compare_all};
use crate::workload::{Crowd, SEED, Standings, bidder, charters, facts, play, scheduled, shuffled};
use auction_core::auction::{Auction, Charter, Command, Recorded, Standing, decide};
use auction_core::money::BracketTable;
use std::hint::black_box;

/// How large a workload is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Auctions.
    pub auctions: usize,
    /// Bidders of each.
    pub bidders: u64,
    /// Bids on each before the measuring begins, up to seven more by chance.
    pub bids: usize,
}

/// The least number of visits of a tape, so that a pass takes long enough to be timed.
pub const VISITS_MIN: usize = 1 << 16;

/// Auctions in the middle of their bidding, each with the standings of its bidders.
#[derive(Clone, Debug)]
pub struct House {
    /// The states, side by side.
    pub auctions: Vec<Auction>,
    /// Of each auction.
    pub standings: Vec<Standings>,
}

/// A bid on one of the auctions of a house.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The index of the auction.
    pub lot: u32,
    /// The bid.
    pub command: Command,
    /// The standing of the bidder.
    pub standing: Standing,
}

impl House {
    /// A house of this size.
    pub fn new(size: Size) -> Self {
        let crowd = Crowd::new(size.bidders, SEED + 1);
        let mut house = Self { auctions: Vec::new(), standings: Vec::new() };
        for (index, charter) in charters(size.auctions).enumerate() {
            let mut auction = scheduled(index as u64 + 1, charter);
            let mut standings = Standings::default();
            for _ in 0..size.bids + index % 8 {
                let command = crowd.bid(&auction);
                play(&mut auction, &mut standings, &command);
            }
            // Whoever has not bid yet has joined at least.
            for index in standings.len() as u64..size.bidders {
                standings.entry(bidder(index)).or_default().number = index as u32 + 1;
            }
            house.auctions.push(auction);
            house.standings.push(standings);
        }
        house
    }

    /// Bids that are accepted in the state in which the house is, each auction at least once.
    pub fn next_bids(&self, bidders: u64) -> Vec<Visit> {
        let crowd = Crowd::new(bidders, SEED + 2);
        self.order().map(|lot| self.visit(lot, &crowd)).collect()
    }

    /// Bids that are accepted one after the other, each auction at least once.
    pub fn coming_bids(&self, bidders: u64) -> Vec<Visit> {
        let crowd = Crowd::new(bidders, SEED + 3);
        let mut house = self.clone();
        self.order()
            .map(|lot| {
                let visit = house.visit(lot, &crowd);
                let index = lot as usize;
                play(&mut house.auctions[index], &mut house.standings[index], &visit.command);
                visit
            })
            .collect()
    }

    fn visit(&self, lot: u32, crowd: &Crowd) -> Visit {
        let command = crowd.bid(&self.auctions[lot as usize]);
        let user = command.by.user().expect("a bidder");
        let standing = self.standings[lot as usize].get(&user).copied().unwrap_or_default();
        Visit { lot, command, standing }
    }

    /// The auctions in random order, again and again until there are [`VISITS_MIN`].
    fn order(&self) -> impl Iterator<Item = u32> + use<> {
        let order = shuffled(self.auctions.len(), SEED + 4);
        let count = order.len().max(VISITS_MIN);
        order.into_iter().cycle().take(count)
    }

    /// What the rules of one auction take in memory, in bytes: its state, its charter and its table.
    pub fn bytes_per_auction() -> usize {
        size_of::<Auction>() + size_of::<Charter>() + size_of::<BracketTable>()
    }
}

/// Decides every bid of a tape and throws the events away. Answers how many events there were.
pub fn decide_all(house: &House, tape: &[Visit]) -> usize {
    let facts = black_box(facts());
    let mut events = 0;
    for visit in tape {
        let decided = decide(&house.auctions[visit.lot as usize], &visit.standing, &facts, &visit.command);
        events += black_box(&decided).as_ref().map_or(0, |made| made.len());
    }
    events
}

/// The same, portion by portion, where every auction of a portion is looked at before the first is decided: the
/// reads then wait together and not one after the other.
pub fn decide_in_portions(house: &House, tape: &[Visit], portion: usize) -> usize {
    let mut events = 0;
    for portion in tape.chunks(portion) {
        for visit in portion {
            black_box(house.auctions[visit.lot as usize].terms().currency);
        }
        events += decide_all(house, portion);
    }
    events
}

/// Decides every bid of a tape and applies what becomes of it, with the standing looked up. Answers how many
/// events there were; `log` is emptied for each bid.
pub fn record_all(house: &mut House, tape: &[Visit], log: &mut Vec<Recorded>) -> usize {
    let facts = black_box(facts());
    let mut events = 0;
    for Visit { lot, command, .. } in tape {
        let auction = &mut house.auctions[*lot as usize];
        let standings = &mut house.standings[*lot as usize];
        let standing = command.by.user().and_then(|user| standings.get(&user)).copied().unwrap_or_default();
        log.clear();
        if let Ok(made) = decide(auction, &standing, &facts, command) {
            auction.record(standings, command.at, made, |recorded| log.push(recorded));
        }
        events += black_box(&*log).len();
    }
    events
}

/// Nanoseconds of CPU time for each visit of a tape, the median of several rounds in which all are measured in turn.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    /// Probe: a read that waits for the one before it, in a table of the same size.
    pub read: f64,
    /// Probe: a comparison of the bid with the price.
    pub compare: f64,
    /// One decision after the other.
    pub decide: f64,
    /// Decisions in portions of [`PORTION`].
    pub portions: f64,
    /// Look up the standing, decide, apply.
    pub record: f64,
}

/// How many auctions are looked at before the first of them is decided, where that is done.
pub const PORTION: usize = 32;

/// Measures a workload.
pub fn measure(size: Size, rounds: usize) -> Figures {
    let house = House::new(size);
    let (next, coming) = (house.next_bids(size.bidders), house.coming_bids(size.bidders));
    let chase = Chase::new(House::bytes_per_auction() * size.auctions);
    let mut log = Vec::with_capacity(8);
    let each = |time: std::time::Duration| time.as_nanos() as f64 / next.len() as f64;
    let mut samples = [const { Vec::new() }; 5];
    for _ in 0..=rounds {
        let mut busy = house.clone();
        samples[0].push(each(cpu::time(|| chase.read(next.len()))));
        samples[1].push(each(cpu::time(|| _ = black_box(compare_all(&house, &next)))));
        samples[2].push(each(cpu::time(|| _ = black_box(decide_all(&house, &next)))));
        samples[3].push(each(cpu::time(|| _ = black_box(decide_in_portions(&house, &next, PORTION)))));
        samples[4].push(each(cpu::time(|| _ = black_box(record_all(&mut busy, &coming, &mut log)))));
    }
    // The first round warms up.
    let [read, compare, decide, portions, record] = samples.map(|samples| median(&samples[1..]));
    Figures { read, compare, decide, portions, record }
}

/// The middle one of several samples.
pub fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::auction::Event;

    const SIZE: Size = Size { auctions: 50, bidders: 5, bids: 8 };

    #[test]
    fn every_bid_of_a_workload_is_accepted() {
        let house = House::new(SIZE);
        for visit in house.next_bids(SIZE.bidders) {
            let auction = &house.auctions[visit.lot as usize];
            assert!(decide(auction, &visit.standing, &facts(), &visit.command).is_ok());
        }
        let mut house = house;
        let tape = house.coming_bids(SIZE.bidders);
        let mut log = Vec::new();
        for visit in &tape {
            record_all(&mut house, std::slice::from_ref(visit), &mut log);
            assert!(!log.is_empty());
        }
    }

    #[test]
    fn a_workload_has_bids_of_all_kinds() {
        let mut house = House::new(SIZE);
        let tape = house.coming_bids(SIZE.bidders);
        let (mut leading, mut losing, mut raised, mut extended) = (0, 0, 0, 0);
        let mut log = Vec::new();
        for visit in &tape {
            record_all(&mut house, std::slice::from_ref(visit), &mut log);
            for recorded in &log {
                match recorded.event {
                    Event::Bid { leads: true, .. } => leading += 1,
                    Event::Bid { .. } => losing += 1,
                    Event::MaximumChanged { .. } => raised += 1,
                    Event::Extended { .. } => extended += 1,
                    _ => {}
                }
            }
        }
        for (count, percent) in [(leading, 40), (losing, 20), (raised, 5), (extended, 5)] {
            assert!(
                count * 100 >= tape.len() * percent,
                "{count} of {} are less than {percent} %",
                tape.len()
            );
        }
    }
}
