//! What a browser would like best.

use super::words::Words;
use axum::http::{HeaderMap, HeaderName, header};

/// The most entries of a list that are looked at.
const ENTRIES_MAX: usize = 32;

/// A form in which a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Its name in headers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The end of the names of such files.
    pub(super) const fn end(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

/// The compressed forms that are taken, the best first: those that are wanted no less than the plain form.
pub(super) fn encodings(headers: &HeaderMap) -> Vec<Encoding> {
    let entries = entries(headers, &header::ACCEPT_ENCODING);
    let weight = |name: &str| {
        let of = |name: &str| entries.iter().find(|(entry, _)| entry == name).map(|(_, weight)| *weight);
        of(name).or_else(|| of("*"))
    };
    let plain = entries.iter().find(|(name, _)| name == "identity").map_or(0, |(_, weight)| *weight);
    let weighed = [Encoding::Brotli, Encoding::Gzip].map(|form| (weight(form.name()).unwrap_or(0), form));
    let mut taken: Vec<_> =
        weighed.into_iter().filter(|(weight, _)| *weight > 0 && *weight >= plain).collect();
    // The sort is stable: of those that are liked the same, the smaller form stays in front.
    taken.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    taken.into_iter().map(|(_, form)| form).collect()
}

/// Whether a page is what is asked for, and not just anything.
pub(super) fn takes_html(headers: &HeaderMap) -> bool {
    let is_html = |name: &str| ["text/html", "application/xhtml+xml"].contains(&name);
    entries(headers, &header::ACCEPT).iter().any(|(name, weight)| *weight > 0 && is_html(name))
}

/// The words in the language that is liked best among ours.
pub(super) fn words(headers: &HeaderMap) -> &'static Words {
    let mut best: (u16, &'static Words) = (0, Words::DEFAULT);
    for (name, weight) in entries(headers, &header::ACCEPT_LANGUAGE) {
        let language = name.split('-').next().unwrap_or_default();
        let words = if name == "*" { Some(Words::DEFAULT) } else { Words::of(language) };
        if let Some(words) = words.filter(|_| weight > best.0) {
            best = (weight, words);
        }
    }
    best.1
}

/// The entries of a list with their weights in thousandths, names in lower case.
fn entries(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, u16)> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).take(ENTRIES_MAX).filter_map(entry).collect()
}

fn entry(text: &str) -> Option<(String, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Some((name, quality.map_or(Some(1_000), weight)?))
}

/// `0.8` as 800; `None` for what is no weight.
fn weight(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let whole: u16 = if whole == "0" || whole == "1" { whole.parse().ok()? } else { return None };
    let part: u16 = format!("{part:0<3}").parse().ok().filter(|_| is_plain)?;
    Some(whole * 1_000 + part).filter(|weight| *weight <= 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: HeaderName, text: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(text))])
    }

    #[test]
    fn the_form_that_is_liked_best_comes_first() {
        use Encoding::{Brotli, Gzip};
        for (text, expected) in [
            ("", &[][..]),
            ("identity", &[]),
            ("gzip, deflate, br, zstd", &[Brotli, Gzip]),
            ("gzip", &[Gzip]),
            ("GZIP", &[Gzip]),
            ("br;q=0.5, gzip;q=0.8", &[Gzip, Brotli]),
            ("br;q=0, gzip", &[Gzip]),
            ("*", &[Brotli, Gzip]),
            ("*;q=0.1, br;q=0", &[Gzip]),
            ("identity, br;q=0.5", &[]),
            ("identity;q=0.5, br;q=0.5, gzip;q=0.4", &[Brotli]),
            ("br;q=2, gzip;q=x", &[]),
        ] {
            assert_eq!(encodings(&headers(header::ACCEPT_ENCODING, text)), expected, "{text}");
        }
    }

    #[test]
    fn only_who_asks_for_a_page_gets_one() {
        for (text, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("Text/HTML; q=0.1", true),
            ("*/*", false),
            ("application/json", false),
            ("text/html;q=0", false),
            ("", false),
        ] {
            assert_eq!(takes_html(&headers(header::ACCEPT, text)), expected, "{text}");
        }
    }

    #[test]
    fn the_language_that_is_liked_best_among_ours_is_spoken() {
        for (text, expected) in [
            ("", "en"),
            ("es", "es"),
            ("es-AR,es;q=0.9,en;q=0.8", "es"),
            ("en-GB,es;q=0.9", "en"),
            ("de, es;q=0.3, en;q=0.2", "es"),
            ("de", "en"),
            ("*, es;q=0.5", "en"),
            ("es;q=0, en;q=0.1", "en"),
            ("es;q=0", "en"),
            ("ES-419", "es"),
            ("esx", "en"),
        ] {
            assert_eq!(words(&headers(header::ACCEPT_LANGUAGE, text)).language, expected, "{text}");
        }
    }
}
