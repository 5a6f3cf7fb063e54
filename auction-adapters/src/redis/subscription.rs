//! Hears what other nodes tell.

use super::CALL_DURATION_MAX;
use super::fault::Fault;
use super::form::{self, NodeId};
use super::presence::Presence;
use super::route::Route;
use auction_core::ports::{Entropy, NewsListener};
use futures_util::StreamExt;
use metrics::Counter;
use redis::aio::{PubSub, PubSubSink, PubSubStream};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long to wait after the first failure; after each further one twice as long, ...
const BACKOFF_MIN: Duration = Duration::from_millis(50);

/// ... up to this. Chance takes away up to half, so that not all nodes come back at once.
const BACKOFF_MAX: Duration = Duration::from_secs(2);

/// How often Redis is asked for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(1);

/// How long it may take to give one: a silence of two seconds is a loss.
const PONG_WAIT_MAX: Duration = Duration::from_secs(1);

/// What hearing needs.
pub(super) struct Subscription {
    pub(super) route: Arc<Route>,
    pub(super) channel: String,
    pub(super) node: NodeId,
    pub(super) listener: Arc<dyn NewsListener>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) presence: Presence,
    pub(super) passed_on: Counter,
    pub(super) ignored: Counter,
}

impl Subscription {
    /// Subscribes, and again after each loss, until it is stopped.
    pub(super) async fn run(self, stop: CancellationToken) {
        let hearing = async {
            let mut failures = 0;
            loop {
                let fault = self.hear(&mut failures).await;
                self.presence.away(&fault);
                tokio::time::sleep(backoff(failures, &*self.entropy)).await;
                failures = failures.saturating_add(1);
            }
        };
        stop.run_until_cancelled(hearing).await;
    }

    /// Subscribes and hears, until something goes wrong. Forgets earlier failures at the first sign of life.
    async fn hear(&self, failures: &mut u32) -> Fault {
        let (sink, stream) = match tokio::time::timeout(CALL_DURATION_MAX, self.subscribe()).await {
            Ok(Ok(subscribed)) => subscribed.split(),
            Ok(Err(fault)) => return fault,
            Err(_) => return Fault::Late,
        };
        self.presence.there();
        // Nobody knows what was told before.
        self.listener.missed();
        tokio::select! {
            fault = self.listen(stream) => fault,
            fault = watch(sink, failures) => fault,
        }
    }

    async fn subscribe(&self) -> Result<PubSub, Fault> {
        let wire = self.route.connect().await?;
        let mut subscribed = PubSub::new(&self.route.login, wire).await?;
        subscribed.subscribe(&self.channel).await?;
        Ok(subscribed)
    }

    async fn listen(&self, mut messages: PubSubStream) -> Fault {
        let mut has_logged = false;
        while let Some(message) = messages.next().await {
            match form::read(message.get_payload_bytes()) {
                Ok((node, _)) if node == self.node => {}
                Ok((_, news)) => {
                    for one in news {
                        self.listener.heard(one);
                        self.passed_on.increment(1);
                    }
                }
                Err(reason) => {
                    self.ignored.increment(1);
                    // Once a connection: who writes one such message may write many.
                    if !std::mem::replace(&mut has_logged, true) {
                        tracing::warn!(channel = self.channel, %reason, "a message is ignored, and so are more like it");
                    }
                }
            }
        }
        Fault::Broken("it was closed".to_owned())
    }
}

/// Asks for signs of life, until one is missing.
async fn watch(mut sink: PubSubSink, failures: &mut u32) -> Fault {
    loop {
        tokio::time::sleep(PING_EVERY).await;
        match tokio::time::timeout(PONG_WAIT_MAX, sink.ping::<redis::Value>()).await {
            Ok(Ok(_)) => *failures = 0,
            Ok(Err(error)) => return error.into(),
            Err(_) => return Fault::Silent,
        }
    }
}

/// How long to wait after so many failures before this one.
fn backoff(failures: u32, entropy: &dyn Entropy) -> Duration {
    let factor = 1_u32.checked_shl(failures).unwrap_or(u32::MAX);
    let longest = BACKOFF_MIN.saturating_mul(factor).min(BACKOFF_MAX);
    let mut chance = [0];
    entropy.fill(&mut chance);
    longest - longest * u32::from(chance[0]) / (2 * u32::from(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn waits_grow_and_chance_takes_away_up_to_half() {
        let millis = |failures, chance| backoff(failures, &Always(chance)).as_millis();
        assert_eq!(
            [0, 1, 2, 5, 6, 31, 32, u32::MAX].map(|failures| millis(failures, 0)),
            [50, 100, 200, 1_600, 2_000, 2_000, 2_000, 2_000]
        );
        assert_eq!([0, 6].map(|failures| millis(failures, u8::MAX)), [25, 1_000]);
    }
}
