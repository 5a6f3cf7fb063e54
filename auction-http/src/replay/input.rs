//! Reads a bid log and checks every row of it.

use super::error::{LogError, Problem, Reason};
use super::lines::Lines;
use super::time::TimeUnit;
use auction_core::Timestamp;
use auction_core::auction::{BidKind, Units};
use auction_core::money::{Amount, Currency};
use csv::ByteRecord;
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

/// The most rows of a log. They are all held in memory, at 40 bytes each.
pub const ROWS_MAX: usize = 10_000_000;
/// The longest name of an auction or a bidder, in bytes.
pub const NAME_BYTES_MAX: usize = 256;

/// A bid log: CSV with a header, one bid a row.
///
/// Columns go by their names, in any order: `auction`, `bidder`, `amount` and `at` are required; `kind` and `quantity`
/// may be there; `start_price`, `reserve`, `starts_at` and `ends_at` too, and count on the first row of an auction only.
/// Columns with other names are ignored.
#[derive(Debug)]
pub struct BidLog {
    currency: Currency,
    unit: TimeUnit,
    lots: Vec<Lot>,
    bidders: Vec<Arc<str>>,
    rows: Vec<Row>,
}

/// What a log says of an auction, on its first row.
#[derive(Debug)]
pub struct Lot {
    pub(super) name: Arc<str>,
    /// The line of its first row.
    pub(super) line: u64,
    pub(super) start_price: Amount,
    pub(super) reserve: Option<Amount>,
    pub(super) starts_at: Option<Timestamp>,
    pub(super) ends_at: Option<Timestamp>,
}

/// A bid.
#[derive(Debug)]
pub struct Row {
    pub(super) lot: u32,
    pub(super) bidder: u32,
    pub(super) kind: BidKind,
    pub(super) units: Units,
    pub(super) amount: Amount,
    pub(super) at: Timestamp,
    pub(super) line: u64,
}

impl BidLog {
    /// Reads a log whose amounts are in `currency`; `progress` is told how many rows were read.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn read(
        input: impl Read,
        currency: Currency,
        mut progress: impl FnMut(usize),
    ) -> Result<Self, LogError> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Lines::new(input));
        let mut record = ByteRecord::new();
        let header_line = next(&mut reader, &mut record)?.unwrap_or(1);
        let columns = Columns::find(&record, header_line)?;
        let mut reading = Reading::new(currency);
        while let Some(line) = next(&mut reader, &mut record)? {
            if reading.rows.len() >= ROWS_MAX {
                return Err(LogError::TooManyRows { line });
            }
            reading.row(&columns, &record, line).map_err(|problem| LogError::Row { line, problem })?;
            progress(reading.rows.len());
        }
        Ok(reading.finish())
    }

    /// The auctions, in the order in which the log mentions them.
    pub fn lots(&self) -> &[Lot] {
        &self.lots
    }

    /// The bids: by auction, and in the order in which they are played.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The currency of all amounts.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The unit of all times; seconds where there are none.
    pub const fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// How many people bid.
    pub(super) const fn bidders(&self) -> usize {
        self.bidders.len()
    }

    /// The name of a bidder.
    pub(super) fn bidder(&self, number: u32) -> &str {
        &self.bidders[number as usize]
    }
}

/// Reads the next row and answers its line; `None` at the end.
fn next<R: Read>(
    reader: &mut csv::Reader<Lines<R>>,
    record: &mut ByteRecord,
) -> Result<Option<u64>, LogError> {
    let from = reader.position().byte();
    match reader.read_byte_record(record) {
        Ok(false) => Ok(None),
        Ok(true) => {
            let to = reader.position().byte();
            Ok(Some(reader.get_mut().take(from, to)))
        }
        Err(error) => {
            let (line, is_endless) = (reader.get_ref().current(), reader.get_ref().is_endless());
            if is_endless {
                return Err(LogError::Row { line, problem: Problem::Endless });
            }
            Err(LogError::Read { line, source: error.into() })
        }
    }
}

/// Where the columns stand that mean something.
struct Columns {
    count: usize,
    auction: usize,
    bidder: usize,
    amount: usize,
    at: usize,
    kind: Option<usize>,
    quantity: Option<usize>,
    start_price: Option<usize>,
    reserve: Option<usize>,
    starts_at: Option<usize>,
    ends_at: Option<usize>,
}

impl Columns {
    fn find(header: &ByteRecord, line: u64) -> Result<Self, LogError> {
        let place = |column: &'static str| {
            let mut places = header.iter().enumerate().filter(|(_, name)| *name == column.as_bytes());
            let first = places.next().map(|(place, _)| place);
            if places.next().is_some() { Err(LogError::RepeatedColumn { line, column }) } else { Ok(first) }
        };
        let required = |column: &'static str| {
            place(column)?.ok_or_else(|| {
                let names: Vec<_> = header.iter().map(|name| String::from_utf8_lossy(name)).collect();
                LogError::MissingColumn { line, column, found: names.join(",") }
            })
        };
        Ok(Self {
            count: header.len(),
            auction: required("auction")?,
            bidder: required("bidder")?,
            amount: required("amount")?,
            at: required("at")?,
            kind: place("kind")?,
            quantity: place("quantity")?,
            start_price: place("start_price")?,
            reserve: place("reserve")?,
            starts_at: place("starts_at")?,
            ends_at: place("ends_at")?,
        })
    }
}

