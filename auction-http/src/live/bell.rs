//! Who is told of new notices at once.

use crate::wire::notice::NoticeView;
use auction_core::UserId;
use auction_core::notify::{Notice, NoticeId};
use auction_core::ports::{INBOX_HEAD_MAX, InboxHead, NoticeListener};
use axum::extract::ws::Utf8Bytes;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many notices may wait for a socket; one that has more waiting is told that it missed some.
pub const RINGS_MAX: usize = 64;

/// How many notices are remembered for each person who listens.
const SEEN_MAX: usize = 4 * INBOX_HEAD_MAX;

/// Hands new notices to the open sockets of their people. It never waits: a socket that is too slow misses some, and
/// learns that it did.
///
/// Where several nodes write notices it remembers which of them were heard, and rings for the others once it is shown
/// the head of the inbox; of somebody who gets more at once than stand there, older ones are found in the inbox only.
#[derive(Debug, Default)]
pub struct Bell {
    listening: Mutex<FxHashMap<UserId, Listening>>,
    last: AtomicU64,
}

/// Somebody's sockets, and what they have heard.
#[derive(Debug, Default)]
struct Listening {
    ears: Vec<Ear>,
    /// It is known what stood in the inbox before.
    has_begun: bool,
    seen: BTreeMap<NoticeId, u64>,
    /// The last of those that stood in the inbox when they began to listen.
    since: Option<NoticeId>,
    /// The head of the inbox when it was looked at last.
    head: Option<InboxHead>,
}

impl Listening {
    /// Remembers a notice; `false` where it was known as it is.
    fn see(&mut self, notice: &Notice) -> bool {
        let is_new = self.seen.insert(notice.id, notice.occurrence) != Some(notice.occurrence);
        if self.seen.len() > SEEN_MAX {
            self.seen.pop_first();
        }
        is_new
    }
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
        self.lock().entry(user).or_default().ears.push(Ear { number, rings });
        Rings { bell: Arc::clone(self), user, number, heard }
    }

    /// Who listens, and the head of their inbox when it was looked at last.
    pub fn listeners(&self) -> Vec<(UserId, Option<InboxHead>)> {
        self.lock().iter().map(|(user, listening)| (*user, listening.head)).collect()
    }

    /// Whether somebody listens here.
    pub fn is_heard_by(&self, user: UserId) -> bool {
        self.lock().contains_key(&user)
    }

    /// Remembers the newest notices of somebody who has begun to listen, newest first: those stand in the inbox since
    /// before. Where they listened already, it rings for those that were not heard.
    pub fn remember(&self, user: UserId, newest: &[Notice]) {
        if let Some(listening) = self.lock().get_mut(&user)
            && !std::mem::replace(&mut listening.has_begun, true)
        {
            listening.since = newest.first().map(|notice| notice.id);
            for notice in newest {
                listening.see(notice);
            }
        }
        self.compare(user, newest);
    }

    /// Rings for those of the newest notices of somebody, newest first, that were not heard.
    pub fn compare(&self, user: UserId, newest: &[Notice]) {
        let is_news = |notice: &&Notice| {
            let people = self.lock();
            // One of which nothing is known stood there before, or is too old to be told.
            people.get(&user).is_some_and(|known| {
                known.seen.contains_key(&notice.id) || known.since.is_none_or(|since| notice.id > since)
            })
        };
        newest.iter().rev().filter(is_news).for_each(|notice| self.ring(notice));
        if let Some(listening) = self.lock().get_mut(&user) {
            listening.head = InboxHead::of(newest);
        }
    }

    fn ring(&self, notice: &Notice) {
        let mut people = self.lock();
        let Some(listening) = people.get_mut(&notice.user) else { return };
        if !listening.see(notice) {
            return;
        }
        let Ok(text) = serde_json::to_string(&NoticeView::from(notice)) else { return };
        let text = Utf8Bytes::from(text);
        // Who has missed something is not told any more, and finds out by that.
        listening.ears.retain(|ear| ear.rings.try_send(text.clone()).is_ok());
        if listening.ears.is_empty() {
            people.remove(&notice.user);
        }
    }

    fn forget(&self, user: UserId, number: u64) {
        let mut people = self.lock();
        let Some(listening) = people.get_mut(&user) else { return };
        listening.ears.retain(|ear| ear.number != number);
        if listening.ears.is_empty() {
            people.remove(&user);
        }
    }

    fn lock(&self) -> MutexGuard<'_, FxHashMap<UserId, Listening>> {
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
    use auction_core::notify::{Manner, NoticeFacts, NoticeId, NoticeKind};
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
                manner: Manner::Open,
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
    fn what_another_node_wrote_rings_once() {
        let bell = Arc::new(Bell::default());
        let mut rings = bell.listen(user(1));
        bell.remember(user(1), &[notice(user(1), 4), notice(user(1), 3)]);
        bell.noticed(&[notice(user(1), 5)]);
        assert!(rings.next().now_or_never().unwrap().is_some());
        let changed = Notice { occurrence: 9, ..notice(user(1), 4) };
        for _ in 0..2 {
            let newest = [notice(user(1), 6), notice(user(1), 5), changed.clone(), notice(user(1), 2)];
            bell.compare(user(1), &newest);
        }
        for id in [4, 6] {
            let heard = rings.next().now_or_never().unwrap().unwrap();
            assert!(heard.starts_with(&format!("{{\"id\":{id},")), "{heard}");
        }
        assert!(rings.next().now_or_never().is_none());
        let head = InboxHead { id: NoticeId(6), at: Timestamp::EPOCH };
        assert_eq!(bell.listeners(), [(user(1), Some(head))]);
    }

    #[test]
    fn what_another_node_wrote_before_one_that_rang_here_rings_too() {
        let bell = Arc::new(Bell::default());
        let mut rings = bell.listen(user(1));
        bell.remember(user(1), &[]);
        bell.noticed(&[notice(user(1), 3)]);
        // It was not looked at the inbox yet, so it is.
        assert_eq!(bell.listeners(), [(user(1), None)]);
        bell.compare(user(1), &[notice(user(1), 3), notice(user(1), 2)]);
        for id in [3, 2] {
            let heard = rings.next().now_or_never().unwrap().unwrap();
            assert!(heard.starts_with(&format!("{{\"id\":{id},")), "{heard}");
        }
        assert!(rings.next().now_or_never().is_none());
    }

    #[test]
    fn a_second_socket_takes_nothing_from_the_first() {
        let bell = Arc::new(Bell::default());
        let mut first = bell.listen(user(1));
        bell.remember(user(1), &[notice(user(1), 4)]);
        let _second = bell.listen(user(1));
        bell.remember(user(1), &[notice(user(1), 5), notice(user(1), 4)]);
        let heard = first.next().now_or_never().unwrap().unwrap();
        assert!(heard.starts_with(r#"{"id":5,"#), "{heard}");
        assert!(first.next().now_or_never().is_none());
    }

    #[test]
    fn who_has_gone_is_forgotten() {
        let bell = Arc::new(Bell::default());
        let (gone, stays) = (bell.listen(user(1)), bell.listen(user(1)));
        drop(gone);
        assert_eq!(bell.lock()[&user(1)].ears.len(), 1);
        drop(stays);
        assert!(bell.lock().is_empty());
    }
}
