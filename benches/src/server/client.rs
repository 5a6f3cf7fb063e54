//! The client: one thread with all connections.
#![allow(clippy::disallowed_methods, reason = "latencies are measured on the wall clock")]

use super::Result;
use super::message::{Begins, Framing, find};
use crate::cpu;
use mio::net::TcpStream;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::{Duration, Instant};

/// How much is read at once, in bytes.
const READ_BYTES: usize = 64 * 1024;
/// How long the other side may be silent before the run is given up.
const SILENCE_MAX: Duration = Duration::from_secs(20);
/// A pong of a client, without a payload.
const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];
/// The timer among the connections.
const TIMER: Token = Token(usize::MAX);

/// What a message is to the one who gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The answer to the oldest request of this connection: it was done.
    Done,
    /// The same: it was refused.
    Refused,
    /// Something that nobody asked for.
    News,
}

/// What a client says, and how it understands the answers.
pub trait Script {
    /// Writes the next request of a connection.
    fn ask(&mut self, connection: usize, output: &mut Vec<u8>);
    /// Takes a message.
    fn hear(&mut self, connection: usize, message: &[u8]) -> Heard;
}

/// How requests follow each other.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// So many of each connection are under way, always.
    Closed(usize),
    /// So many a second, at times that do not depend on answers, each over the connection that has waited longest;
    /// at most so many of one are under way, and what cannot be sent then is sent late, which counts.
    Open(f64, usize),
}

/// Connections, and the thread that serves them.
pub struct Client {
    poll: Poll,
    lines: Vec<Line>,
    framing: Framing,
    timer: OwnedFd,
    buffer: Vec<u8>,
}

struct Line {
    stream: TcpStream,
    input: Vec<u8>,
    output: Vec<u8>,
    sent: usize,
    /// When the requests that are under way were meant to be sent.
    asked: VecDeque<Instant>,
}

/// What was measured.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Requests that were done.
    pub done: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Messages that nobody asked for.
    pub news: u64,
    /// How long it took.
    pub seconds: f64,
    /// CPU time of the client, in seconds.
    pub cpu: f64,
    /// Nanoseconds from the intended time of a request to its answer, in order.
    pub latencies: Vec<u64>,
}

impl Tally {
    /// Requests done in a second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.seconds
    }

    /// The latency below which this share stays, in microseconds.
    pub fn latency(&self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get((last as f64 * share) as usize).map_or(0.0, |nanos| *nanos as f64 / 1e3)
    }

    /// Adds another round of the same.
    pub fn add(&mut self, other: &Self) {
        self.done += other.done;
        self.refused += other.refused;
        self.news += other.news;
        self.seconds += other.seconds;
        self.cpu += other.cpu;
        self.latencies.extend(&other.latencies);
        self.latencies.sort_unstable();
    }
}

impl Client {
    /// Connects as often as there are greetings. A greeting is sent at once, and its answer, which has to be one of
    /// HTTP with this status, is waited for.
    ///
    /// # Errors
    /// Where that fails.
    pub fn connect(
        address: SocketAddr,
        framing: Framing,
        greetings: impl IntoIterator<Item = Option<Vec<u8>>>,
    ) -> Result<Self> {
        Self::connect_to(framing, greetings.into_iter().map(|greeting| (address, greeting)))
    }

