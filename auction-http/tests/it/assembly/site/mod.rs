//! The web front end: its files, its pages, and the bundle that stands in the repository.

mod bundle;
mod command;
mod files;
mod pages;
mod secrets;
mod tags;

use super::house::{Answer, Server, server};
use auction_core::auction::{Charter, Schedule, TermsDocument};
use auction_core::catalog::Listing;
use auction_core::money::{Amount, Currency};
use auction_core::ports::{CommitId, NewAuction};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use axum::body::Body;
use axum::http::Request;
use std::fs;
use tempfile::TempDir;

const SCRIPT: &str = "assets/index-AaaB_BGi.js";

const INDEX: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<!--site:head-->\n\
    <link rel=\"icon\" href=\"./favicon.svg\">\n\
    <script type=\"module\" crossorigin src=\"./assets/index-AaaB_BGi.js\"></script>\n</head>\n\
    <body>\n<div id=\"root\"></div>\n<!--site:plain-->\n</body>\n</html>\n";

/// A server with a bundle of a few files, and the folder in which they are.
struct World {
    server: Server,
    folder: TempDir,
}

impl World {
    async fn open(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let dist = folder.path().join("dist");
        fs::create_dir_all(dist.join("assets")).expect("a folder");
        let script = "export {};\n".repeat(1_000);
        // Nothing of the server looks into compressed files.
        for (name, content) in [
            ("index.html", INDEX),
            ("manifest.json", "{}"),
            ("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            (SCRIPT, &script),
            ("assets/index-AaaB_BGi.js.br", "the script as br"),
            ("assets/index-AaaB_BGi.js.gz", "the script as gz"),
            ("assets/font-0123abcd.woff2", &"font".repeat(3_000)),
            ("assets/named.css", "a {}"),
        ] {
            fs::write(dist.join(name), content).expect("written");
        }
        fs::write(folder.path().join("secret.txt"), "a secret").expect("written");
        let dist = dist.to_str().expect("UTF-8");
        Self { server: server(&[settings, &[("UI_DIR", dist)]].concat()).await, folder }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.server.send(request.body(Body::empty()).expect("a request")).await
    }

    async fn page(&self, path: &str) -> Answer {
        self.get(path, &[("accept", "text/html,*/*;q=0.8")]).await
    }

    fn now(&self) -> Timestamp {
        self.server.parts().clock.now()
    }

    /// An auction that is open, or a draft, with terms of its own.
    async fn auction(&self, listing: Listing, terms: &str, draft: bool) -> AuctionId {
        let (parts, now) = (self.server.parts(), self.now());
        let hour = Span::from_secs(60 * 60);
        let terms = TermsDocument::parse(terms).expect("terms");
        let price = Amount::parse("10.00", Currency::USD).expect("a price");
        let terms = terms.terms(Currency::USD, price).expect("terms");
        let schedule = Schedule::new(now.before(hour), now.after(hour)).expect("a schedule");
        let seller = UserId::new(99).expect("a number");
        let new = NewAuction {
            commit: CommitId::random(&*parts.entropy),
            charter: Charter::new(seller, schedule, terms).expect("a charter").into(),
            listing,
            draft,
            at: now,
        };
        parts.auctions.create(&new).await.expect("written").id()
    }
}

/// What stands in `content` of a tag with this name, as a browser reads it.
fn meta(page: &str, name: &str) -> Option<String> {
    let named =
        [format!("<meta property=\"{name}\" content=\""), format!("<meta name=\"{name}\" content=\"")];
    let start = named.iter().find_map(|named| Some(page.find(named)? + named.len()))?;
    Some(unescaped(page[start..].split('"').next()?))
}

/// What is called so in the document, as a browser reads it.
fn unescaped(text: &str) -> String {
    let entities = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}
