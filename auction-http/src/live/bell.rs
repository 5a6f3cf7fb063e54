//! Who is told of new notices at once.

use crate::wire::notice::NoticeView;
use auction_core::UserId;
use auction_core::notify::Notice;
use auction_core::ports::NoticeListener;
use axum::extract::ws::Utf8Bytes;
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many notices may wait for a socket; one that has more waiting is told that it missed some.
pub const RINGS_MAX: usize = 64;

/// Hands new notices to the open sockets of their people. It never waits: a socket that is too slow misses some, and
/// learns that it did.
#[derive(Debug, Default)]
pub struct Bell {
    listening: Mutex<FxHashMap<UserId, Vec<Ear>>>,
    last: AtomicU64,
}

/// What one socket hears, until it is dropped.
#[derive(Debug)]
pub struct Rings {
    bell: Arc<Bell>,
    user: UserId,
    number: u64,
    heard: Receiver<Utf8Bytes>,
}

#[derive(Debug)]
struct Ear {
    number: u64,
    rings: Sender<Utf8Bytes>,
}

impl Bell {
    /// Listens for the notices of somebody until the answer is dropped.
    pub fn listen(self: &Arc<Self>, user: UserId) -> Rings {
        let (rings, heard) = channel(RINGS_MAX);
        let number = self.last.fetch_add(1, Ordering::Relaxed);
        self.lock().entry(user).or_default().push(Ear { number, rings });
        Rings { bell: Arc::clone(self), user, number, heard }
    }

    fn ring(&self, notice: &Notice) {
        let mut listening = self.lock();
        let Some(ears) = listening.get_mut(&notice.user) else { return };
        let Ok(text) = serde_json::to_string(&NoticeView::from(notice)) else { return };
        let text = Utf8Bytes::from(text);
        // Who has missed something is not told any more, and finds out by that.
        ears.retain(|ear| ear.rings.try_send(text.clone()).is_ok());
        if ears.is_empty() {
            listening.remove(&notice.user);
        }
    }

    fn forget(&self, user: UserId, number: u64) {
        let mut listening = self.lock();
        let Some(ears) = listening.get_mut(&user) else { return };
        ears.retain(|ear| ear.number != number);
        if ears.is_empty() {
            listening.remove(&user);
        }
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<UserId, Vec<Ear>>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NoticeListener for Bell {
    fn noticed(&self, notices: &[Notice]) {
        for notice in notices {
            self.ring(notice);
        }
    }
}

impl Rings {
    /// The next notice; `None` where some were missed, once all that were not have been heard.
    pub async fn next(&mut self) -> Option<Utf8Bytes> {
        self.heard.recv().await
    }
}

impl Drop for Rings {
    fn drop(&mut self) {
        self.bell.forget(self.user, self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::money::Currency;
    use auction_core::notify::{NoticeFacts, NoticeId, NoticeKind};
    use auction_core::{AuctionId, Timestamp};
    use futures_util::FutureExt;

    fn user(number: u64) -> UserId {
        UserId::new(number).unwrap()
    }

    fn notice(of: UserId, id: u64) -> Notice {
        Notice {
            id: NoticeId(id),
            user: of,
            auction: AuctionId::new(7).unwrap(),
            kind: NoticeKind::Outbid,
            occurrence: id,
            facts: NoticeFacts {
                title: "A watch".to_owned(),
                price: None,
                currency: Currency::USD,
                starts_at: None,
                ends_at: None,
                result: None,
            },
            at: Timestamp::EPOCH,
            in_app: true,
            is_read: false,
        }
    }

    #[test]
    fn each_socket_of_a_person_hears_their_notices_and_no_others() {
        let bell = Arc::new(Bell::default());
        let (mut first, mut second) = (bell.listen(user(1)), bell.listen(user(1)));
        let mut other = bell.listen(user(2));
        bell.noticed(&[notice(user(1), 5)]);
        for rings in [&mut first, &mut second] {
            let heard = rings.next().now_or_never().unwrap().unwrap();
            assert!(heard.starts_with(r#"{"id":5,"kind":"outbid","#), "{heard}");
        }
        assert!(other.next().now_or_never().is_none());
    }

    #[test]
    fn a_socket_that_is_too_slow_hears_what_was_in_time_and_then_that_it_missed_some() {
        let bell = Arc::new(Bell::default());
        let mut rings = bell.listen(user(1));
        let notices: Vec<_> = (0..=RINGS_MAX as u64).map(|id| notice(user(1), id)).collect();
        bell.noticed(&notices);
        for _ in 0..RINGS_MAX {
            assert!(rings.next().now_or_never().unwrap().is_some());
        }
        assert_eq!(rings.next().now_or_never(), Some(None));
    }

    #[test]
    fn who_has_gone_is_forgotten() {
        let bell = Arc::new(Bell::default());
        let (gone, stays) = (bell.listen(user(1)), bell.listen(user(1)));
        drop(gone);
        assert_eq!(bell.lock()[&user(1)].len(), 1);
        drop(stays);
        assert!(bell.lock().is_empty());
    }
}