    /// The same, with an address for each connection.
    ///
    /// # Errors
    /// Where that fails.
    pub fn connect_to(
        framing: Framing,
        greetings: impl IntoIterator<Item = (SocketAddr, Option<Vec<u8>>)>,
    ) -> Result<Self> {
        let poll = Poll::new()?;
        let timer =
            timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        poll.registry().register(&mut SourceFd(&timer.as_raw_fd()), TIMER, Interest::READABLE)?;
        let mut lines = Vec::new();
        for (address, greeting) in greetings {
            let mut stream = std::net::TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(SILENCE_MAX))?;
            let input = match greeting {
                Some(greeting) => greet(&mut stream, &greeting)?,
                None => Vec::new(),
            };
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            let interest = Interest::READABLE | Interest::WRITABLE;
            poll.registry().register(&mut stream, Token(lines.len()), interest)?;
            lines.push(Line { stream, input, output: Vec::new(), sent: 0, asked: VecDeque::new() });
        }
        Ok(Self { poll, lines, framing, timer, buffer: vec![0; READ_BYTES] })
    }

    /// How many connections there are.
    pub const fn connections(&self) -> usize {
        self.lines.len()
    }

    /// Keeps at it for a while; what is then under way is waited for and not counted.
    ///
    /// # Errors
    /// Where a connection ends, or nothing is heard for long.
    pub fn run(&mut self, script: &mut impl Script, pace: Pace, within: Duration) -> Result<Tally> {
        let mut round = Round { script, pace, tally: Tally::default(), spare: VecDeque::new(), next: None };
        let (started, cpu) = (Instant::now(), cpu::used());
        let until = started + within;
        match pace {
            Pace::Closed(window) => {
                for index in 0..self.lines.len() {
                    for _ in 0..window {
                        self.lines[index].ask(index, started, round.script);
                    }
                    self.lines[index].write()?;
                }
            }
            Pace::Open(_, window) => {
                round.spare.extend((0..window).flat_map(|_| 0..self.lines.len()));
                round.next = Some(started);
            }
        }
        self.serve(&mut round, until, true)?;
        round.tally.seconds = started.elapsed().as_secs_f64();
        round.tally.cpu = (cpu::used() - cpu).as_secs_f64();
        let counted = round.tally.clone();
        round.next = None;
        self.serve(&mut round, Instant::now() + SILENCE_MAX, false)?;
        let mut tally = counted;
        tally.latencies.sort_unstable();
        Ok(tally)
    }

    /// Listens until `enough` says so, or for so long.
    ///
    /// # Errors
    /// Where a connection ends.
    pub fn listen(
        &mut self,
        within: Duration,
        mut hear: impl FnMut(usize, &[u8]) -> bool,
    ) -> Result<Option<Instant>> {
        let until = Instant::now() + within;
        let mut events = Events::with_capacity(4_096);
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.poll.poll(&mut events, Some(left))?;
            for event in events.iter().filter(|event| event.token() != TIMER) {
                let index = event.token().0;
                let mut is_enough = false;
                self.lines[index].read(&mut self.buffer, self.framing, |_, message| {
                    is_enough |= hear(index, message);
                })?;
                self.lines[index].write()?;
                if is_enough {
                    return Ok(Some(Instant::now()));
                }
            }
        }
    }

    /// Says something over one connection, to which no answer is counted.
    ///
    /// # Errors
    /// Where it cannot be sent.
    pub fn say(&mut self, connection: usize, bytes: &[u8]) -> Result<()> {
        let line = &mut self.lines[connection];
        line.output.extend(bytes);
        line.write()
    }

    /// Serves all connections until the time is over, or, where no more is asked, all is answered.
    fn serve<S: Script>(&mut self, round: &mut Round<'_, S>, until: Instant, asks: bool) -> Result<()> {
        let mut events = Events::with_capacity(4_096);
        let mut heard_at = Instant::now();
        loop {
            let now = Instant::now();
            if now >= until || (!asks && self.lines.iter().all(|line| line.asked.is_empty())) {
                return Ok(());
            }
            if asks {
                self.send_due(round, now)?;
            }
            let wait = until.saturating_duration_since(now).min(Duration::from_secs(1));
            if let Err(error) = self.poll.poll(&mut events, Some(wait))
                && error.kind() != ErrorKind::Interrupted
            {
                return Err(error.into());
            }
            for event in &events {
                if event.token() == TIMER {
                    // Only the wake counts.
                    let _ = rustix::io::read(&self.timer, &mut [0_u8; 8]);
                    continue;
                }
                heard_at = Instant::now();
                self.hear(event.token().0, round, asks)?;
            }
            if heard_at.elapsed() > SILENCE_MAX && !matches!(round.pace, Pace::Open(..)) {
                return Err("the other side fell silent".into());
            }
        }
    }

    /// Reads one connection, and asks again over it where there is something to ask.
    fn hear<S: Script>(&mut self, index: usize, round: &mut Round<'_, S>, asks: bool) -> Result<()> {
        let now = Instant::now();
        let Round { script, tally, .. } = round;
        let mut answers = 0;
        let line = &mut self.lines[index];
        line.read(&mut self.buffer, self.framing, |asked, message| {
            let heard = script.hear(index, message);
            match heard {
                Heard::News => tally.news += 1,
                Heard::Done => tally.done += 1,
                Heard::Refused => tally.refused += 1,
            }
            if heard != Heard::News {
                answers += 1;
                let Some(at) = asked.pop_front() else { return };
                if heard == Heard::Done {
                    let nanos = now.saturating_duration_since(at).as_nanos();
                    tally.latencies.push(u64::try_from(nanos).unwrap_or(u64::MAX));
                }
            }
        })?;
        match round.pace {
            Pace::Closed(_) if asks => {
                for _ in 0..answers {
                    line.ask(index, now, round.script);
                }
            }
            Pace::Closed(_) => {}
            Pace::Open(..) => round.spare.extend(std::iter::repeat_n(index, answers)),
        }
        line.write()
    }

    /// Sends what is due, and sets the timer to what is due next.
    fn send_due<S: Script>(&mut self, round: &mut Round<'_, S>, now: Instant) -> Result<()> {
        let (Pace::Open(rate, _), Some(mut due)) = (round.pace, round.next) else { return Ok(()) };
        while due <= now {
            let Some(index) = round.spare.pop_front() else { break };
            self.lines[index].ask(index, due, round.script);
            self.lines[index].write()?;
            due += Duration::from_secs_f64(1.0 / rate);
        }
        round.next = Some(due);
        if round.spare.is_empty() {
            // The next answer makes room.
            return Ok(());
        }
        let wait = due.saturating_duration_since(Instant::now()).max(Duration::from_nanos(1));
        let it_value = Timespec { tv_sec: wait.as_secs().cast_signed(), tv_nsec: wait.subsec_nanos().into() };
        let it_interval = Timespec { tv_sec: 0, tv_nsec: 0 };
        let timer = Itimerspec { it_interval, it_value };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &timer)?;
        Ok(())
    }
}

