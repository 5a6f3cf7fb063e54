//! The web front end: its files, and the page in which it runs.
//!
//! Files of the [`Bundle`] are served as they are. Every page of the site is one and the same document, into which the
//! server writes where it stands, what the page is about, and what can be read without JavaScript. What that shows
//! of auctions is what the API answers to somebody who is not signed in, and nothing else.
//!
//! | module | holds |
//! |---|---|
//! | `accept` | what a browser would like best |
//! | `bundle`, `embedded`, `folder` | where files come from |
//! | `file` | how they are answered |
//! | `place` | under which path the site stands |
//! | `route` | which pages there are |
//! | `config` | what the pages are told |
//! | `policy` | what they may load |
//! | `shell` | the document before anything is written into it |
//! | `lot` | an auction, as everybody may see it |
//! | `page` | the document as it is answered |
//! | `words` | what is said, by language |

mod accept;
mod bundle;
mod config;
#[cfg(feature = "ui")]
mod embedded;
mod file;
mod folder;
mod lot;
mod page;
mod place;
mod policy;
mod route;
mod shell;
mod words;

pub use bundle::Bundle;
pub(crate) use file::AsItIs;
pub(crate) use page::Page;

use crate::auctions::AuctionRoom;
use crate::error::ApiError;
use crate::settings::Settings;
use axum::Router;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use config::Config;
use route::Route;
use shell::Shell;
use std::sync::{Arc, OnceLock};

/// The folder of the bundle whose files never change under their names.
const ASSETS: &str = "/assets/";

/// What never is a page: calls, sockets, pictures, and pages of other rooms.
const ELSEWHERE: [&str; 7] = ["/api", "/ws", "/media", "/swagger", "/redoc", "/metrics", "/assets"];

/// The web front end. Clones are cheap.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    bundle: Bundle,
    room: AuctionRoom,
    config: Config,
    /// The document, where it cannot change.
    shell: OnceLock<Arc<Shell>>,
}

impl Site {
    /// The pages in `bundle`, about the auctions of `room`.
    pub fn new(bundle: Bundle, room: AuctionRoom, settings: &Settings) -> Self {
        Self(Arc::new(Inner { bundle, room, config: Config::new(settings), shell: OnceLock::new() }))
    }

    /// Answers a request that no other room has answered: with a file, with a page, or with 404. It should be the
    /// fallback of the router in which it stands, so that files keep their paths.
    pub async fn answer(self, request: Request) -> Response {
        let (request, _) = request.into_parts();
        let path = request.uri.path();
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return match Route::parse(path) {
                Some(_) => (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET,HEAD")]).into_response(),
                None => ApiError::not_found().into_response(),
            };
        }
        if let Some(name) = bundle::name(path)
            && let Some(answer) = file::answer(&self.0.bundle, name, &request.headers).await
        {
            return answer;
        }
        let route = Route::parse(path);
        let is_page = route.is_some() || (!is_elsewhere(path) && accept::takes_html(&request.headers));
        let page = match is_page {
            true => page::answer(&self, route, &request).await,
            false => None,
        };
        page.unwrap_or_else(|| ApiError::not_found().into_response())
    }

    /// The document; `None` where the bundle has none.
    async fn shell(&self) -> Option<Arc<Shell>> {
        if let Some(shell) = self.0.shell.get() {
            return Some(Arc::clone(shell));
        }
        let index = self.0.bundle.file(bundle::INDEX).await?;
        let shell = Arc::new(Shell::parse(str::from_utf8(&index.bytes).ok()?));
        match self.0.bundle.is_fixed() {
            true => Some(Arc::clone(self.0.shell.get_or_init(|| shell))),
            false => Some(shell),
        }
    }
}

/// The site alone, as a router for a host with rooms of its own. It answers whatever the host does not, and can be
/// nested under a prefix.
pub fn router(site: Site) -> Router {
    Router::new().fallback(move |request: Request| site.clone().answer(request))
}

/// Whether a path is that of a file of ours or of a picture. A page asks for many of them at once, so that they are not
/// counted among somebody's calls.
pub(crate) fn is_file(method: &Method, path: &str) -> bool {
    let at_the_root = || path.strip_prefix('/').is_some_and(|name| name.contains('.') && !name.contains('/'));
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    is_read && (path.starts_with(ASSETS) || path.starts_with("/media/") || at_the_root())
}

/// What a path is counted as; `None` where it is none of the site.
pub(crate) fn label(path: &str) -> Option<&'static str> {
    if path.starts_with(ASSETS) {
        return Some("/assets/{*path}");
    }
    Route::parse(path).map(Route::label)
}

fn is_elsewhere(path: &str) -> bool {
    let is_below =
        |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    ELSEWHERE.iter().any(|start| is_below(start))
}
