//! Who writes to one file at the same time.

use super::scene::new_auction;
use super::{InDirectory, block_on};
use crate::sqlite::turn::Turn;
use crate::sqlite::{SqliteAccounts, SqliteOptions, SqliteReader, SqliteStore};
use auction_core::identity::{CodeDigest, CodeId, Email, LiveCode};
use auction_core::ports::{AccountStore, AuctionStore, Wanted};
use auction_core::{AuctionId, Timestamp};
use futures_util::FutureExt as _;
use std::path::Path;

/// How often somebody looks whether others wrote.
const LOOKS: usize = 200;

#[test]
fn writers_of_one_file_are_let_in_as_they_came_whatever_they_call_it() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let early = Turn::of(&place.path());
        std::fs::write(place.path(), "").unwrap();
        let other_name = place.directory.path().join(".").join("auctions.db");
        let link = place.directory.path().join("link.db");
        std::os::unix::fs::symlink(place.path(), &link).unwrap();
        let taken = early.take().await;
        let turns = [Turn::of(&other_name), Turn::of(&link), Turn::of(&place.path())];
        let [mut first, mut second, mut third] = turns.each_ref().map(|turn| Box::pin(turn.take()));
        assert!((&mut second).now_or_never().is_none());
        assert!((&mut first).now_or_never().is_none());
        drop(taken);
        assert!((&mut third).now_or_never().is_none(), "who comes last has to wait");
        assert!((&mut first).now_or_never().is_none(), "second came before");
        drop((&mut second).now_or_never().expect("it is the second's turn"));
        drop((&mut first).now_or_never().expect("it is the first's turn"));
        drop((&mut third).now_or_never().expect("it is the third's turn"));
        let elsewhere = Turn::of(Path::new("elsewhere.db"));
        let _taken = early.take().await;
        assert!(elsewhere.take().now_or_never().is_some(), "another file has a line of its own");
    });
}

#[test]
fn auctions_and_accounts_stand_in_one_line() {
    block_on(async {
        let place = InDirectory::new(SqliteOptions::default());
        let store = SqliteStore::open(place.path(), place.options.clone()).await.unwrap();
        let accounts = SqliteAccounts::open(place.path()).await.unwrap();
        let mut reader = SqliteReader::open(place.path()).await.unwrap();
        let ann = Email::parse("ann@example.com").unwrap();
        let code = LiveCode {
            id: CodeId::from_bytes([1; 16]),
            digest: CodeDigest::from_bytes([1; 32]),
            expires_at: Timestamp::MAX,
            attempts: 0,
        };
        let taken = Turn::of(&place.path()).take().await;
        let created = tokio::spawn({
            let store = store.clone();
            async move { store.create(&new_auction(1)).await.unwrap() }
        });
        let renewed = tokio::spawn({
            let (accounts, ann) = (accounts.clone(), ann.clone());
            async move { accounts.renew_code(&ann, &code, Timestamp::EPOCH).await.unwrap() }
        });
        let signed_out = tokio::spawn({
            let accounts = accounts.clone();
            async move { accounts.forget(Timestamp::EPOCH, Timestamp::EPOCH).await.unwrap() }
        });
        let wanted = Wanted { auctions: vec![AuctionId::new(1).unwrap()], ..Wanted::NOTHING };
        for _ in 0..LOOKS {
            assert_eq!(reader.load(&wanted).await.unwrap().auctions, [None]);
            assert!(accounts.registration(&ann).await.unwrap().is_none());
            assert!(!signed_out.is_finished());
        }
        drop(taken);
        created.await.unwrap();
        assert!(renewed.await.unwrap().is_some());
        signed_out.await.unwrap();
    });
}
