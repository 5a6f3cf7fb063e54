//! Lists and auctions, beside the same bytes from memory.

use super::{CONNECTIONS, Options, ROUND, ROUNDS, folder, percent, stocked};
use crate::report::table;
use crate::server::Result;
use crate::server::asking::Same;
use crate::server::client::{Client, Pace, Tally, call};
use crate::server::echo::ANSWER_SUFFIX;
use crate::server::message::{Framing, find, get};
use crate::server::stock::Size;
use crate::server::subject::Subject;
use std::net::SocketAddr;

/// How many auctions there are.
const AUCTIONS: usize = 10_000;

/// What is read: a name, a path, and whether the goal is about it.
const PAGES: [(&str, &str, &str); 8] = [
    ("list", "/api/auctions/?page_size=20", "60 %"),
    ("list, page 100", "/api/auctions/?page_size=20&page=100", ""),
    ("started", "/api/auctions/?page_size=20&status=started", ""),
    ("by end", "/api/auctions/?page_size=20&ordering=end_date_time", ""),
    ("by price", "/api/auctions/?page_size=20&ordering=current_price", ""),
    ("search", "/api/auctions/?page_size=20&search=lot%2077", ""),
    ("detail", "/api/auctions/77/", "60 %"),
    ("featured", "/api/auctions/featured/", "60 %"),
];

/// Closed loops.
pub(super) fn throughput(_options: &Options) -> Result<String> {
    let (data, _stock) = stocked(Size { people: 4, lots: AUCTIONS })?;
    let server = Subject::server(data.path())?;
    let answers = folder()?;
    let mut bytes = Vec::new();
    for (index, (_, path, _)) in PAGES.iter().enumerate() {
        let answer = call(server.address, &get(path))?;
        if !answer.starts_with(b"HTTP/1.1 200") {
            return Err(format!("{path}: {}", String::from_utf8_lossy(&answer)).into());
        }
        let head = find(&answer, b"\r\n\r\n").map_or(0, |head| head + 4);
        std::fs::write(answers.path().join(format!("{index}{ANSWER_SUFFIX}")), &answer[head..])?;
        bytes.push(answer.len() - head);
    }
    let echo = Subject::echo(answers.path())?;
    let mut totals: Vec<[(Tally, f64); 2]> = vec![Default::default(); PAGES.len()];
    for _ in 0..ROUNDS {
        for (index, ((_, path, _), total)) in PAGES.iter().zip(&mut totals).enumerate() {
            let paths = [(*path).to_owned(), format!("/{index}")];
            for ((subject, path), total) in [&server, &echo].into_iter().zip(&paths).zip(total) {
                let cpu = subject.cpu();
                total.0.add(&ask(subject.address, path)?);
                total.1 += subject.cpu() - cpu;
            }
        }
    }
    let rows: Vec<_> = PAGES
        .iter()
        .zip(&totals)
        .zip(&bytes)
        .map(|(((name, _, goal), [(server, cpu), (echo, echo_cpu)]), bytes)| {
            let each = |cpu: &f64, tally: &Tally| cpu * 1e6 / tally.done.max(1) as f64;
            [
                (*name).to_owned(),
                bytes.to_string(),
                format!("{:.0}", server.rate()),
                format!("{:.0}", echo.rate()),
                percent(server.rate(), echo.rate()),
                (*goal).to_owned(),
                format!("{:.1} / {:.1}", each(cpu, server), each(echo_cpu, echo)),
                format!("{:.0} / {:.0}", server.latency(0.5), echo.latency(0.5)),
                format!("{:.0} / {:.0}", server.latency(0.99), echo.latency(0.99)),
            ]
        })
        .collect();
    let heading = ["what", "bytes", "answers/s", "probe/s", "ratio", "goal", "CPU, us", "p50, us", "p99, us"];
    Ok(format!(
        "{AUCTIONS} open auctions, read by {CONNECTIONS} connections that are not signed in. Probe: an axum handler that\n\
         answers the same bytes from memory, with the same client.\n\n{}",
        table(heading, &rows)
    ))
}

fn ask(address: SocketAddr, path: &str) -> Result<Tally> {
    let mut client = Client::connect(address, Framing::Http, (0..CONNECTIONS).map(|_| None))?;
    client.run(&mut Same::new(get(path)), Pace::Closed(1), ROUND / 2)
}
