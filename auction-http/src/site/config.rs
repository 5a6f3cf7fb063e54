//! What the pages are told.

use crate::demo;
use crate::server::site_url;
use crate::settings::{ServiceUrl, Settings, email_verification, sellers};
use serde::Serialize;

/// What does not change while the server runs.
#[derive(Clone, Debug)]
pub(super) struct Config {
    /// The public address of the site, without a slash at its end, where it is known.
    pub(super) public_url: Option<String>,
    /// Where pictures stand, besides: an address of the server itself.
    pub(super) own_url: String,
    pub(super) base_path: String,
    pub(super) api_url: Option<ServiceUrl>,
    pub(super) ws_url: Option<ServiceUrl>,
    currency: String,
    public_browsing: bool,
    sellers: &'static str,
    email_verification: &'static str,
    is_demo: bool,
}

/// The same as the pages read it.
#[derive(Serialize)]
struct Told<'a> {
    base: &'a str,
    api: &'a str,
    ws: &'a str,
    currency: &'a str,
    public_browsing: bool,
    sellers: &'a str,
    email_verification: &'a str,
    demo: Vec<Somebody>,
}

/// Somebody of a demonstration.
#[derive(Serialize)]
struct Somebody {
    name: &'static str,
    email: &'static str,
    password: &'static str,
}

impl Config {
    pub(super) fn new(settings: &Settings) -> Self {
        let api_url = settings.site.api_url.clone();
        let ws_url = settings.site.ws_url.clone();
        Self {
            public_url: settings.frontend_url.as_ref().map(ToString::to_string),
            own_url: site_url(settings),
            base_path: settings.site.base_path.as_str().to_owned(),
            ws_url: ws_url.or_else(|| api_url.as_ref().and_then(ServiceUrl::to_sockets)),
            api_url,
            currency: settings.currency.code().to_owned(),
            public_browsing: settings.public_browsing.is_on(),
            sellers: sellers(settings.sellers),
            email_verification: email_verification(settings.email_verification),
            is_demo: settings.demo.is_on() && !settings.is_production(),
        }
    }

    /// As JSON, for pages below `base`.
    pub(super) fn json(&self, base: &str) -> String {
        let people = demo::PEOPLE.iter().filter(|_| self.is_demo);
        let told = Told {
            base,
            api: self.api_url.as_ref().map_or(base, ServiceUrl::as_str),
            ws: self.ws_url.as_ref().map_or(base, ServiceUrl::as_str),
            currency: &self.currency,
            public_browsing: self.public_browsing,
            sellers: self.sellers,
            email_verification: self.email_verification,
            demo: people
                .map(|person| Somebody {
                    name: person.first_name,
                    email: person.email,
                    password: person.password,
                })
                .collect(),
        };
        serde_json::to_string(&told).expect("invariant: texts and switches are JSON")
    }

    /// The public address of a page.
    pub(super) fn address(&self, base: &str, path: &str) -> String {
        match &self.public_url {
            Some(url) => format!("{url}/{path}"),
            None => format!("{}{base}{path}", self.own_url),
        }
    }
}
