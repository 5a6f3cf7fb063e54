//! The tables of accounts, by every case that there is and a few of their own.

use crate::sqlite::SqliteAccounts;
use auction_core::Timestamp;
use auction_core::identity::{
    Applicant, Ban, BanScope, CodeDigest, CodeId, Email, LiveCode, Note, PasswordHash, PersonName, Profile,
    Registration, Selling,
};
use auction_core::ports::{AccountStore, FailureKind, ProfileStore};
use futures_util::future::join_all;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

/// A database in a file, so that the pool can have several connections.
struct Place {
    store: SqliteAccounts,
    _folder: tempfile::TempDir,
}

impl std::ops::Deref for Place {
    type Target = SqliteAccounts;
    fn deref(&self) -> &SqliteAccounts {
        &self.store
    }
}

async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteAccounts::open(folder.path().join("auction.db")).await.unwrap();
    Place { store, _folder: folder }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

auction_core::account_cases!(block_on, place().await);
auction_core::credential_cases!(block_on, place().await);
auction_core::standing_cases!(block_on, place().await);
auction_core::profile_cases!(block_on, place().await);
auction_core::admission_cases!(block_on, place().await);
auction_core::audit_cases!(block_on, place().await);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_five_attempts_are_counted_and_one_confirms() {
    let (place, ann) = (place().await, Email::parse("ann@example.com").unwrap());
    let name = PersonName::parse("Ann").unwrap();
    let applicant = Applicant {
        username: None,
        first_name: name.clone(),
        last_name: name,
        password_hash: PasswordHash::new("x".to_owned()),
    };
    let code = LiveCode {
        id: CodeId::from_bytes([1; 16]),
        digest: CodeDigest::from_bytes([1; 32]),
        expires_at: Timestamp::MAX,
        attempts: 0,
    };
    let registration =
        Registration { email: ann.clone(), applicant: Some(applicant), code, at: Timestamp::EPOCH };
    place.register(&registration).await.unwrap();
    let spawn = |_| {
        let (store, ann) = (place.store.clone(), ann.clone());
        tokio::spawn(async move { store.attempt(&ann).await.unwrap().is_some() })
    };
    let counted = join_all((0..20).map(spawn)).await;
    assert_eq!(counted.into_iter().filter(|counted| *counted.as_ref().unwrap()).count(), 5);
    let spawn = |_| {
        let (store, ann) = (place.store.clone(), ann.clone());
        tokio::spawn(async move { store.confirm(&ann, code.id, Timestamp::EPOCH).await.unwrap().is_some() })
    };
    let confirmed = join_all((0..20).map(spawn)).await;
    assert_eq!(confirmed.into_iter().filter(|confirmed| *confirmed.as_ref().unwrap()).count(), 1);
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date_with_its_people() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auction.db");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = SqlitePoolOptions::new().connect_with(options).await.unwrap();
    let first = include_str!("../../../migrations/sqlite/0100_accounts.sql");
    sqlx::raw_sql(first).execute(&pool).await.unwrap();
    let statement = "INSERT INTO accounts (email, email_key, first_name, last_name, phone, address, \
        password_hash, is_verified, role, is_seller, is_banned, created_at) \
        VALUES ('a@b.co', 'a@b.co', 'A', 'B', '+1 555', 'Street 1', 'x', 1, 'client', 1, 1, 0)";
    sqlx::query(statement).execute(&pool).await.unwrap();
    pool.close().await;
    for _ in 0..2 {
        let store = SqliteAccounts::open(&path).await.unwrap();
        let account = store.account_by_email(&Email::parse("a@b.co").unwrap()).await.unwrap().unwrap();
        assert!(!account.has_second_factor);
        assert_eq!(account.selling, Selling::Allowed);
        let expected = Ban { scope: BanScope::Everything, until: None, reason: Note::default() };
        assert_eq!(account.ban, Some(expected));
        let (phone, address) = (Note::parse("+1 555").unwrap(), Note::parse("Street 1").unwrap());
        let profile = Profile { phone, address, ..Profile::default() };
        assert_eq!(store.profile(account.id).await.unwrap(), Some(profile));
        store.close().await;
    }
}

#[tokio::test]
async fn a_row_that_makes_no_sense_is_named() {
    let place = place().await;
    let statement = "INSERT INTO accounts (email, email_key, first_name, last_name, \
        password_hash, is_verified, role, created_at) \
        VALUES ('a@b.co', 'a@b.co', 'A', 'B', 'x', 1, 'king', 0)";
    let mut draft = place.pen.begin("spoil a row").await.unwrap();
    sqlx::query(statement).execute(&mut *draft).await.unwrap();
    draft.commit().await.unwrap();
    let failure = place.account_by_email(&Email::parse("a@b.co").unwrap()).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Corrupt);
    assert_eq!(failure.source.unwrap().to_string(), "accounts.role of id 1 makes no sense");
}
