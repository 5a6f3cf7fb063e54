//! The document as it is answered.

use super::config::Config;
use super::lot::Lot;
use super::route::Route;
use super::shell::Filling;
use super::words::Words;
use super::{Site, accept, place, policy};
use crate::error::ApiError;
use askama::Template;
use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// An answer that is a page of ours, whatever its status: nobody turns it into something else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page;

/// What a page is about.
enum Content {
    /// Nothing that can be told without JavaScript.
    Nothing,
    /// Nothing at all.
    Missing,
    Featured(Vec<Lot>),
    Auction(Box<Lot>),
}

#[derive(Template)]
#[template(path = "site_head.html")]
struct Head<'a> {
    words: &'a Words,
    /// What the window is called.
    title: String,
    /// What the page is about.
    name: &'a str,
    description: String,
    address: Option<String>,
    kind: &'a str,
    card: &'a str,
    lot: Option<&'a Lot>,
    config: String,
}

#[derive(Template)]
#[template(path = "site_plain.html")]
struct Plain<'a> {
    words: &'a Words,
    base: &'a str,
    content: &'a Content,
}

/// Answers the document for a page, or for one that there is not; `None` where the bundle has no document.
pub(super) async fn answer(site: &Site, route: Option<Route>, request: &Parts) -> Option<Response> {
    let shell = site.shell().await?;
    let (status, content) = content(site, route).await;
    let config = &site.0.config;
    let words = accept::words(&request.headers);
    let base = place::base(&config.base_path, request);
    let filling = Filling {
        language: words.language,
        base: &base,
        head: &head(config, words, &base, route, &content),
        plain: &written(&Plain { words, base: &base, content: &content }),
    };
    let mut response = (status, shell.fill(&filling)).into_response();
    response.extensions_mut().insert(Page);
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, words.language),
        (header::CACHE_CONTROL, "no-cache"),
        (header::VARY, "accept, accept-language"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy::policy(config, &request.headers));
    Some(response)
}

/// What a page is about, and with which status it is answered. Where auctions are only for those who are signed in
/// nothing is said about them, not even which there are.
async fn content(site: &Site, route: Option<Route>) -> (StatusCode, Content) {
    let room = &site.0.room;
    let found = match route {
        None => return (StatusCode::NOT_FOUND, Content::Missing),
        Some(Route::Plain("/")) => room.public_featured().await.and_then(read).map(Content::Featured),
        Some(Route::Auction(id) | Route::Bidding(id)) => {
            room.public_auction(id).await.and_then(read).map(|lot| Content::Auction(Box::new(lot)))
        }
        Some(Route::Plain(_) | Route::Sale(_)) => Ok(Content::Nothing),
    };
    match found {
        Ok(content) => (StatusCode::OK, content),
        Err(error) if error.status() == StatusCode::NOT_FOUND => (StatusCode::NOT_FOUND, Content::Missing),
        Err(error) if error.status().is_server_error() => (error.status(), Content::Nothing),
        Err(_) => (StatusCode::OK, Content::Nothing),
    }
}

fn read<T: serde::de::DeserializeOwned>(json: Bytes) -> Result<T, ApiError> {
    serde_json::from_slice(&json).map_err(|error| {
        tracing::error!(%error, "an auction was answered in a form that pages do not know");
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "")
    })
}

fn head(config: &Config, words: &Words, base: &str, route: Option<Route>, content: &Content) -> String {
    let lot = match content {
        Content::Auction(lot) => Some(&**lot),
        Content::Nothing | Content::Missing | Content::Featured(_) => None,
    };
    let name = match (lot, content, route) {
        (Some(lot), _, _) => lot.title.as_str(),
        (None, Content::Missing, _) | (None, _, None) => words.not_found,
        (None, _, Some(Route::Plain(path))) => words.title(path),
        (None, _, Some(Route::Sale(_))) => words.title("/sell"),
        (None, _, Some(Route::Auction(_) | Route::Bidding(_))) => words.site,
    };
    let title = if name == words.site { name.to_owned() } else { format!("{name} · {}", words.site) };
    // The page where people bid is about the same as that of the auction.
    let address = match (content, route) {
        (Content::Missing, _) | (_, None) => None,
        (_, Some(Route::Auction(id) | Route::Bidding(id))) => Some(Route::Auction(id)),
        (_, Some(route)) => Some(route),
    };
    let description = lot.map(Lot::summary).filter(|text| !text.is_empty());
    written(&Head {
        words,
        title,
        name,
        description: description.unwrap_or_else(|| words.about.to_owned()),
        address: address.map(|route| config.address(base, &route.path())),
        kind: if lot.is_some() { "product" } else { "website" },
        card: if lot.is_some_and(|lot| lot.image.is_some()) { "summary_large_image" } else { "summary" },
        lot,
        config: config.json(base),
    })
}

fn written(template: &impl Template) -> String {
    template.render().expect("invariant: writing to a string cannot fail")
}
