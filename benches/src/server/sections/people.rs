//! Signing in: beside bids, and to addresses that nobody has.
#![allow(clippy::disallowed_methods, reason = "answers are timed on the wall clock")]

use super::{CONNECTIONS, Options, ROUND, ROUNDS, percent, seats, stocked};
use crate::report::table;
use crate::server::Result;
use crate::server::bidding::{Bids, Seat};
use crate::server::client::{Client, Heard, Pace, Script, Tally, call};
use crate::server::message::{Framing, post};
use crate::server::stock::{PASSWORD, Size, address};
use crate::server::subject::Subject;
use std::net::SocketAddr;
use std::time::Instant;

/// How many sign-ins a second are offered.
const SIGN_INS: f64 = 100.0;
/// How many of a bidder's bids are under way.
const WINDOW: usize = 8;
/// How often each kind of address is asked about.
const QUESTIONS: usize = 120;

/// Closed loops of bids with and without an open loop of sign-ins beside them.
pub(super) fn signing_in(_options: &Options) -> Result<String> {
    let (data, stock) = stocked(Size { people: CONNECTIONS, lots: CONNECTIONS })?;
    let mut command = Subject::server_command(data.path())?;
    for name in ["RATE_LIMIT_SIGN_IN", "RATE_LIMIT_SIGN_IN_ADDRESS"] {
        command.env(name, "1000000000");
    }
    let server = Subject::start(command, data.path())?;
    let seats = seats(&stock, CONNECTIONS, CONNECTIONS);
    let mut beside = Beside::default();
    let mut script = Bids::over_sockets(&seats);
    bids(&server, &seats, &mut script, Pace::Closed(WINDOW))?;
    for _ in 0..ROUNDS {
        beside.alone.add(&bids(&server, &seats, &mut script, Pace::Closed(WINDOW))?);
        let address = server.address;
        let crowd = std::thread::spawn(move || crowd(address).map_err(|error| error.to_string()));
        beside.crowded.add(&bids(&server, &seats, &mut script, Pace::Closed(WINDOW))?);
        beside.crowd.add(&crowd.join().map_err(|_| "the crowd panicked")??);
    }
    beside.unhurried.add(&crowd(server.address)?);
    Ok(format!("{}\n{}", beside.text(), questions(server.address)?))
}

/// What was measured.
#[derive(Default)]
struct Beside {
    alone: Tally,
    crowded: Tally,
    crowd: Tally,
    unhurried: Tally,
}

impl Beside {
    fn text(&self) -> String {
        let row = |name: &str, tally: &Tally, share: String| {
            [
                name.to_owned(),
                format!("{:.0}", tally.rate()),
                share,
                tally.refused.to_string(),
                format!("{:.0}", tally.latency(0.5)),
                format!("{:.0}", tally.latency(0.99)),
            ]
        };
        let share = percent(self.crowded.rate(), self.alone.rate());
        let rows = [
            row("bids alone", &self.alone, String::new()),
            row("bids beside sign-ins", &self.crowded, share),
            row("sign-ins beside bids", &self.crowd, String::new()),
            row("sign-ins alone", &self.unhurried, String::new()),
        ];
        let heading = ["what", "a second", "of the bids alone", "refused", "p50, us", "p99, us"];
        format!(
            "{CONNECTIONS} bidders over sockets, {WINDOW} bids of each under way, while {SIGN_INS:.0} sign-ins a second with the\n\
             right password are offered besides (Argon2id, 19 MiB, two passes). Goal: bids keep 75 % of their rate.\n\
             Sign-ins that find too many before them are refused with 503.\n\n{}",
            table(heading, &rows)
        )
    }
}

fn bids(server: &Subject, seats: &[Seat<'_>], script: &mut Bids, pace: Pace) -> Result<Tally> {
    let greetings = seats.iter().map(|seat| Some(seat.handshake()));
    Client::connect(server.address, Framing::WebSocket, greetings)?.run(script, pace, ROUND)
}

/// People at the door, a hundred a second.
fn crowd(address: SocketAddr) -> Result<Tally> {
    let mut client = Client::connect(address, Framing::Http, (0..CONNECTIONS).map(|_| None))?;
    client.run(&mut SignIns::of_everybody(), Pace::Open(SIGN_INS, 4), ROUND)
}

/// A call, and what it is sent for an address.
type Question = (&'static str, fn(&str) -> String);

/// Whether the time of an answer says that an address is known.
fn questions(server: SocketAddr) -> Result<String> {
    let calls: [Question; 3] = [
        ("login/", |email| format!(r#"{{"email":"{email}","password":"not the password"}}"#)),
        ("register/", |email| {
            format!(r#"{{"email":"{email}","password":"{PASSWORD}","first_name":"A","last_name":"B"}}"#)
        }),
        ("forgot-password/", |email| format!(r#"{{"email":"{email}"}}"#)),
    ];
    let mut rows = Vec::new();
    for (place, (name, body)) in calls.iter().enumerate() {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for question in 0..QUESTIONS {
            let of_nobody = format!("nobody{place}-{question}@load.example");
            for (email, times) in
                [(address(1 + question % CONNECTIONS), &mut known), (of_nobody, &mut unknown)]
            {
                let request = request(name, &body(&email));
                let asked = Instant::now();
                call(server, &request)?;
                times.push(asked.elapsed().as_secs_f64() * 1e6);
            }
        }
        let (known, unknown) = (median(known), median(unknown));
        let apart = format!("{:+.1} %", (known / unknown - 1.0) * 100.0);
        rows.push([(*name).to_owned(), format!("{known:.0}"), format!("{unknown:.0}"), apart]);
    }
    let heading = ["call", "known, p50 us", "unknown, p50 us", "apart"];
    Ok(format!(
        "The time of an answer to an address that somebody has and to one that nobody has, asked in turn, one after the\n\
         other. Goal: within 5 %.\n\n{}",
        table(heading, &rows)
    ))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn request(call: &str, body: &str) -> Vec<u8> {
    let mut request = Vec::new();
    post(&format!("/api/{call}"), "", body, &mut request);
    // Nobody is signed in.
    let text = String::from_utf8_lossy(&request).replace("Authorization: Token \r\n", "");
    text.into_bytes()
}

/// Requests of people who want to get in, one after the other.
struct SignIns {
    requests: Vec<Vec<u8>>,
    next: usize,
}

impl SignIns {
    fn of_everybody() -> Self {
        let body = |index: usize| format!(r#"{{"email":"{}","password":"{PASSWORD}"}}"#, address(1 + index));
        Self { requests: (0..CONNECTIONS).map(|index| request("login/", &body(index))).collect(), next: 0 }
    }
}

impl Script for SignIns {
    fn ask(&mut self, _connection: usize, output: &mut Vec<u8>) {
        output.extend(&self.requests[self.next % self.requests.len()]);
        self.next += 1;
    }

    fn hear(&mut self, _connection: usize, message: &[u8]) -> Heard {
        if message.starts_with(b"HTTP/1.1 503") { Heard::Refused } else { Heard::Done }
    }
}