/// A value of a row that must make sense.
struct Cell<'a> {
    column: &'static str,
    bytes: &'a [u8],
}

impl<'a> Cell<'a> {
    /// Reads the value; `None` where it is empty.
    fn read<T>(&self, parse: impl FnOnce(&'a str) -> Result<T, Reason>) -> Result<Option<T>, Problem> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let text = std::str::from_utf8(self.bytes).map_err(|_| Reason::NotUtf8);
        text.and_then(parse).map(Some).map_err(|reason| self.wrong(reason))
    }

    fn require<T>(&self, parse: impl FnOnce(&'a str) -> Result<T, Reason>) -> Result<T, Problem> {
        self.read(parse)?.ok_or_else(|| self.wrong(Reason::Empty))
    }

    fn wrong(&self, reason: Reason) -> Problem {
        let value = String::from_utf8_lossy(self.bytes).into_owned();
        Problem::Value { column: self.column, value, reason }
    }
}

/// A log that has been read in part.
struct Reading {
    currency: Currency,
    unit: Option<TimeUnit>,
    lots: Vec<Lot>,
    lot_names: Names,
    bidder_names: Names,
    rows: Vec<Row>,
}

impl Reading {
    fn new(currency: Currency) -> Self {
        let (lot_names, bidder_names) = (Names::default(), Names::default());
        Self { currency, unit: None, lots: Vec::new(), lot_names, bidder_names, rows: Vec::new() }
    }

    fn row(&mut self, columns: &Columns, record: &ByteRecord, line: u64) -> Result<(), Problem> {
        if record.len() != columns.count {
            return Err(Problem::Length { found: record.len(), expected: columns.count });
        }
        let cell = |column, place: usize| Cell { column, bytes: &record[place] };
        let optional =
            |column, place: Option<usize>| Cell { column, bytes: place.map_or(&[], |place| &record[place]) };
        let currency = self.currency;

        let auction = cell("auction", columns.auction).require(name)?;
        let bidder = cell("bidder", columns.bidder).require(name)?;
        let amount = cell("amount", columns.amount).require(|text| positive(text, currency))?;
        let at =
            cell("at", columns.at).require(|text| self.unit.unwrap_or(TimeUnit::of(text)).parse(text))?;
        let unit =
            *self.unit.get_or_insert_with(|| TimeUnit::of(&String::from_utf8_lossy(&record[columns.at])));
        let kind = optional("kind", columns.kind).read(kind)?.unwrap_or(BidKind::Maximum);
        let units = optional("quantity", columns.quantity).read(units)?.unwrap_or(Units::ONE);

        let lot = self.lot_names.number(auction);
        if lot as usize == self.lots.len() {
            let time = |text| unit.parse(text);
            let start_price = optional("start_price", columns.start_price);
            self.lots.push(Lot {
                name: self.lot_names.name(lot),
                line,
                start_price: start_price
                    .read(|text| Ok(Amount::parse(text, currency)?))?
                    .unwrap_or(Amount::ZERO),
                reserve: optional("reserve", columns.reserve).read(|text| positive(text, currency))?,
                starts_at: optional("starts_at", columns.starts_at).read(time)?,
                ends_at: optional("ends_at", columns.ends_at).read(time)?,
            });
        }
        let bidder = self.bidder_names.number(bidder);
        self.rows.push(Row { lot, bidder, kind, units, amount, at, line });
        Ok(())
    }

    fn finish(mut self) -> BidLog {
        // Stable: bids of one auction at one time stay in the order of the log.
        self.rows.sort_by_key(|row| (row.lot, row.at));
        BidLog {
            currency: self.currency,
            unit: self.unit.unwrap_or(TimeUnit::Seconds),
            lots: self.lots,
            bidders: self.bidder_names.names,
            rows: self.rows,
        }
    }
}

fn name(text: &str) -> Result<&str, Reason> {
    if text.len() > NAME_BYTES_MAX { Err(Reason::NameTooLong) } else { Ok(text) }
}

fn positive(text: &str, currency: Currency) -> Result<Amount, Reason> {
    match Amount::parse(text, currency)? {
        Amount::ZERO => Err(Reason::Zero),
        amount => Ok(amount),
    }
}

fn kind(text: &str) -> Result<BidKind, Reason> {
    [BidKind::Maximum, BidKind::Straight].into_iter().find(|kind| kind.name() == text).ok_or(Reason::Kind)
}

fn units(text: &str) -> Result<Units, Reason> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let count = if is_plain { text.parse().ok() } else { None };
    count.and_then(Units::new).ok_or(Reason::Quantity)
}

/// Names, numbered from 0 in the order in which they are met.
#[derive(Default)]
struct Names {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Names {
    /// The number of a name; the next one if it is new.
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).expect("invariant: there are at most ROWS_MAX names");
        let name: Arc<str> = name.into();
        self.names.push(Arc::clone(&name));
        self.numbers.insert(name, number);
        number
    }

    fn name(&self, number: u32) -> Arc<str> {
        Arc::clone(&self.names[number as usize])
    }
}

const _: () = assert!(ROWS_MAX <= u32::MAX as usize && size_of::<Row>() == 40);
