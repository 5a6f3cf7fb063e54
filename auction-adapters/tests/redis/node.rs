//! A node that tells and hears.

use super::meters::Meters;
use super::server::Server;
use super::support::until;
use auction_adapters::redis::{RedisNews, RedisOptions};
use auction_adapters::system::SystemEntropy;
use auction_core::ports::{News, NewsListener};
use auction_core::{AuctionId, UserId};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

/// A node, what it heard, and what it measured.
pub(crate) struct Node {
    pub(crate) news: RedisNews,
    pub(crate) ears: Arc<Ears>,
    pub(crate) meters: Meters,
}

/// Keeps what is heard.
#[derive(Default)]
pub(crate) struct Ears {
    heard: Mutex<Vec<News>>,
    missed: AtomicU32,
}

impl Node {
    /// One that hears.
    pub(crate) async fn start(server: &Server) -> Self {
        let node = Self::start_deaf(server);
        until("the node hears", async || node.ears.missed() == 1).await;
        node
    }

    /// One that may not hear yet.
    pub(crate) fn start_deaf(server: &Server) -> Self {
        let ears = Arc::<Ears>::default();
        let meters = Meters::default();
        let listener = Arc::clone(&ears) as Arc<dyn NewsListener>;
        let options = RedisOptions::default();
        let start = || RedisNews::start(server.url(), &options, listener, Arc::new(SystemEntropy));
        let news = meters.under(start).unwrap();
        Self { news, ears, meters }
    }
}

impl Ears {
    pub(crate) fn heard(&self) -> Vec<News> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn missed(&self) -> u32 {
        self.missed.load(Ordering::Relaxed)
    }

    pub(crate) async fn hear(&self, news: News) {
        until("the news is heard", async || self.heard.lock().unwrap().contains(&news)).await;
    }
}

impl NewsListener for Ears {
    fn heard(&self, news: News) {
        self.heard.lock().unwrap().push(news);
    }

    fn missed(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }
}

pub(crate) fn auction(number: u64, version: u64) -> News {
    News::Auction { auction: AuctionId::new(number).unwrap(), version }
}

pub(crate) fn inbox(number: u64) -> News {
    News::Inbox(UserId::new(number).unwrap())
}

pub(crate) fn person(number: u64) -> News {
    News::Person(UserId::new(number).unwrap())
}
