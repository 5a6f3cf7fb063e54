//! Bids over sockets and HTTP, beside echoes.

use super::{CONNECTIONS, Options, ROUND, ROUNDS, folder, percent, seats, stocked};
use crate::report::table;
use crate::server::Result;
use crate::server::asking::Same;
use crate::server::bidding::Bids;
use crate::server::client::{Client, Pace, Script, Tally};
use crate::server::disk::syncs;
use crate::server::echo::SOCKET;
use crate::server::message::{Framing, handshake, post, text_frame};
use crate::server::stock::{Size, Stock};
use crate::server::subject::Subject;
use std::time::Duration;

/// A bid of the usual length.
const TEXT: &str = r#"{"action":"place_bid","price":"6000.01","id":"b00000001"}"#;
/// How many bids of a connection are under way where they are pipelined.
const WINDOW: usize = 64;

/// What is measured, and what was.
struct Case {
    name: &'static str,
    goal: &'static str,
    framing: Framing,
    connections: usize,
    auctions: usize,
    window: usize,
    server: (Tally, f64),
    echo: (Tally, f64),
}

impl Case {
    fn new(
        name: &'static str,
        goal: &'static str,
        framing: Framing,
        (connections, auctions): (usize, usize),
        window: usize,
    ) -> Self {
        let server = (Tally::default(), 0.0);
        Self { name, goal, framing, connections, auctions, window, server, echo: (Tally::default(), 0.0) }
    }

    fn round(&mut self, server: &Subject, echo: &Subject, stock: &Stock, asked: &mut u64) -> Result<()> {
        let seats = seats(stock, self.connections, self.auctions);
        let (mut client, mut script) = match self.framing {
            Framing::WebSocket => {
                let greetings = seats.iter().map(|seat| Some(seat.handshake()));
                (Client::connect(server.address, self.framing, greetings)?, Bids::over_sockets(&seats))
            }
            Framing::Http => {
                let greetings = seats.iter().map(|_| None);
                (Client::connect(server.address, self.framing, greetings)?, Bids::over_http(&seats))
            }
        };
        script = script.after(*asked);
        self.window(&mut client, server, &mut script, true)?;
        *asked = script.asked();
        drop(client);
        let mut request = Vec::new();
        let greeting = match self.framing {
            Framing::WebSocket => {
                text_frame(TEXT.as_bytes(), &mut request);
                Some(handshake(SOCKET))
            }
            Framing::Http => {
                post("/api/auctions/1/bids/", seats[0].token, r#"{"price":"6000.01"}"#, &mut request);
                None
            }
        };
        let greetings = (0..self.connections).map(|_| greeting.clone());
        let mut client = Client::connect(echo.address, self.framing, greetings)?;
        self.window(&mut client, echo, &mut Same::new(request), false)
    }

    fn window(
        &mut self,
        client: &mut Client,
        subject: &Subject,
        script: &mut impl Script,
        is_server: bool,
    ) -> Result<()> {
        client.run(script, Pace::Closed(self.window), ROUND / 5)?;
        let cpu = subject.cpu();
        let tally = client.run(script, Pace::Closed(self.window), ROUND)?;
        let place = if is_server { &mut self.server } else { &mut self.echo };
        place.0.add(&tally);
        place.1 += subject.cpu() - cpu;
        Ok(())
    }

    fn row(&self) -> [String; 11] {
        let ((server, server_cpu), (echo, echo_cpu)) = (&self.server, &self.echo);
        let answered = |tally: &Tally| (tally.done + tally.refused).max(1) as f64;
        [
            self.name.to_owned(),
            format!("{:.0}", server.rate()),
            format!("{:.0}", echo.rate()),
            percent(server.rate(), echo.rate()),
            self.goal.to_owned(),
            percent(server.refused as f64, answered(server)),
            format!("{:.1}", server.news as f64 / server.done.max(1) as f64),
            format!("{:.1} / {:.1}", server_cpu * 1e6 / answered(server), echo_cpu * 1e6 / answered(echo)),
            format!("{:.1} / {:.1}", server.cpu * 1e6 / answered(server), echo.cpu * 1e6 / answered(echo)),
            format!("{:.0} / {:.0}", server.latency(0.5), echo.latency(0.5)),
            format!("{:.0} / {:.0}", server.latency(0.99), echo.latency(0.99)),
        ]
    }
}

/// Closed loops.
pub(super) fn throughput(_options: &Options) -> Result<String> {
    let (data, stock) = stocked(Size { people: CONNECTIONS, lots: CONNECTIONS })?;
    let answers = folder()?;
    let (server, echo) = (Subject::server(data.path())?, Subject::echo(answers.path())?);
    let many = (CONNECTIONS, CONNECTIONS);
    let mut cases = [
        Case::new("WebSocket, one bidder", "", Framing::WebSocket, (1, 1), 1),
        Case::new("WebSocket, 32 bidders", "75 %", Framing::WebSocket, many, 1),
        Case::new("WebSocket, 32 bidders, 64 under way each", "50 %", Framing::WebSocket, many, WINDOW),
        Case::new("WebSocket, 32 bidders, one auction", "", Framing::WebSocket, (CONNECTIONS, 1), 1),
        Case::new("HTTP, 32 bidders", "60 %", Framing::Http, many, 1),
        Case::new("HTTP, 32 bidders, one auction", "", Framing::Http, (CONNECTIONS, 1), 1),
    ];
    let (mut sync, mut asked) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        sync.push(syncs(answers.path(), Duration::from_millis(300))?.1);
        for case in &mut cases {
            case.round(&server, &echo, &stock, &mut asked)?;
        }
    }
    let heading = [
        "clients",
        "bids/s",
        "echoes/s",
        "ratio",
        "goal",
        "refused",
        "states a bid",
        "CPU a bid / an echo, us",
        "of the client, us",
        "p50, us",
        "p99, us",
    ];
    let rows: Vec<_> = cases.iter().map(Case::row).collect();
    sync.sort_unstable_by(f64::total_cmp);
    let sync = sync[sync.len() / 2];
    let (lone, bound) = (cases[0].server.0.latency(0.5), cases[0].echo.0.latency(0.5) + 2.0 * sync);
    let ratio = cases[3].server.0.rate() / cases[0].server.0.rate();
    Ok(format!(
        "Straight bids, durable when they are answered; each bidder has an auction of their own unless it says *one\n\
         auction*, where bids that overtake each other on the way are refused. Each bid is answered and followed by\n\
         the new state, to everybody who watches. Probes: an axum server that sends a text back, or reads JSON and\n\
         writes it again, with the same client.\n\n{}\n\
         A lone bid over a socket has a p50 of {lone:.0} us; that of an echo and twice that of a sync ({sync:.0} us) are\n\
         {bound:.0} us (goal: no more, P5). One auction with 32 bidders takes {ratio:.1} x the bids of one bidder (goal: 2,\n\
         P7).\n",
        table(heading, &rows)
    ))
}
