//! Answers to those who are not signed in, kept for as long as nothing has changed.
//!
//! Most who look at an auction house ask for the same few pages, and nothing in them is about the one who asks but
//! the time. An answer is kept under the edition of the catalog that it was made from, and the time in it is
//! written anew each time it is given.

use crate::auctions::room::AuctionRoom;
use crate::error::ApiResult;
use crate::visitors::Visitor;
use crate::wire::auction::CLOSING_GRACE;
use auction_core::auction::Auction;
use auction_core::{Span, Timestamp};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use lru::LruCache;
use serde::Serialize;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many answers are kept.
const ANSWERS_MAX: NonZeroUsize = NonZeroUsize::new(512).expect("invariant: not zero");
/// The longest answer that is kept, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;
/// The longest address whose answer is kept, in bytes.
const ADDRESS_BYTES_MAX: usize = 256;
/// For how long an answer is fresh: which auctions are open is a matter of time too, and so are the names of people.
const FRESH: Span = Span::from_millis(100);
/// For how long it is kept. Whoever first finds that it is not fresh any more makes a new one, and the others are
/// given the old one meanwhile.
const KEPT: Span = Span::from_millis(200);
/// What stands before the time in an answer. No text of a person has it, since its quotes would be escaped.
const TIME: &[u8] = b"\"server_time\":";
/// How many digits a time has, until the year 2286.
const TIME_DIGITS: usize = 13;

/// The answers that are kept.
pub(super) struct Answers(Mutex<LruCache<String, Arc<Kept>>>);

/// An answer.
struct Kept {
    edition: u64,
    from: Timestamp,
    until: Timestamp,
    /// Since when somebody makes a new one, in microseconds.
    renewed_at: AtomicI64,
    link: Option<HeaderValue>,
    body: Vec<u8>,
    /// Where in the body times stand.
    times: Vec<usize>,
}

/// An answer in the making.
pub(super) struct Draft<'a> {
    answers: &'a Answers,
    address: String,
    edition: u64,
    now: Timestamp,
}

impl Answers {
    pub(super) fn new() -> Self {
        Self(Mutex::new(LruCache::new(ANSWERS_MAX)))
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<String, Arc<Kept>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer to an address that was kept, or what is needed to keep the one that is made now; neither for somebody
/// who is signed in.
pub(super) fn kept<'a>(
    room: &'a AuctionRoom,
    uri: &Uri,
    visitor: Option<&Visitor>,
) -> Result<Response, Option<Draft<'a>>> {
    let address = uri.path_and_query().map_or("", |address| address.as_str());
    let edition = room.catalog().edition();
    let Some(edition) = edition.filter(|_| visitor.is_none() && address.len() <= ADDRESS_BYTES_MAX) else {
        return Err(None);
    };
    let (now, answers) = (room.now(), room.answers());
    let known = answers.lock().get(address).cloned();
    let known = known.filter(|kept| kept.edition == edition && kept.holds(now));
    known
        .map(|kept| kept.at(now))
        .ok_or_else(|| Some(Draft { answers, address: address.to_owned(), edition, now }))
}

impl Draft<'_> {
    /// Gives an answer that shows these auctions, and keeps it.
    pub(super) fn keep<'a>(
        self,
        shown: impl Iterator<Item = &'a Auction>,
        link: Option<HeaderValue>,
        body: &impl Serialize,
    ) -> ApiResult<Response> {
        let Self { answers, address, edition, now } = self;
        let turn = shown.flat_map(|auction| turns(auction, now)).filter(|turn| *turn > now).min();
        let until = turn.map_or(now.after(KEPT), |turn| turn.min(now.after(KEPT)));
        let body = serde_json::to_vec(body).expect("invariant: answers have string keys and finite numbers");
        let times = times(&body);
        let renewed_at = AtomicI64::new(now.micros());
        let kept = Kept { edition, from: now, until, renewed_at, link, body, times };
        let answer = kept.at(now);
        if kept.body.len() <= BODY_BYTES_MAX {
            answers.lock().put(address, Arc::new(kept));
        }
        Ok(answer)
    }
}

/// When an auction is shown in another way although nothing was written.
fn turns(auction: &Auction, now: Timestamp) -> impl Iterator<Item = Timestamp> + use<> {
    let end = auction.ends_at();
    [auction.starts_at(), end, end.after(CLOSING_GRACE)].into_iter().chain(auction.next_price_at(now))
}

fn times(body: &[u8]) -> Vec<usize> {
    let places = body.windows(TIME.len()).enumerate().filter(|(_, window)| *window == TIME);
    let starts = places.map(|(place, _)| place + TIME.len());
    let has_digits = |start: &usize| {
        body.get(*start..start + TIME_DIGITS).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    };
    starts.filter(has_digits).collect()
}

impl Kept {
    /// Whether it can be given at a time. To one of those who ask when it is not fresh any more it says no.
    fn holds(&self, now: Timestamp) -> bool {
        if now < self.from || now >= self.until {
            return false;
        }
        let renewed_at = self.renewed_at.load(Ordering::Relaxed);
        let is_fresh = now.micros() - renewed_at < FRESH.micros();
        let renews = || {
            let (success, failure) = (Ordering::Relaxed, Ordering::Relaxed);
            self.renewed_at.compare_exchange(renewed_at, now.micros(), success, failure).is_ok()
        };
        is_fresh || !renews()
    }

    /// The answer, given at a time.
    fn at(&self, now: Timestamp) -> Response {
        let mut body = self.body.clone();
        let time = now.millis().to_string();
        if time.len() == TIME_DIGITS {
            for start in &self.times {
                body[*start..*start + TIME_DIGITS].copy_from_slice(time.as_bytes());
            }
        }
        let mut response = body.into_response();
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        if let Some(link) = &self.link {
            response.headers_mut().insert(header::LINK, link.clone());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_and_what_people_write_is_not() {
        let title = r#"x","server_time":1111111111111,"y"#;
        let body = serde_json::json!([
            { "title": title, "server_time": 1_767_268_800_123_i64 },
            { "server_time": 5 },
            { "server_time": 1_767_268_800_124_i64, "terms": {} },
        ]);
        let body = serde_json::to_vec(&body).unwrap();
        let found: Vec<_> = times(&body).iter().map(|start| body[*start..*start + 13].to_vec()).collect();
        assert_eq!(found, [b"1767268800123", b"1767268800124"]);
    }
}
