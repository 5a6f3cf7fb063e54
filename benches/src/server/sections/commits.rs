//! How many bids share a sync, and whether each answer waited for one.

use super::{CONNECTIONS, Options, folder, seats, stocked};
use crate::report::table;
use crate::server::Result;
use crate::server::bidding::Bids;
use crate::server::client::{Client, Pace};
use crate::server::message::Framing;
use crate::server::stock::Size;
use crate::server::subject::Subject;
use crate::server::trace::{Order, Tracer, order};
use std::time::Duration;

/// How long bids are traced.
const TRACED: Duration = Duration::from_secs(2);

/// Traces.
pub(super) fn traces(_options: &Options) -> Result<String> {
    let mut rows = Vec::new();
    for (bidders, goal) in [(1, "one commit"), (CONNECTIONS, "0.125")] {
        let (counted, _) = trace(bidders, "fsync,fdatasync")?;
        let (_, checked) = trace(bidders, "fsync,fdatasync,recvfrom,sendto")?;
        rows.push([
            bidders.to_string(),
            counted.0.to_string(),
            counted.1.to_string(),
            format!("{:.3}", counted.1 as f64 / counted.0.max(1) as f64),
            goal.to_owned(),
            checked.answers.to_string(),
            checked.too_early.to_string(),
        ]);
        if checked.too_early > 0 || checked.answers == 0 {
            return Err(format!("{checked:?}: an answer was sent before its sync").into());
        }
    }
    let heading = ["bidders", "bids", "syncs", "syncs a bid", "goal", "answers traced", "sent before a sync"];
    Ok(format!(
        "Bids over sockets, each bidder on an auction of their own, with `strace` on all threads of the server. The count\n\
         follows syncs alone, those of checkpoints among them. The order is that of a second run, which follows what\n\
         the server reads and sends as well: a program looks, for each answer, whether a sync began after the bid had\n\
         been read and ended well before the answer was sent.\n\n{}",
        table(heading, &rows)
    ))
}

/// Bids that were accepted, the syncs meanwhile, and what the trace says of the order.
fn trace(bidders: usize, calls: &str) -> Result<((u64, usize), Order)> {
    let (data, stock) = stocked(Size { people: bidders, lots: bidders })?;
    let server = Subject::server(data.path())?;
    let seats = seats(&stock, bidders, bidders);
    let greetings = seats.iter().map(|seat| Some(seat.handshake()));
    let mut client = Client::connect(server.address, Framing::WebSocket, greetings)?;
    let mut script = Bids::over_sockets(&seats);
    client.run(&mut script, Pace::Closed(1), TRACED / 10)?;
    let traces = folder()?;
    let tracer = Tracer::follow(&server, calls, &traces.path().join("trace"))?;
    let tally = client.run(&mut script, Pace::Closed(1), TRACED)?;
    drop(client);
    let trace = tracer.finish(server)?;
    let order = order(&trace);
    Ok(((tally.done, order.syncs), order))
}
