//! Other nodes on the same database: what they are told, and what is done when they tell something.
//!
//! What they tell only hurries things on. Each second a node compares what its sockets show with the store, whether or
//! not anybody told it of anything.

use crate::live::{Bell, Hub};
use crate::parts::Stop;
use crate::people::People;
use auction_core::notify::Notice;
use auction_core::ports::{
    INBOX_HEAD_MAX, InboxPage, InboxStore, News, NewsListener, NewsSender, NoticeListener,
};
use auction_core::{AuctionId, UserId};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How often what sockets show is compared with the store.
const COMPARE_EVERY: Duration = Duration::from_secs(1);

/// How many inboxes are compared with one question.
const INBOXES_COMPARED_MAX: usize = 1_000;

/// Hears what other nodes tell, and keeps what this one shows in step with the store.
pub(super) struct Nodes {
    hub: OnceLock<Hub>,
    people: OnceLock<Arc<People>>,
    bell: Arc<Bell>,
    inbox: Arc<dyn InboxStore>,
    /// People whose inboxes have changed elsewhere.
    changed: Mutex<BTreeSet<UserId>>,
    news: Notify,
    is_missed: Notify,
}

impl Nodes {
    pub(super) fn new(bell: Arc<Bell>, inbox: Arc<dyn InboxStore>) -> Self {
        Self {
            hub: OnceLock::new(),
            people: OnceLock::new(),
            bell,
            inbox,
            changed: Mutex::default(),
            news: Notify::new(),
            is_missed: Notify::new(),
        }
    }

    /// Whom to tell in this process. They are made later, since they need the desk.
    pub(super) fn join(&self, hub: Hub, people: Arc<People>) {
        // Nobody else sets them.
        let _ = self.hub.set(hub);
        let _ = self.people.set(people);
    }

    /// Compares each second, or as soon as something may have been missed, until the server stops.
    pub(super) async fn compare(self: Arc<Self>, stop: Stop) {
        loop {
            tokio::select! {
                () = stop.0.cancelled() => return,
                () = tokio::time::sleep(COMPARE_EVERY) => {}
                () = self.is_missed.notified() => {}
            }
            if let Some(hub) = self.hub.get()
                && let Err(failure) = hub.heal_all().await
            {
                tracing::warn!(%failure, "states could not be compared");
            }
            self.compare_inboxes().await;
        }
    }

    /// Rings for notices that other nodes wrote, as soon as they tell, until the server stops.
    pub(super) async fn listen(self: Arc<Self>, stop: Stop) {
        loop {
            let news = self.news.notified();
            let changed = std::mem::take(&mut *self.changed.lock().unwrap_or_else(PoisonError::into_inner));
            for user in &changed {
                self.look_into(*user).await;
            }
            if changed.is_empty() {
                tokio::select! {
                    () = news => {}
                    () = stop.0.cancelled() => return,
                }
            }
        }
    }

    async fn compare_inboxes(&self) {
        let (users, known): (Vec<_>, Vec<_>) = self.bell.listeners().into_iter().unzip();
        for (users, known) in users.chunks(INBOXES_COMPARED_MAX).zip(known.chunks(INBOXES_COMPARED_MAX)) {
            match self.inbox.inbox_heads(users).await {
                Ok(heads) => {
                    let changed =
                        users.iter().zip(known).zip(&heads).filter(|((_, known), head)| known != head);
                    for ((user, _), _) in changed {
                        self.look_into(*user).await;
                    }
                }
                Err(failure) => return tracing::warn!(%failure, "inboxes could not be compared"),
            }
        }
    }

    async fn look_into(&self, user: UserId) {
        match self.inbox.inbox(user, InboxPage::Before(None), INBOX_HEAD_MAX).await {
            Ok(newest) => self.bell.compare(user, &newest),
            Err(failure) => tracing::warn!(%failure, "an inbox could not be read"),
        }
    }
}

impl NewsListener for Nodes {
    fn heard(&self, news: News) {
        match news {
            News::Auction { auction, version } => {
                if let Some(hub) = self.hub.get() {
                    hub.heard(auction, version);
                }
            }
            News::Inbox(user) if self.bell.is_heard_by(user) => {
                self.changed.lock().unwrap_or_else(PoisonError::into_inner).insert(user);
                self.news.notify_one();
            }
            News::Person(user) => {
                if let Some(people) = self.people.get() {
                    people.forget_here(user);
                }
            }
            // A newer node tells something that this one cannot know.
            _ => {}
        }
    }

    fn missed(&self) {
        self.is_missed.notify_one();
    }
}

/// Rings here, and tells other nodes.
pub(super) struct Ringing {
    pub(super) bell: Arc<Bell>,
    pub(super) others: Others,
}

impl NoticeListener for Ringing {
    fn noticed(&self, notices: &[Notice]) {
        self.bell.noticed(notices);
        let users: BTreeSet<UserId> = notices.iter().map(|notice| notice.user).collect();
        self.others.tell(&users.into_iter().map(News::Inbox).collect::<Vec<_>>());
    }
}

/// The other nodes, once there is a way to them.
#[derive(Clone, Default)]
pub(super) struct Others(Arc<OnceLock<Arc<dyn NewsSender>>>);

impl Others {
    /// There is a way.
    pub(super) fn reach(&self, way: Arc<dyn NewsSender>) {
        // Nobody else sets it.
        let _ = self.0.set(way);
    }

    /// An auction has this version now.
    pub(super) fn tell_version(&self, auction: AuctionId, version: u64) {
        self.tell(&[News::Auction { auction, version }]);
    }
}

impl NewsSender for Others {
    fn tell(&self, news: &[News]) {
        if let Some(way) = self.0.get() {
            way.tell(news);
        }
    }
}
