//! Twice as many bids as the server can take.

use super::{Options, ROUND, percent, seats, stocked};
use crate::report::table;
use crate::server::Result;
use crate::server::bidding::Bids;
use crate::server::client::{Client, Pace, Tally};
use crate::server::message::Framing;
use crate::server::stock::Size;
use crate::server::subject::Subject;

/// How many bidders there are: all their bids together are more than the queues hold.
const BIDDERS: usize = 128;
/// How many bids of one are under way where the server is full, but not over.
const WINDOW: usize = 32;
/// How many of one are under way at most.
const WINDOW_MAX: usize = 256;

/// Open loops.
pub(super) fn twice(_options: &Options) -> Result<String> {
    let (data, stock) = stocked(Size { people: BIDDERS, lots: BIDDERS })?;
    let server = Subject::server(data.path())?;
    let seats = seats(&stock, BIDDERS, BIDDERS);
    let greetings = || seats.iter().map(|seat| Some(seat.handshake()));
    let mut script = Bids::over_sockets(&seats);
    let mut run = |pace: Pace| -> Result<(Tally, f64)> {
        let mut client = Client::connect(server.address, Framing::WebSocket, greetings())?;
        client.run(&mut script, pace, ROUND / 3)?;
        let cpu = server.cpu();
        let tally = client.run(&mut script, pace, ROUND * 2)?;
        Ok((tally, server.cpu() - cpu))
    };
    let full = run(Pace::Closed(WINDOW))?;
    let capacity = full.0.rate();
    let mut rows = vec![row("closed loop", (capacity, capacity), &full)];
    let mut over = None;
    for share in [0.25, 0.5, 0.75, 1.0, 2.0] {
        let rate = capacity * share;
        let of = run(Pace::Open(rate, WINDOW_MAX))?;
        rows.push(row(&format!("{:.0} %", share * 100.0), (rate, capacity), &of));
        over = Some(of);
    }
    let (over, over_cpu) = over.unwrap_or_default();
    let each = full.1 / full.0.done.max(1) as f64;
    // Without refusals there is nothing that they could have cost.
    let refusing = (over_cpu - over.done as f64 * each).max(0.0) / over.refused as f64;
    let cost = match over.refused {
        0 => "nothing was refused: the client could not offer so much".to_owned(),
        refused => format!("it cost {} ({:.1} us, {refused} times)", percent(refusing, each), refusing * 1e6),
    };
    let heading = [
        "load",
        "bids/s offered",
        "accepted/s",
        "of the closed loop",
        "refused",
        "CPU an accepted bid, us",
        "p50, us",
        "p99, us",
        "p99.9, us",
    ];
    Ok(format!(
        "Open loop over {BIDDERS} sockets, each with an auction of its own: bids are meant for times that do not depend on\n\
         answers, and latency runs from the intended time. 100 % is what a closed loop of {WINDOW} bids of each\n\
         takes. Goals at 200 %: 90 % of that is accepted, a refusal costs less than 10 % of an acceptance;\n\
         {cost}.\n\n{}",
        table(heading, &rows)
    ))
}

fn row(name: &str, (offered, capacity): (f64, f64), (tally, cpu): &(Tally, f64)) -> [String; 9] {
    let accepted = tally.done.max(1) as f64;
    [
        name.to_owned(),
        format!("{offered:.0}"),
        format!("{:.0}", tally.rate()),
        percent(tally.rate(), capacity),
        percent(tally.refused as f64, accepted + tally.refused as f64),
        format!("{:.1}", cpu * 1e6 / accepted),
        format!("{:.0}", tally.latency(0.5)),
        format!("{:.0}", tally.latency(0.99)),
        format!("{:.0}", tally.latency(0.999)),
    ]
}
