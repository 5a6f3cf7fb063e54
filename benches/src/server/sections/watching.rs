//! Those who watch: what a delivery costs, how long the last one waits, what a socket takes.
#![allow(clippy::disallowed_methods, reason = "a delivery is waited for")]

use super::{Options, stocked};
use crate::report::table;
use crate::server::Result;
use crate::server::bidding::{Bids, Seat};
use crate::server::client::{Client, Script};
use crate::server::message::{Framing, find};
use crate::server::stock::{Size, Stock};
use crate::server::subject::Subject;
use std::time::{Duration, Instant};

/// How many sockets one person may have.
const SOCKETS_OF_ONE: usize = 32;
/// How many watch, at most.
const WATCHERS: usize = 10_000;
/// How many bids are delivered one by one.
const BIDS: usize = 20;
/// How many at once.
const BURST: usize = 10;
/// How long a delivery may take before the run is given up.
const DELIVERY_MAX: Duration = Duration::from_secs(20);
/// How long the server has to notice who has gone.
const SETTLE: Duration = Duration::from_secs(2);
/// How many watchers come and go in each of the rounds.
const COMING_AND_GOING: (usize, usize) = (2_000, 10);

/// Fan-out and memory.
pub(super) fn fan_out(_options: &Options) -> Result<String> {
    let (data, stock) = stocked(Size { people: WATCHERS / SOCKETS_OF_ONE + 2, lots: 1 })?;
    let mut rows = Vec::new();
    let mut memory = String::new();
    for watchers in [100, 1_000, WATCHERS] {
        let server = Subject::server(data.path())?;
        drop(watch(&server, &stock, 100)?);
        std::thread::sleep(SETTLE / 2);
        let before = server.resident();
        let mut client = watch(&server, &stock, watchers)?;
        std::thread::sleep(SETTLE);
        let idle = (server.resident().saturating_sub(before)) as f64 / watchers as f64 / 1_024.0;
        rows.push(deliver(&server, &stock, &mut client, watchers)?);
        drop(client);
        if watchers == WATCHERS {
            memory = coming_and_going(&server, &stock, idle)?;
        }
        server.kill()?;
    }
    let heading = [
        "watchers",
        "CPU a delivery, us",
        "goal",
        "in bursts of 10: frames a bid",
        "CPU a bid and watcher, us",
        "the last has it after, ms: median",
        "longest",
        "goal",
    ];
    Ok(format!(
        "One auction, one bid after the other; each is delivered before the next one. CPU is that of the server, the bid\n\
         itself included. The client is on the same machine and reads while the server writes.\n\n{}\n{memory}",
        table(heading, &rows)
    ))
}

fn seat(stock: &Stock, socket: usize) -> Seat<'_> {
    Seat { lot: &stock.lots[0], token: &stock.bidder(socket / SOCKETS_OF_ONE).token }
}

/// So many sockets, which have the first state.
fn watch(server: &Subject, stock: &Stock, watchers: usize) -> Result<Client> {
    let greetings = (0..watchers).map(|socket| Some(seat(stock, socket).handshake()));
    let mut client = Client::connect(server.address, Framing::WebSocket, greetings)?;
    // Those whose first state came with the handshake are not heard of here.
    client.listen(Duration::from_millis(300), |_, _| false)?;
    Ok(client)
}

/// Bids, and how they arrive at the watchers.
fn deliver(server: &Subject, stock: &Stock, client: &mut Client, watchers: usize) -> Result<[String; 8]> {
    // Prices rise over all runs on this database.
    let earlier = watchers as u64;
    let seats = [Seat { token: &stock.people[stock.people.len() - 1].token, ..seat(stock, 0) }];
    let mut bidder = Client::connect(server.address, Framing::WebSocket, [Some(seats[0].handshake())])?;
    let mut script = Bids::over_sockets(&seats).after(earlier);
    let mut last = Vec::new();
    let cpu = server.cpu();
    for _ in 0..BIDS {
        let started = Instant::now();
        say(&mut bidder, &mut script, 1)?;
        // Some may still wait for an earlier state.
        let price = format!(r#""current_price":"{}""#, script.last_price(0));
        let mut missing = watchers;
        let at = client.listen(DELIVERY_MAX, |_, message| {
            missing -= usize::from(find(message, price.as_bytes()).is_some());
            missing == 0
        })?;
        last.push(at.ok_or("a watcher was forgotten")?.duration_since(started).as_secs_f64() * 1e3);
    }
    let each = (server.cpu() - cpu) * 1e6 / (BIDS * watchers) as f64;
    let cpu = server.cpu();
    let mut frames = 0_usize;
    for _ in 0..BIDS / 2 {
        say(&mut bidder, &mut script, BURST)?;
        client.listen(Duration::from_millis(if watchers < WATCHERS { 100 } else { 400 }), |_, _| {
            frames += 1;
            false
        })?;
    }
    let pairs = (BIDS / 2 * BURST * watchers) as f64;
    let burst = (server.cpu() - cpu) * 1e6 / pairs;
    last.sort_unstable_by(f64::total_cmp);
    Ok([
        watchers.to_string(),
        format!("{each:.1}"),
        "5".to_owned(),
        format!("{:.2}", frames as f64 / pairs),
        format!("{burst:.1}"),
        format!("{:.1}", last[last.len() / 2]),
        format!("{:.1}", last[last.len() - 1]),
        "250".to_owned(),
    ])
}

fn say(bidder: &mut Client, script: &mut Bids, bids: usize) -> Result<()> {
    let mut text = Vec::new();
    (0..bids).for_each(|_| script.ask(0, &mut text));
    bidder.say(0, &text)
}

/// Memory, after watchers have come and gone.
fn coming_and_going(server: &Subject, stock: &Stock, idle: f64) -> Result<String> {
    let (watchers, rounds) = COMING_AND_GOING;
    let mut rows = Vec::new();
    let mut first = 0;
    for round in 1..=rounds {
        drop(watch(server, stock, watchers)?);
        std::thread::sleep(SETTLE / 2);
        let resident = server.resident();
        if round == 1 {
            first = resident;
        }
        if [1, 2, 5, rounds].contains(&round) {
            let change = (resident as f64 / first as f64 - 1.0) * 100.0;
            rows.push([
                round.to_string(),
                format!("{:.1}", resident as f64 / (1 << 20) as f64),
                format!("{change:+.1} %"),
            ]);
        }
    }
    Ok(format!(
        "An idle watcher takes {idle:.1} KiB of resident memory (goal: 10; {WATCHERS} of them). Then {watchers} come and go, \
         {rounds} times (goal: within 5 %):\n\n{}",
        table(["round", "resident, MiB", "against the first"], &rows)
    ))
}
