//! How news is written into a message.
//!
//! A message is one byte for the version of the form, 16 for the node that tells, and then news after news: a byte for
//! its kind, and its numbers as 8 bytes each, the highest first. Who does not know a version or a kind ignores the message
//! whole; nothing depends on any.

use auction_core::ports::News;
use auction_core::{AuctionId, UserId};

/// The version of the form that is written and read.
const VERSION: u8 = 1;

/// How many news one message carries.
pub(super) const NEWS_PER_MESSAGE_MAX: usize = 1_024;

const AUCTION: u8 = 1;
const INBOX: u8 = 2;
const PERSON: u8 = 3;

const NODE_BYTES: usize = 16;
const NUMBER_BYTES: usize = 8;

/// The longest of them: a kind and two numbers.
const NEWS_BYTES_MAX: usize = 1 + 2 * NUMBER_BYTES;

/// How long a message is at most: 17 KiB.
const MESSAGE_BYTES_MAX: usize = 1 + NODE_BYTES + NEWS_PER_MESSAGE_MAX * NEWS_BYTES_MAX;

/// A node, by a number that it draws when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(pub(super) [u8; NODE_BYTES]);

/// Why a message is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("it has another form, of version {0}")]
    Version(u8),
    #[error("it has no form that is known")]
    Form,
}

/// Writes a message; of more than [`NEWS_PER_MESSAGE_MAX`] the rest is left out.
pub(super) fn write(node: NodeId, news: &[News]) -> Vec<u8> {
    let news = &news[..news.len().min(NEWS_PER_MESSAGE_MAX)];
    let mut message = Vec::with_capacity(1 + NODE_BYTES + news.len() * NEWS_BYTES_MAX);
    message.push(VERSION);
    message.extend(node.0);
    for one in news {
        match one {
            News::Auction { auction, version } => {
                message.push(AUCTION);
                message.extend(auction.number().to_be_bytes());
                message.extend(version.to_be_bytes());
            }
            News::Inbox(user) => {
                message.push(INBOX);
                message.extend(user.number().to_be_bytes());
            }
            News::Person(user) => {
                message.push(PERSON);
                message.extend(user.number().to_be_bytes());
            }
            // A kind that came later and has no form yet.
            _ => {}
        }
    }
    message
}

/// Reads a message whole, or not at all.
pub(super) fn read(message: &[u8]) -> Result<(NodeId, Vec<News>), Unreadable> {
    let (version, rest) = message.split_first().ok_or(Unreadable::Form)?;
    if *version != VERSION {
        return Err(Unreadable::Version(*version));
    }
    if message.len() > MESSAGE_BYTES_MAX {
        return Err(Unreadable::Form);
    }
    let (node, mut rest) = rest.split_first_chunk().ok_or(Unreadable::Form)?;
    let mut news = Vec::new();
    while !rest.is_empty() {
        if news.len() == NEWS_PER_MESSAGE_MAX {
            return Err(Unreadable::Form);
        }
        news.push(read_one(&mut rest).ok_or(Unreadable::Form)?);
    }
    Ok((NodeId(*node), news))
}

fn read_one(rest: &mut &[u8]) -> Option<News> {
    let (kind, numbers) = rest.split_first()?;
    *rest = numbers;
    match *kind {
        AUCTION => {
            let auction = AuctionId::new(number(rest)?).ok()?;
            Some(News::Auction { auction, version: number(rest)? })
        }
        INBOX => UserId::new(number(rest)?).ok().map(News::Inbox),
        PERSON => UserId::new(number(rest)?).ok().map(News::Person),
        _ => None,
    }
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (bytes, after) = rest.split_first_chunk::<NUMBER_BYTES>()?;
    *rest = after;
    Some(u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use auction_core::ID_MAX;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn news() -> impl Strategy<Value = News> {
        let user = || (1..=ID_MAX).prop_map(|number| UserId::new(number).unwrap());
        prop_oneof![
            ((1..=ID_MAX), any::<u64>()).prop_map(|(auction, version)| News::Auction {
                auction: AuctionId::new(auction).unwrap(),
                version
            }),
            user().prop_map(News::Inbox),
            user().prop_map(News::Person),
        ]
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(node: [u8; NODE_BYTES], news in vec(news(), 0..NEWS_PER_MESSAGE_MAX)) {
            let message = write(NodeId(node), &news);
            prop_assert!(message.len() <= MESSAGE_BYTES_MAX);
            prop_assert_eq!(read(&message), Ok((NodeId(node), news)));
        }

        #[test]
        fn whatever_arrives_is_read_or_refused(message in vec(any::<u8>(), 0..256)) {
            let _ = read(&message);
        }

        /// What is read writes itself as it was: there is one form for everything.
        #[test]
        fn a_message_that_was_changed_is_another_one_or_none(
            news in vec(news(), 1..8), place: prop::sample::Index, byte: u8, cut: prop::sample::Index,
        ) {
            let mut message = write(NodeId([7; NODE_BYTES]), &news);
            let place = place.index(message.len());
            message[place] = byte;
            message.truncate(cut.index(message.len()) + 1);
            if let Ok((node, news)) = read(&message) {
                prop_assert_eq!(write(node, &news), message);
            }
        }
    }

    #[test]
    fn other_versions_and_forms_are_refused() {
        let node = NodeId([7; NODE_BYTES]);
        let message = write(node, &[News::Inbox(UserId::new(1).unwrap())]);
        let with = |place: usize, byte| {
            let mut message = message.clone();
            message[place] = byte;
            message
        };
        assert_eq!(read(b""), Err(Unreadable::Form));
        assert_eq!(read(&with(0, 2)), Err(Unreadable::Version(2)));
        assert_eq!(read(&with(1 + NODE_BYTES, 9)), Err(Unreadable::Form));
        let last = message.len() - 1;
        assert_eq!(read(&with(last, 0)), Err(Unreadable::Form));
        assert_eq!(read(&message[..last]), Err(Unreadable::Form));
        assert_eq!(read(&write(node, &[])), Ok((node, Vec::new())));
    }

    #[test]
    fn one_message_carries_only_so_many() {
        let node = NodeId([7; NODE_BYTES]);
        let inbox = News::Inbox(UserId::new(1).unwrap());
        let mut message = write(node, &[inbox; NEWS_PER_MESSAGE_MAX + 1]);
        assert_eq!(read(&message).unwrap().1.len(), NEWS_PER_MESSAGE_MAX);
        message.extend_from_within(1 + NODE_BYTES..2 + NODE_BYTES + NUMBER_BYTES);
        assert_eq!(read(&message), Err(Unreadable::Form));
    }
}
