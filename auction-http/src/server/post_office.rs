//! Notices and mails: what plans them, what sends them, and what hands mails in.

use super::mail::mailer;
use super::stores::Stores;
use super::{OpenError, site_url};
use crate::settings::Settings;
use async_trait::async_trait;
use auction_adapters::runtime::{DeskRuntime, Work, WorkerHandle};
use auction_core::auction::Event;
use auction_core::identity::SealKey;
use auction_core::notify::LeadTimes;
use auction_core::ports::{Change, Clock, Entropy, Failure, Mailer, NoticeListener, OutboxStore};
use auction_core::service::courier::{self, Courier, CourierParts};
use auction_core::service::post::{Outbox, OutboxParts};
use auction_core::service::relay::{Relay, RelayParts};
use auction_core::service::{AccountDirectory, Nudge, Wake};
use auction_core::{Span, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

/// How often the mails in each state are counted for the metrics.
const COUNT_EVERY: Span = Span::from_secs(60);

/// Plans notices and sends mails. It is made before the desk, whose changes it is told of, and begins to work after it.
pub(super) struct PostOffice {
    relay: Arc<Relay>,
    courier: Arc<Courier>,
    outbox: Arc<Outbox>,
    store: Arc<dyn OutboxStore>,
    clock: Arc<dyn Clock>,
    relay_alarm: Arc<OnceLock<WorkerHandle>>,
    courier_alarm: Arc<OnceLock<WorkerHandle>>,
}

/// What a post office stands on.
pub(super) struct PostParts<'a> {
    pub(super) settings: &'a Settings,
    pub(super) stores: &'a Stores,
    pub(super) seal_key: &'a Arc<SealKey>,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) entropy: &'a Arc<dyn Entropy>,
    pub(super) listener: Arc<dyn NoticeListener>,
}

impl PostOffice {
    pub(super) fn new(parts: PostParts<'_>) -> Result<Self, OpenError> {
        let PostParts { settings, stores, seal_key, clock, entropy, listener } = parts;
        let courier_alarm = Arc::<OnceLock<WorkerHandle>>::default();
        let mail_waits = nudge(&courier_alarm);
        let relay = Relay::new(RelayParts {
            store: stores.notices.clone(),
            auctions: Arc::clone(&stores.auctions),
            catalog: Arc::clone(&stores.catalog),
            roll: Arc::clone(&stores.roll),
            listener,
            entropy: Arc::clone(entropy),
            clock: Arc::clone(clock),
            mail_waits: mail_waits.clone(),
            lead_times: LeadTimes { starting: settings.lead_start.span(), ending: settings.lead_end.span() },
        });
        let courier = Courier::new(CourierParts {
            outbox: stores.notices.clone(),
            auctions: Arc::clone(&stores.auctions),
            directory: Arc::new(AccountDirectory::new(Arc::clone(&stores.accounts), Arc::clone(clock))),
            mailer: mailer(settings, clock).map_err(OpenError::Mail)?,
            entropy: Arc::clone(entropy),
            clock: Arc::clone(clock),
            seal_key: Arc::clone(seal_key),
            site_url: site_url(settings).into(),
            settings: courier::Settings::default(),
        });
        let outbox = outbox(stores.notices.clone(), Arc::clone(seal_key), clock, entropy, mail_waits);
        Ok(Self {
            relay: Arc::new(relay),
            courier: Arc::new(courier),
            outbox: Arc::new(outbox),
            store: stores.notices.clone(),
            clock: Arc::clone(clock),
            relay_alarm: Arc::default(),
            courier_alarm,
        })
    }

    /// Where mails are handed in.
    pub(super) fn mailer(&self) -> Arc<dyn Mailer> {
        self.outbox.clone()
    }

    /// An auction changed. It never waits. Where this node does not work, others find it.
    pub(super) fn changed(&self, change: &Change) {
        let Some(alarm) = self.relay_alarm.get() else { return };
        let events = change.batch().events_of(change.entry());
        let is_of_interest =
            |event: &Event| !matches!(event, Event::Joined { .. } | Event::MaximumChanged { .. });
        let concerns = events.iter().any(|recorded| is_of_interest(&recorded.event));
        if concerns && self.relay.note(change.entry().auction().id()) {
            alarm.wake();
        }
    }

    /// Begins to work, until the desk stops.
    pub(super) fn start(&self, desk: &DeskRuntime) {
        let relaying = Relaying { relay: Arc::clone(&self.relay), clock: Arc::clone(&self.clock) };
        let sending = Sending {
            courier: Arc::clone(&self.courier),
            outbox: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            count_at: AtomicI64::new(Timestamp::EPOCH.micros()),
        };
        // Nobody else sets them.
        let _ = self.relay_alarm.set(desk.start_worker(Arc::new(relaying)));
        let _ = self.courier_alarm.set(desk.start_worker(Arc::new(sending)));
    }
}

/// Hands mails in where nobody sends them in this process.
pub(crate) fn outbox(
    store: Arc<dyn OutboxStore>,
    seal_key: Arc<SealKey>,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
    mail_waits: Nudge,
) -> Outbox {
    Outbox::new(OutboxParts {
        store,
        seal_key,
        entropy: Arc::clone(entropy),
        clock: Arc::clone(clock),
        mail_waits,
    })
}

/// Wakes a worker once there is one.
fn nudge(alarm: &Arc<OnceLock<WorkerHandle>>) -> Nudge {
    let alarm = Arc::clone(alarm);
    Arc::new(move || {
        if let Some(alarm) = alarm.get() {
            alarm.wake();
        }
    })
}

struct Relaying {
    relay: Arc<Relay>,
    clock: Arc<dyn Clock>,
}

#[async_trait]
impl Work for Relaying {
    fn name(&self) -> &'static str {
        "relay"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        self.relay.tick(self.clock.now()).await
    }
}

struct Sending {
    courier: Arc<Courier>,
    outbox: Arc<dyn OutboxStore>,
    clock: Arc<dyn Clock>,
    /// When mails are counted again.
    count_at: AtomicI64,
}

impl Sending {
    /// Shows in the metrics how many mails there are in each state, now and then.
    async fn count(&self, now: Timestamp) -> Result<(), Failure> {
        if now.micros() < self.count_at.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.count_at.store(now.after(COUNT_EVERY).micros(), Ordering::Relaxed);
        for (state, count) in self.outbox.count_mails().await? {
            metrics::gauge!("auction_mails", "state" => state.name()).set(count as f64);
        }
        Ok(())
    }
}

#[async_trait]
impl Work for Sending {
    fn name(&self) -> &'static str {
        "courier"
    }

    async fn tick(&self) -> Result<Wake, Failure> {
        let now = self.clock.now();
        let wake = self.courier.tick(now).await?;
        self.count(now).await?;
        Ok(wake)
    }
}
