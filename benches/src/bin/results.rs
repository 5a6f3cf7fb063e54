//! quick
use auction_benches::{cpu,probe::*,deciding::*};
use auction_core::auction::*;
fn main() {
    println!("Auction {} Charter {} Terms {} Event {} Events {} Rejection {} Res {} Command {} Standing {} Status {} Recorded {} Inc {} Closing {}", size_of::<Auction>(), size_of::<Charter>(), size_of::<Terms>(), size_of::<Event>(), size_of::<Events>(), size_of::<Rejection>(), size_of::<Result<Events,Rejection>>(), size_of::<Command>(), size_of::<Standing>(), size_of::<Status>(), size_of::<Recorded>(), size_of::<auction_core::money::IncrementPolicy>(), size_of::<ClosingPolicy>());
    let n: usize = std::env::args().nth(1).map_or(1000, |s| s.parse().unwrap_or(1000));
    let passes: usize = std::env::args().nth(2).map_or(5, |s| s.parse().unwrap_or(3));
    let (bidders, bids) = (10, 8);
    let house = House::new(Size{auctions:n,bidders,bids});
    let tape = house.next_bids(bidders);
    let tape2 = house.coming_bids(bidders);
    let chase = Chase::new(House::bytes_per_auction()*n);
    for _ in 0..passes {
        let c = cpu::time(|| chase.read(tape.len()));
        let t = cpu::time(|| {compare_all(&house,&tape);});
        let mut ev=0;
        let d = cpu::time(|| {ev = decide_all(&house,&tape);});
        let mut h2 = house.clone();
        let mut log = Vec::with_capacity(8);
        let r = cpu::time(|| {record_all(&mut h2,&tape2,&mut log);});
        let per = |d: std::time::Duration| d.as_nanos() as f64/tape.len() as f64;
        println!("{n} chase {:.1} compare {:.1} decide {:.1} record {:.1}; ev {}", per(c),per(t),per(d),per(r), ev as f64/tape.len() as f64);
    }
}
