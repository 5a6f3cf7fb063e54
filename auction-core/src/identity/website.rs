//! The address of a page of somebody's.

/// The longest address of a page, in bytes.
pub const WEBSITE_BYTES_MAX: usize = 200;

/// The longest part of a host between two dots, in bytes (RFC 1035).
const LABEL_BYTES_MAX: usize = 63;

/// The address of a page on the web: `http` or `https`, a host with a dot, and whatever follows it.
///
/// It is kept in one form: scheme and host in lower case, no port where it is the usual one, at least `/` for a path.
/// It has visible ASCII characters only, and none that could end an attribute of a page; a host outside of ASCII is
/// written in its `xn--` form, other characters with `%`. Nobody is named before the host, since such an address
/// looks like another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Website(String);

/// Not the address of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidWebsite {
    /// Longer than [`WEBSITE_BYTES_MAX`].
    #[error("Ensure this field has no more than {WEBSITE_BYTES_MAX} characters.")]
    TooLong,
    /// Of another scheme, or malformed.
    #[error("Enter a valid URL that begins with http:// or https://.")]
    Malformed,
}

impl Website {
    /// Reads an address; white space around it is dropped.
    ///
    /// # Errors
    /// [`InvalidWebsite`].
    ///
    /// ```
    /// use auction_core::identity::Website;
    /// # fn main() -> Result<(), auction_core::identity::InvalidWebsite> {
    /// assert_eq!(Website::parse(" HTTPS://Example.com:443")?.as_str(), "https://example.com/");
    /// assert!(Website::parse("javascript:alert(1)").is_err());
    /// # Ok(()) }
    /// ```
    pub fn parse(text: &str) -> Result<Self, InvalidWebsite> {
        let text = text.trim();
        if text.len() > WEBSITE_BYTES_MAX {
            return Err(InvalidWebsite::TooLong);
        }
        let address = normal(text).ok_or(InvalidWebsite::Malformed)?;
        // A path may have been added.
        if address.len() > WEBSITE_BYTES_MAX { Err(InvalidWebsite::TooLong) } else { Ok(Self(address)) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn normal(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let usual_port = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port_number(port)?)),
        None => (authority, None),
    };
    if !is_host(host) || !rest.bytes().all(is_plain) || !has_whole_escapes(rest) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    let port = port.filter(|port| *port != usual_port).map(|port| format!(":{port}")).unwrap_or_default();
    let slash = if rest.starts_with('/') { "" } else { "/" };
    Some(format!("{scheme}://{host}{port}{slash}{rest}"))
}

/// A port from 1, in digits alone.
fn port_number(text: &str) -> Option<u16> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_plain && *port > 0)
}

/// Names with a dot, or four numbers below 256.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let ends_with_number =
        host.rsplit('.').next().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    host.contains('.')
        && host.split('.').all(is_label)
        && (!ends_with_number || host.parse::<std::net::Ipv4Addr>().is_ok())
}

/// Visible, and not one of those that RFC 3986 has no place for.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&byte)
}

fn has_whole_escapes(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_one_form() {
        for (text, expected) in [
            ("http://example.com", "http://example.com/"),
            (" HtTp://Sub.EXAMPLE.com:80/A%20b?C=d#E ", "http://sub.example.com/A%20b?C=d#E"),
            ("https://example.com:8443?q", "https://example.com:8443/?q"),
            ("https://192.0.2.1/x", "https://192.0.2.1/x"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example/"),
        ] {
            assert_eq!(Website::parse(text).unwrap().as_str(), expected);
            assert_eq!(Website::parse(expected).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn what_is_no_page_or_looks_like_another_is_refused() {
        for text in [
            "",
            "example.com",
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "JaVaScRiPt://example.com",
            "data:text/html,x",
            "ftp://example.com",
            "//example.com",
            "https://",
            "https:///x",
            "https://localhost/",
            "https://bank.example@evil.example/",
            "https://exa mple.com/",
            "https://example.com/\"onclick=x",
            "https://example.com/<b>",
            "https://example.com/a%2",
            "https://example.com/a%zz",
            "https://example.com/é",
            "https://bücher.example/",
            "https://example.com:/",
            "https://example.com:0/",
            "https://example.com:65536/",
            "https://example.com:+1/",
            "https://1.2.3/",
            "https://1.2.3.256/",
            "https://-a.example/",
            "https://a..example/",
            "java\tscript://a.b/",
            "https://example.com/a\nb",
        ] {
            let outcome = Website::parse(text);
            assert_eq!(outcome, Err(InvalidWebsite::Malformed), "{text:?}");
        }
        let longest = format!("https://a.example/{}", "x".repeat(WEBSITE_BYTES_MAX - 18));
        assert_eq!(Website::parse(&longest).unwrap().as_str(), longest);
        assert_eq!(Website::parse(&format!("{longest}x")), Err(InvalidWebsite::TooLong));
    }
}
