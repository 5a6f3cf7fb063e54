//! Tells on which line of a text each row of a CSV file begins.
//!
//! The CSV reader itself knows only how many line feeds it has passed, which is one line off in files with CRLF and
//! after empty lines.

use std::collections::VecDeque;
use std::io::{self, Read};

/// The longest row of a log, in bytes: what an unclosed quotation mark can swallow.
pub const ROW_BYTES_MAX: u64 = 64 * 1024;

/// A reader that remembers where the lines begin that the rows ahead may begin on.
pub(super) struct Lines<R> {
    inner: R,
    /// How many bytes were handed out.
    offset: u64,
    /// The number of the line that the next byte is on.
    line: u64,
    /// The byte before the next one; a line feed before the first.
    last: u8,
    /// Where lines begin that are not empty, and their numbers.
    begins: VecDeque<(u64, u64)>,
    /// Up to where rows have been taken.
    taken: u64,
    endless: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, offset: 0, line: 1, last: b'\n', begins: VecDeque::new(), taken: 0, endless: false }
    }

    /// The line of the row that was read from byte `from` up to byte `to`.
    pub(super) fn take(&mut self, from: u64, to: u64) -> u64 {
        self.forget_before(from);
        let line = self.current();
        self.forget_before(to);
        self.taken = to;
        line
    }

    /// The line of the first row that was not taken yet.
    pub(super) fn current(&self) -> u64 {
        self.begins.front().map_or(self.line, |(_, line)| *line)
    }

    /// Whether reading was stopped since a row does not end.
    pub(super) const fn is_endless(&self) -> bool {
        self.endless
    }

    fn forget_before(&mut self, offset: u64) {
        while self.begins.front().is_some_and(|(begin, _)| *begin < offset) {
            self.begins.pop_front();
        }
    }

    fn pass(&mut self, byte: u8) {
        let is_break = matches!(byte, b'\n' | b'\r');
        if is_break {
            // A line feed after a carriage return ends the same line.
            self.line += u64::from(!(byte == b'\n' && self.last == b'\r'));
        } else if matches!(self.last, b'\n' | b'\r') {
            self.begins.push_back((self.offset, self.line));
        }
        self.last = byte;
        self.offset += 1;
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The CSV reader asks for more only when it has used up what it had.
        if self.offset - self.taken > ROW_BYTES_MAX {
            self.endless = true;
            return Err(io::ErrorKind::InvalidData.into());
        }
        let length = self.inner.read(buffer)?;
        for byte in &buffer[..length] {
            self.pass(*byte);
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &str) -> Vec<u64> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Lines::new(text.as_bytes()));
        let mut record = csv::ByteRecord::new();
        let mut lines = Vec::new();
        loop {
            let from = reader.position().byte();
            if !reader.read_byte_record(&mut record).unwrap() {
                return lines;
            }
            let to = reader.position().byte();
            lines.push(reader.get_mut().take(from, to));
        }
    }

    #[test]
    fn a_row_is_on_the_line_on_which_it_begins() {
        assert_eq!(lines_of("a\nb\nc"), [1, 2, 3]);
        assert_eq!(lines_of("a\r\nb\r\nc\r\n"), [1, 2, 3]);
        assert_eq!(lines_of("a\rb\rc\r"), [1, 2, 3]);
        assert_eq!(lines_of("\n\na\n\n\nb\r\n\r\nc"), [3, 6, 8]);
        assert_eq!(lines_of("a\n\"x\n\ny\",1\nb"), [1, 2, 5]);
        assert_eq!(lines_of("\u{feff}a\nb\n"), [1, 2]);
    }
}
