//! Under which path the site stands.

use axum::extract::OriginalUri;
use axum::http::request::Parts;

/// The path below which a request meets the site, with a slash at both ends: what proxies take away (`base_path`), and
/// what routers around it have taken away.
pub(super) fn base(base_path: &str, request: &Parts) -> String {
    let inner = request.uri.path();
    let original = request.extensions.get::<OriginalUri>().map_or(inner, |uri| uri.path());
    let prefix = original.trim_end_matches('/').strip_suffix(inner.trim_end_matches('/')).unwrap_or_default();
    // A router whose prefix is a parameter leaves it to anybody.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~%".contains(&byte);
    let is_sane = prefix.bytes().all(is_plain) && !prefix.contains("//") && !prefix.contains("..");
    format!("{base_path}{}/", if is_sane { prefix } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{Request, Uri};

    #[test]
    fn the_base_is_what_was_taken_away() {
        let seen = |base_path: &str, original: &str, inner: &str| {
            let (mut request, ()) = Request::get(inner).body(()).unwrap().into_parts();
            request.extensions.insert(OriginalUri(original.parse::<Uri>().unwrap()));
            base(base_path, &request)
        };
        for (base_path, original, inner, expected) in [
            ("", "/", "/", "/"),
            ("", "/auctions", "/auctions/", "/"),
            ("", "/auctions//", "/auctions/", "/"),
            ("", "/auction/1?x=/shop", "/auction/1/", "/"),
            ("", "/shop", "/", "/shop/"),
            ("", "/shop/", "/", "/shop/"),
            ("", "/a/shop/auction/1", "/auction/1/", "/a/shop/"),
            ("/outer", "/", "/", "/outer/"),
            ("/outer", "/shop/login", "/login/", "/outer/shop/"),
            ("", "/%22/login", "/login", "/%22/"),
            ("", "//evil.example/login", "/login", "/"),
            ("", "/elsewhere", "/login", "/"),
        ] {
            assert_eq!(seen(base_path, original, inner), expected, "{original} {inner}");
        }
    }
}
