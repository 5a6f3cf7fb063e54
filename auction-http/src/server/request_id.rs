//! The name of a request, by which an answer is found in the log.

use auction_core::ports::Entropy;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::sync::atomic::{AtomicU64, Ordering};

/// The header in which it comes and goes.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest that is taken from a client, in bytes.
const BYTES_MAX: usize = 64;

/// The name of a request, by which an answer is found in the log: that of the client where it is sane, else one of
/// ours. Handlers find it among the extensions of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

/// Makes names: eight random bytes of the process, and a number.
pub(super) struct RequestIds {
    prefix: u64,
    next: AtomicU64,
}

impl RequestId {
    /// Its text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// As a header.
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl RequestIds {
    pub(super) fn new(entropy: &dyn Entropy) -> Self {
        let mut prefix = [0; 8];
        entropy.fill(&mut prefix);
        Self { prefix: u64::from_le_bytes(prefix), next: AtomicU64::new(0) }
    }

    /// The name that a request brings, or a new one.
    pub(super) fn of(&self, headers: &HeaderMap) -> RequestId {
        match headers.get(HEADER) {
            Some(brought) if is_sane(brought.as_bytes()) => RequestId(brought.clone()),
            _ => self.make(),
        }
    }

    fn make(&self) -> RequestId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let text = format!("{:016x}-{number:x}", self.prefix);
        RequestId(HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("-")))
    }
}

fn is_sane(text: &[u8]) -> bool {
    let fits = !text.is_empty() && text.len() <= BYTES_MAX;
    fits && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
