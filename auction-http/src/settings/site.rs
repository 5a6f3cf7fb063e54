//! Where the web front end stands, and whom it asks.

use axum::http::Uri;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// The longest address or path, in bytes.
const BYTES_MAX: usize = 1_024;

/// Where the web front end stands, and whom it asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Site {
    /// A folder with the built pages, in the place of those in the binary.
    pub folder: Option<PathBuf>,
    /// What a proxy takes away from the start of each path.
    pub base_path: BasePath,
    /// The server whose API the pages call; without one, their own.
    pub api_url: Option<ServiceUrl>,
    /// The server to whose sockets they listen; without one, that of the API.
    pub ws_url: Option<ServiceUrl>,
}

/// The start of a path, without a slash at its end: `/shop`, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasePath(String);

/// The address below which an API or its sockets stand, with a slash at its end: `https://api.example.com/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUrl {
    url: String,
    origin_bytes: usize,
}

impl BasePath {
    /// Its text; empty where nothing is taken away.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BasePath {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = text.trim_end_matches('/');
        let is_part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_plain);
        let is_path = |path: &str| path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_part));
        match text.starts_with('/') && text.len() <= BYTES_MAX && (path.is_empty() || is_path(path)) {
            true => Ok(Self(path.to_owned())),
            false => Err("is the start of a path, like /shop"),
        }
    }
}

impl ServiceUrl {
    /// Its text, with a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// Its origin, without a slash at its end.
    pub fn origin(&self) -> &str {
        &self.url[..self.origin_bytes]
    }

    /// Where the API of a server stands. `/api` at its end is taken away: paths begin with it anyway.
    pub(super) fn api(text: &str) -> Result<Self, &'static str> {
        let form = "is an address like https://api.example.com";
        Self::parse(text, &[("http", "http"), ("https", "https")], &["/api"]).ok_or(form)
    }

    /// Where its sockets stand. `/ws/auction` and `/ws` at its end are taken away.
    pub(super) fn sockets(text: &str) -> Result<Self, &'static str> {
        let schemes = [("ws", "ws"), ("wss", "wss"), ("http", "ws"), ("https", "wss")];
        Self::parse(text, &schemes, &["/ws/auction", "/ws"]).ok_or("is an address like wss://api.example.com")
    }

    /// Where the sockets of the server stand whose API is here.
    pub fn to_sockets(&self) -> Option<Self> {
        Self::sockets(&self.url).ok()
    }

    fn parse(text: &str, schemes: &[(&str, &str)], ends: &[&str]) -> Option<Self> {
        let uri: Uri = text.parse().ok().filter(|_| text.len() <= BYTES_MAX)?;
        let (_, scheme) = schemes.iter().find(|(scheme, _)| uri.scheme_str() == Some(scheme))?;
        let authority = uri.authority()?.as_str().to_ascii_lowercase();
        let path = uri.path().trim_end_matches('/');
        let path = ends.iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path).trim_end_matches('/');
        // What stands here goes into a policy.
        let is_clean =
            authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
                && path.bytes().all(|byte| byte == b'/' || is_plain(byte))
                && uri.query().is_none();
        let origin = format!("{scheme}://{authority}");
        is_clean.then(|| Self { origin_bytes: origin.len(), url: format!("{origin}{path}/") })
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

impl fmt::Display for BasePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_made_of_plain_parts() {
        for (text, path) in [("/shop", "/shop"), ("/a/b-1/", "/a/b-1"), ("/", "")] {
            assert_eq!(text.parse::<BasePath>().map(|path| path.to_string()), Ok(path.to_owned()), "{text}");
        }
        for text in ["shop", "//evil.example", "/a//b", "/a/../b", "/.a", "/a b", "/a?b", "/\"", "/a%2fb"] {
            assert!(text.parse::<BasePath>().is_err(), "{text}");
        }
    }

    #[test]
    fn addresses_of_other_platforms_lose_the_end_that_paths_begin_with() {
        let api = |text| ServiceUrl::api(text).map(|url| (url.to_string(), url.origin().to_owned()));
        let both = |url: &str, origin: &str| Ok((url.to_owned(), origin.to_owned()));
        assert_eq!(api("http://LOCALHOST:9000/api"), both("http://localhost:9000/", "http://localhost:9000"));
        assert_eq!(api("https://a.test/shop/api/"), both("https://a.test/shop/", "https://a.test"));
        assert_eq!(api("https://a.test"), both("https://a.test/", "https://a.test"));
        let sockets = |text| ServiceUrl::sockets(text).map(|url| url.to_string());
        assert_eq!(sockets("ws://localhost:9000/ws/auction"), Ok("ws://localhost:9000/".to_owned()));
        assert_eq!(sockets("https://a.test/x/ws/"), Ok("wss://a.test/x/".to_owned()));
        for bad in [
            "",
            "/api",
            "a.test",
            "ftp://a.test",
            "https://me@a.test",
            "https://a.test;x",
            "https://a.test/?q",
            "https://a.test/'",
            "wss://a.test",
        ] {
            assert!(ServiceUrl::api(bad).is_err(), "{bad}");
        }
    }
}