struct Round<'a, S> {
    script: &'a mut S,
    pace: Pace,
    tally: Tally,
    /// Connections that may ask, those that have waited longest first.
    spare: VecDeque<usize>,
    /// When the next request is due.
    next: Option<Instant>,
}

impl Line {
    fn ask(&mut self, index: usize, at: Instant, script: &mut impl Script) {
        self.asked.push_back(at);
        script.ask(index, &mut self.output);
    }

    fn write(&mut self) -> Result<()> {
        while self.sent < self.output.len() {
            match self.stream.write(&self.output[self.sent..]) {
                Ok(bytes) => self.sent += bytes,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        self.output.clear();
        self.sent = 0;
        Ok(())
    }

    fn read(
        &mut self,
        buffer: &mut [u8],
        framing: Framing,
        mut hear: impl FnMut(&mut VecDeque<Instant>, &[u8]),
    ) -> Result<()> {
        loop {
            let bytes = match self.stream.read(buffer) {
                Ok(0) => return Err("the other side hung up".into()),
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            self.input.extend(&buffer[..bytes]);
            let mut start = 0;
            loop {
                match framing.read(&self.input[start..]) {
                    Begins::Part => break,
                    Begins::Control(total) => {
                        // The server looks whether somebody is still there.
                        self.output.extend(PONG);
                        start += total;
                    }
                    Begins::End => return Err("the other side closed".into()),
                    Begins::Message(total, message) => {
                        hear(&mut self.asked, message);
                        start += total;
                    }
                }
            }
            self.input.drain(..start);
            if bytes < buffer.len() {
                return Ok(());
            }
        }
    }
}

/// Sends a handshake and answers what came after the head of its answer.
fn greet(stream: &mut std::net::TcpStream, greeting: &[u8]) -> Result<Vec<u8>> {
    stream.write_all(greeting)?;
    let (mut input, mut buffer) = (Vec::new(), [0; 4_096]);
    loop {
        let bytes = stream.read(&mut buffer)?;
        if bytes == 0 {
            return Err("the other side hung up in the handshake".into());
        }
        input.extend(&buffer[..bytes]);
        let Some(head) = find(&input, b"\r\n\r\n") else { continue };
        if !input.starts_with(b"HTTP/1.1 101") {
            return Err(format!("no handshake: {}", String::from_utf8_lossy(&input)).into());
        }
        return Ok(input.split_off(head + 4));
    }
}

/// One request and its answer, over a connection of its own; a probe of whether somebody answers.
///
/// # Errors
/// Where nobody does.
pub fn call(address: SocketAddr, request: &[u8]) -> Result<Vec<u8>> {
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    stream.write_all(request)?;
    let (mut input, mut buffer) = (Vec::new(), vec![0; READ_BYTES]);
    loop {
        let bytes = stream.read(&mut buffer)?;
        if bytes == 0 {
            return Err("the other side hung up".into());
        }
        input.extend(&buffer[..bytes]);
        if let Begins::Message(_, message) = Framing::Http.read(&input) {
            return Ok(message.to_vec());
        }
    }
}
