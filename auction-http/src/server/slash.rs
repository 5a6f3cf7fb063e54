//! Paths with and without a slash at the end.

use axum::extract::Request;
use axum::http::Uri;
use std::task::{Context, Poll};
use tower::Service;

/// Adds the slash that the paths of rooms end in, so that both forms are answered. It has to stand before the
/// router, which chooses by the path.
///
/// Paths whose last part has a dot are names of files and stay as they are, as does `/metrics`.
#[derive(Clone, Debug)]
pub(super) struct Slash<S>(S);

impl<S> Slash<S> {
    pub(super) const fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S: Service<Request>> Service<Request> for Slash<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> S::Future {
        if let Some(uri) = slashed(request.uri()) {
            *request.uri_mut() = uri;
        }
        self.0.call(request)
    }
}

/// The address with the slash; `None` where it is right as it is.
fn slashed(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let is_right = match path.strip_suffix('/') {
        // `/metrics/` is `/metrics`, and slashes do not pile up.
        Some(rest) => rest != crate::metrics::PATH && !rest.ends_with('/'),
        None => path == crate::metrics::PATH || path.rsplit('/').next().is_none_or(|last| last.contains('.')),
    };
    if is_right {
        return None;
    }
    let bare = path.trim_end_matches('/');
    let path = if bare == crate::metrics::PATH { bare.to_owned() } else { format!("{bare}/") };
    let path = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path.parse().ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_added_where_they_are_missing() {
        let seen = |path: &'static str| slashed(&Uri::from_static(path)).map(|uri| uri.to_string());
        for path in ["/", "/api/time/", "/metrics", "/media/1.png", "/swagger/index.css?a=b"] {
            assert_eq!(seen(path), None, "{path}");
        }
        for (path, right) in [
            ("/api/time", "/api/time/"),
            ("/api/time//", "/api/time/"),
            ("/api/auctions?a=b.c", "/api/auctions/?a=b.c"),
            ("/metrics/", "/metrics"),
        ] {
            assert_eq!(seen(path).as_deref(), Some(right));
        }
    }
}
