//! An auction, as everybody may see it.

use serde::Deserialize;

/// The longest description in the head of a page, in characters.
const SUMMARY_CHARS_MAX: usize = 200;

/// An auction, read from what the API answers to somebody who is not signed in.
#[derive(Debug, Deserialize)]
pub(super) struct Lot {
    pub(super) id: u64,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) image: Option<String>,
    pub(super) currency: String,
    pub(super) current_price: String,
    pub(super) bid_count: u64,
    pub(super) status: String,
    pub(super) outcome: Option<Outcome>,
    pub(super) start_date_time: Instant,
    pub(super) end_date_time: Instant,
}

/// How it went.
#[derive(Debug, Deserialize)]
pub(super) struct Outcome {
    pub(super) result: String,
    pub(super) price: Option<String>,
}

/// A time, as the API writes it: `2026-01-01T12:00:00Z`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Instant(String);

impl Lot {
    /// The paragraphs of its description.
    pub(super) fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.description.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// Its description on one line, cut at a word.
    pub(super) fn summary(&self) -> String {
        summary(&self.description)
    }
}

impl Instant {
    /// As machines read it.
    pub(super) fn machine(&self) -> &str {
        &self.0
    }

    /// As people of all languages read it, to the minute: `2026-01-01 12:00 UTC`.
    pub(super) fn people(&self) -> String {
        match (self.0.get(..10), self.0.get(11..16)) {
            (Some(day), Some(minute)) if self.0.ends_with('Z') => format!("{day} {minute} UTC"),
            _ => self.0.clone(),
        }
    }
}

/// A text on one line, cut at a word where it is long.
fn summary(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(SUMMARY_CHARS_MAX) else { return line };
    let start = &line[..end];
    // A word that is longer than the line is cut anywhere.
    let cut = start.rfind(' ').filter(|cut| *cut > 0).map_or(start, |cut| &start[..cut]);
    format!("{}…", cut.trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_one_line_that_is_cut_at_a_word() {
        assert_eq!(summary(" A watch,\n\n\tof gold. "), "A watch, of gold.");
        let long = summary(&"Überaus schön, ".repeat(40));
        assert!(long.chars().count() <= SUMMARY_CHARS_MAX + 1 && long.ends_with("schön…"), "{long}");
        let word = summary(&"ß".repeat(500));
        assert_eq!(word, format!("{}…", "ß".repeat(SUMMARY_CHARS_MAX)));
        assert_eq!(summary(""), "");
    }

    #[test]
    fn times_are_shown_with_their_zone() {
        assert_eq!(Instant("2026-01-01T12:34:56.789Z".to_owned()).people(), "2026-01-01 12:34 UTC");
        assert_eq!(Instant("soon".to_owned()).people(), "soon");
    }
}
