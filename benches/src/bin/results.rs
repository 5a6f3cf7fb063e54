//! quick
use auction_benches::{cpu,probe::*,deciding::*};
fn main() {
    for (n, bidders, bids) in [(1,10,8),(1000,10,8),(100_000,10,8),(1_000_000,10,8)] {
        let house = House::new(Size{auctions:n,bidders,bids});
        let tape = house.next_bids(bidders);
        let tape2 = house.coming_bids(bidders);
        let chase = Chase::new(House::bytes_per_auction()*n);
        println!("{n} bytes/auction {}", House::bytes_per_auction());
        for _ in 0..3 {
            let c = cpu::time(|| chase.read(tape.len()));
            let t = cpu::time(|| {compare_all(&house,&tape);});
            let mut ev=0;
            let d = cpu::time(|| {ev = decide_all(&house,&tape);});
            let mut h2 = house.clone();
            let mut log = Vec::with_capacity(8);
            let r = cpu::time(|| {record_all(&mut h2,&tape2,&mut log);});
            let per = |d: std::time::Duration| d.as_nanos() as f64/tape.len() as f64;
            println!("chase {:.1} compare {:.1} decide {:.1} record {:.1}; ev {}", per(c),per(t),per(d),per(r), ev as f64/tape.len() as f64);
        }
    }
}
