//! What every [`BlobStore`] does: one function for each case.
//!
//! [`blob_cases!`](crate::blob_cases) expands to one test for each of them.

use super::futures::all;
use crate::ports::{BlobName, BlobStore};

/// Expands to one test for each case.
///
/// Takes the path of a function that runs a future to its end, and an expression, which may await, for an empty
/// store that is dereferenced.
#[macro_export]
macro_rules! blob_cases {
    ($block_on:path, $place:expr) => {
        $crate::blob_cases! {
            @each $block_on, $place,
            what_was_put_is_read_again
            a_name_is_given_once
            of_many_that_come_at_once_one_wins
            what_is_not_there_is_nothing
            what_was_removed_is_gone_and_its_name_is_free
        }
    };
    (@each $block_on:path, $place:expr, $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $block_on(async {
                    let place = $place;
                    $crate::conformance::blobs::$name(&*place).await;
                });
            }
        )*
    };
}

/// More than is written at once anywhere, in bytes.
const LARGE: usize = 3 << 20;

fn name(text: &str) -> BlobName {
    BlobName::parse(text).expect("invariant: the cases use valid names")
}

async fn read(store: &dyn BlobStore, blob: &str) -> Option<Vec<u8>> {
    store.read(&name(blob)).await.expect("the store answers")
}

async fn put(store: &dyn BlobStore, blob: &str, content: &[u8]) -> bool {
    store.put(&name(blob), content.to_vec()).await.expect("the store answers")
}

/// Byte by byte, whatever it is, and each under its own name.
pub async fn what_was_put_is_read_again(store: &dyn BlobStore) {
    let large: Vec<u8> = (0..LARGE).map(|place| (place % 251) as u8).collect();
    let blobs: [(&str, &[u8]); 6] = [
        ("a.png", b"\0\xff\r\n\x1a"),
        ("one/a.png", b""),
        ("two/a.png", b"two"),
        ("two/a.png.jpg", b"another name"),
        ("one/two/three/a.png", b"deep"),
        ("one/large.jpg", &large),
    ];
    for (blob, content) in blobs {
        assert!(put(store, blob, content).await, "{blob}");
    }
    for (blob, content) in blobs {
        assert!(read(store, blob).await.as_deref() == Some(content), "{blob}");
    }
}

/// The second one changes nothing.
pub async fn a_name_is_given_once(store: &dyn BlobStore) {
    assert!(put(store, "one/a.png", b"first").await);
    assert!(!put(store, "one/a.png", b"second, and longer").await);
    assert_eq!(read(store, "one/a.png").await.as_deref(), Some(&b"first"[..]));
}

/// And the others are told.
pub async fn of_many_that_come_at_once_one_wins(store: &dyn BlobStore) {
    let contents: Vec<Vec<u8>> = (0..8_u8).map(|byte| vec![byte; 1_000 * (1 + usize::from(byte))]).collect();
    let won = all(contents.iter().map(|content| put(store, "a/b/c.jpg", content))).await;
    let winners: Vec<_> = won.iter().zip(&contents).filter(|(won, _)| **won).collect();
    assert_eq!(winners.len(), 1);
    assert!(read(store, "a/b/c.jpg").await.as_ref() == Some(winners[0].1));
}

/// Neither a name nor a folder.
pub async fn what_is_not_there_is_nothing(store: &dyn BlobStore) {
    assert!(put(store, "one.d/a.png", b"a").await);
    for blob in ["b.png", "one.d/b.png", "one.d", "one.d/a.png/b.png", "two/a.png"] {
        assert_eq!(read(store, blob).await, None, "{blob}");
    }
    for blob in ["b.png", "one.d/b.png", "two/a.png"] {
        assert!(!store.remove(&name(blob)).await.expect("the store answers"), "{blob}");
    }
    assert_eq!(read(store, "one.d/a.png").await.as_deref(), Some(&b"a"[..]));
}

/// Its neighbours stay.
pub async fn what_was_removed_is_gone_and_its_name_is_free(store: &dyn BlobStore) {
    assert!(put(store, "one/a.png", b"first").await);
    assert!(put(store, "one/b.png", b"neighbour").await);
    assert!(store.remove(&name("one/a.png")).await.expect("the store answers"));
    assert_eq!(read(store, "one/a.png").await, None);
    assert!(!store.remove(&name("one/a.png")).await.expect("the store answers"));
    assert!(put(store, "one/a.png", b"second").await);
    assert_eq!(read(store, "one/a.png").await.as_deref(), Some(&b"second"[..]));
    assert_eq!(read(store, "one/b.png").await.as_deref(), Some(&b"neighbour"[..]));
}
