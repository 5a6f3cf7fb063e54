//! What the pages may load.

use super::config::Config;
use crate::settings::ServiceUrl;
use axum::http::{HeaderMap, HeaderValue, header};

/// The policy of the document: scripts, styles and fonts of our own, and nothing inline; calls and sockets to ourselves
/// and to the servers that the settings name.
pub(super) fn policy(config: &Config, headers: &HeaderMap) -> HeaderValue {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_clean(host));
    let (mut images, mut calls) = (String::new(), String::new());
    let pictures = origin(&config.own_url).filter(|origin| origin.split("://").nth(1) != host);
    let elsewhere = config.api_url.as_ref().map(ServiceUrl::origin);
    for origin in pictures.into_iter().chain(elsewhere) {
        images.push(' ');
        images.push_str(origin);
    }
    for url in [&config.api_url, &config.ws_url].into_iter().flatten() {
        calls.push(' ');
        calls.push_str(url.origin());
    }
    // To browsers of today `'self'` means sockets too; to those before 2022 it did not.
    if let Some(host) = host.filter(|_| config.ws_url.is_none()) {
        calls.push_str(&format!(" ws://{host} wss://{host}"));
    }
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{images}; \
         font-src 'self'; connect-src 'self'{calls}; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&text).unwrap_or(NOTHING)
}

/// Where no policy can be written.
const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");

/// The origin of an address, where it can stand in a policy.
fn origin(url: &str) -> Option<&str> {
    let start = url.find("://")? + 3;
    let end = url[start..].find('/').map_or(url.len(), |slash| start + slash);
    is_clean(&url[start..end]).then(|| &url[..end])
}

/// Nothing in it ends a part of a policy.
fn is_clean(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_origin_of_an_address_stands_in_a_policy() {
        assert_eq!(origin("https://a.test/shop"), Some("https://a.test"));
        assert_eq!(origin("http://[::1]:9000"), Some("http://[::1]:9000"));
        for bad in ["a.test", "https://a.test;script-src", "https:///x", "https://a.test'"] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
