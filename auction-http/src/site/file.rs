//! How files are answered.

use super::accept;
use super::bundle::{Bundle, File};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;

/// How long a browser keeps files that never change under their names.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// How long it keeps the others.
const FOR_AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// How many characters of a name are the hash of its file.
const HASH_CHARS: usize = 8;

/// How many bytes of a hash tell files apart.
const TAG_BYTES: usize = 16;

/// An answer that is sent in the form that it has: nobody compresses it again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsItIs;

/// Answers a file in the form that the browser likes best; `None` where there is no such file.
pub(super) async fn answer(bundle: &Bundle, name: &str, headers: &HeaderMap) -> Option<Response> {
    let plain = bundle.file(name).await?;
    let (file, encoding) = compressed(bundle, name, headers).await.unwrap_or((plain, None));
    let tag = format!("\"{}\"", HEXLOWER.encode(&file.hash[..TAG_BYTES]));
    let is_known = knows(headers, &tag);
    let mut response = match is_known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::from(file.bytes).into_response(),
    };
    response.extensions_mut().insert(AsItIs);
    let answered = response.headers_mut();
    answered.insert(header::ETAG, HeaderValue::from_str(&tag).ok()?);
    answered.insert(header::CACHE_CONTROL, if is_hashed(name) { FOREVER } else { FOR_AN_HOUR });
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !is_known {
        answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name)));
        answered.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(encoding) = encoding {
            answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    Some(response)
}

async fn compressed(
    bundle: &Bundle,
    name: &str,
    headers: &HeaderMap,
) -> Option<(File, Option<&'static str>)> {
    for encoding in accept::encodings(headers) {
        if let Some(file) = bundle.file(&format!("{name}{}", encoding.end())).await {
            return Some((file, Some(encoding.name())));
        }
    }
    None
}

/// Whether the browser has this already.
fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut known = lines.flat_map(|line| line.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// Whether a name has the hash of its file in it: `assets/index-AaaB_BGi.js`.
fn is_hashed(name: &str) -> bool {
    let name = name.strip_prefix("assets/").and_then(|name| name.rsplit_once('.'));
    let stem = name.map(|(stem, _)| stem.as_bytes()).unwrap_or_default();
    let start = stem.len().checked_sub(HASH_CHARS + 1);
    start.and_then(|start| stem.get(start..)).is_some_and(|end| end[0] == b'-' && !end.contains(&b'.'))
}

/// The type of a file, by its name.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_told_from_others() {
        for name in ["assets/index-AaaB_BGi.js", "assets/a-b-12-45678.css", "assets/font--abcdefg.woff2"] {
            assert!(is_hashed(name), "{name}");
        }
        for name in [
            "assets/index.js",
            "favicon-AaaB_BGi.svg",
            "assets/short-abc.js",
            "assets/AaaB_BGi.js",
            "assets/x",
        ] {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn a_tag_is_known_among_others_and_in_its_weak_form() {
        let knows = |text: &'static str| {
            knows(&HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(text))]), "\"ab\"")
        };
        assert!(knows("\"ab\"") && knows("\"x\", W/\"ab\"") && knows("*"));
        assert!(!knows("\"abc\"") && !knows("ab") && !knows(""));
    }
}
