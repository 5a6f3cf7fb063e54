//! Addresses of the rows that follow.

use crate::auctions::query::Params;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponseParts, ResponseParts};
use std::convert::Infallible;
use std::fmt::Write;

/// The header that names the next rows, where there are more.
pub(crate) struct Link(pub(crate) Option<String>);

impl Link {
    /// The value of the header.
    pub(super) fn value(&self) -> Option<HeaderValue> {
        HeaderValue::try_from(format!("<{}>; rel=\"next\"", self.0.as_ref()?)).ok()
    }
}

impl IntoResponseParts for Link {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(value) = self.value() {
            parts.headers_mut().insert(header::LINK, value);
        }
        Ok(parts)
    }
}

/// The address of the same list with another value of `cursor`.
pub(crate) fn next_link(
    public_url: &str,
    uri: &Uri,
    params: &Params,
    cursor: &str,
    value: impl std::fmt::Display,
) -> String {
    let mut address = format!("{public_url}{}?", uri.path());
    for (name, value) in params.iter().filter(|(name, _)| *name != cursor) {
        encode(&mut address, name);
        address.push('=');
        encode(&mut address, value);
        address.push('&');
    }
    // Writing to a string does not fail.
    let _ = write!(address, "{cursor}={value}");
    address
}

/// Appends a text so that it is one value of a query string.
fn encode(address: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                address.push(char::from(byte))
            }
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
}
