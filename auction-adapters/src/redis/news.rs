//! What nodes tell each other, over a channel of Redis.

use super::CALL_DURATION_MAX;
use super::form::{self, NEWS_PER_MESSAGE_MAX, NodeId};
use super::link::Link;
use super::options::RedisOptions;
use super::presence::Presence;
use super::route::Route;
use super::subscription::Subscription;
use super::waiting::Waiting;
use auction_core::ports::{Entropy, Failure, News, NewsListener, NewsSender};
use metrics::{Counter, Unit};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const NEWS_TOTAL: &str = "auction_news_total";

/// Tells other nodes over a channel of Redis, and hears what they tell.
///
/// What is told waits in memory, of each auction only the newest version, up to 16,384 auctions, inboxes and people each,
/// and is sent by a task: whatever came while the last message was sent is the next one. While Redis is away it goes on
/// waiting; what finds no room is dropped.
///
/// The listener is told that it may have [missed](NewsListener::missed) something each time the channel was subscribed to,
/// the first time included. A silence of two seconds is taken for a loss, whatever the connection looks like.
///
/// Whoever can write to the channel can make nodes look into the store, and nothing else.
pub struct RedisNews {
    desk: Arc<Desk>,
    stop: CancellationToken,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// Where news waits, and how it is sent.
struct Desk {
    link: Link,
    channel: String,
    node: NodeId,
    waiting: Mutex<Waiting>,
    bell: Notify,
    sent: Counter,
    dropped: Counter,
}

impl RedisNews {
    /// Starts to tell and to hear over the Redis with this URL, like `redis://user:password@host:6379/0`, or `rediss://`
    /// for an encrypted connection. A Redis that is down is no error: it is tried again until it is there.
    ///
    /// Chance gives the node its name, and its attempts their moments.
    ///
    /// # Errors
    /// A [`Failure`] where the URL or the options make no sense. It does not repeat the URL, which may hold a password.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn start(
        url: &str,
        options: &RedisOptions,
        listener: Arc<dyn NewsListener>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Failure> {
        let channel = format!("{}:news", options.prefix()?);
        let route = Arc::new(Route::parse(url, options)?);
        metrics::describe_counter!(NEWS_TOTAL, Unit::Count, "News by what became of them.");
        let mut node = NodeId([0; 16]);
        entropy.fill(&mut node.0);
        let subscription = Subscription {
            route: Arc::clone(&route),
            channel: channel.clone(),
            node,
            listener,
            entropy,
            presence: Presence::new("hear"),
            passed_on: counter("heard", "passed_on"),
            ignored: counter("heard", "ignored"),
        };
        let desk = Arc::new(Desk {
            link: Link::new(route, "tell"),
            channel,
            node,
            waiting: Mutex::new(Waiting::default()),
            bell: Notify::new(),
            sent: counter("told", "sent"),
            dropped: counter("told", "dropped"),
        });
        let stop = CancellationToken::new();
        let hearing = tokio::spawn(subscription.run(stop.clone()));
        let telling = tokio::spawn(Arc::clone(&desk).run(stop.clone()));
        Ok(Self { desk, stop, tasks: Mutex::new(vec![hearing, telling]) })
    }

    /// Sends what waits, as far as Redis takes it within 250 ms, and ends both tasks. What is told afterwards is dropped.
    /// To drop this does the same, and waits for nothing.
    pub async fn close(&self) {
        self.stop.cancel();
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            // A task that panicked has ended, too.
            let _ = task.await;
        }
    }
}

impl NewsSender for RedisNews {
    fn tell(&self, news: &[News]) {
        if self.stop.is_cancelled() {
            return;
        }
        self.desk.put(news);
        self.desk.bell.notify_one();
    }
}

impl Drop for RedisNews {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl fmt::Debug for RedisNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisNews").field("channel", &self.desk.channel).finish_non_exhaustive()
    }
}

impl Desk {
    /// Sends what waits, until it is stopped, and then what is left. What was taken is never given up halfway.
    async fn run(self: Arc<Self>, stop: CancellationToken) {
        while stop.run_until_cancelled(self.bell.notified()).await.is_some() {
            while !self.send().await && !stop.is_cancelled() {
                stop.run_until_cancelled(tokio::time::sleep(self.link.rest())).await;
            }
        }
        let _ = tokio::time::timeout(CALL_DURATION_MAX, self.send()).await;
    }

    /// Sends what waits. Answers whether it did; else the rest waits again.
    async fn send(&self) -> bool {
        let taken = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut rest = &taken[..];
        while !rest.is_empty() {
            let (next, after) = rest.split_at(rest.len().min(NEWS_PER_MESSAGE_MAX));
            if !self.publish(next).await {
                self.put(rest);
                return false;
            }
            rest = after;
        }
        true
    }

    async fn publish(&self, news: &[News]) -> bool {
        let mut call = redis::cmd("PUBLISH");
        call.arg(&self.channel).arg(form::write(self.node, news));
        let done =
            self.link.call(|mut connection| async move { call.exec_async(&mut connection).await }).await;
        if done.is_ok() {
            self.sent.increment(count(news.len()));
        }
        done.is_ok()
    }

    /// Lets these wait, as far as there is room.
    fn put(&self, news: &[News]) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let dropped = news.iter().filter(|one| !waiting.add(**one)).count();
        drop(waiting);
        if dropped > 0 {
            self.dropped.increment(count(dropped));
        }
    }
}

fn counter(direction: &'static str, outcome: &'static str) -> Counter {
    metrics::counter!(NEWS_TOTAL, "direction" => direction, "outcome" => outcome)
}

fn count(news: usize) -> u64 {
    u64::try_from(news).unwrap_or(u64::MAX)
}
