//! The tables of accounts, by every case that there is, and what several nodes do to them at once.

mod addresses;
mod audit;
mod codes;
mod sessions;

use super::place::{TestDatabase, Way, at_once, block_on};
use crate::postgres::PostgresAccounts;
use auction_core::identity::{
    Account, CodeDigest, CodeId, Device, Email, LiveCode, PasswordHash, PersonName, Role, SessionStyle,
    TokenDigest, Username,
};
use auction_core::ports::{AccountStore, Created, FailureKind, NewAccount, NewSession};
use auction_core::{Timestamp, UserId};
use std::future::Future;

/// The accounts of a database of its own.
struct Place {
    store: PostgresAccounts,
    database: TestDatabase,
}

impl std::ops::Deref for Place {
    type Target = PostgresAccounts;
    fn deref(&self) -> &PostgresAccounts {
        &self.store
    }
}

async fn place(way: Way) -> Place {
    let database = TestDatabase::new().await;
    Place { store: PostgresAccounts::new(&database.open_by(way).await.unwrap()), database }
}

/// Every case, by one of the ways to a database.
macro_rules! cases {
    ($way:expr) => {
        auction_core::account_cases!(block_on, place($way).await);
        auction_core::credential_cases!(block_on, place($way).await);
        auction_core::standing_cases!(block_on, place($way).await);
        auction_core::profile_cases!(block_on, place($way).await);
        auction_core::admission_cases!(block_on, place($way).await);
        auction_core::audit_cases!(block_on, place($way).await);
    };
}

mod direct {
    use super::*;

    cases!(Way::Direct);
}

mod pooled {
    use super::*;

    cases!(Way::Pooled);
}

/// Two nodes with one database; the second stands behind a pooler.
struct Nodes {
    first: PostgresAccounts,
    second: PostgresAccounts,
    database: TestDatabase,
}

impl Nodes {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let first = PostgresAccounts::new(&database.open().await);
        let second = PostgresAccounts::new(&database.open_by(Way::Pooled).await.unwrap());
        Self { first, second, database }
    }

    /// Does so many things at once, on both nodes by turns.
    async fn at_once<T, F>(&self, count: usize, job: impl Fn(PostgresAccounts, usize) -> F) -> Vec<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        at_once([&self.first, &self.second], count, job).await
    }

    /// Somebody whose address is verified.
    async fn person(&self, address: &str, username: Option<&str>) -> Account {
        match self.first.create(&new_account(address, username, true)).await.unwrap() {
            Created::Account(account) => *account,
            other => panic!("{other:?}"),
        }
    }
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn new_account(address: &str, username: Option<&str>, is_verified: bool) -> NewAccount {
    let name = PersonName::parse("Ann").unwrap();
    NewAccount {
        email: email(address),
        username: username.map(|name| Username::parse(name).unwrap()),
        first_name: name.clone(),
        last_name: name,
        password_hash: PasswordHash::new("x".to_owned()),
        is_verified,
        role: Role::Client,
        is_seller: false,
        at: Timestamp::EPOCH,
    }
}

fn code(byte: u8) -> LiveCode {
    LiveCode {
        id: CodeId::from_bytes([byte; 16]),
        digest: CodeDigest::from_bytes([byte; 32]),
        expires_at: Timestamp::MAX,
        attempts: 0,
    }
}

fn token(byte: usize) -> TokenDigest {
    TokenDigest::from_bytes([u8::try_from(byte).unwrap(); 32])
}

fn session(user: UserId, byte: usize) -> NewSession {
    NewSession {
        user,
        token: token(byte),
        style: SessionStyle::Refreshed,
        device: Device::new("a browser"),
        at: Timestamp::EPOCH,
        expires_at: Timestamp::MAX,
    }
}

fn count(answers: &[bool]) -> usize {
    answers.iter().filter(|answer| **answer).count()
}

#[tokio::test]
async fn a_row_that_makes_no_sense_is_named() {
    let place = place(Way::Direct).await;
    let statement = "INSERT INTO accounts (email, email_key, first_name, last_name, \
        password_hash, is_verified, role, created_at) \
        VALUES ('a@b.co', 'a@b.co', 'A', 'B', 'x', TRUE, 'king', 0)";
    sqlx::query(statement).execute(&mut place.database.connection().await).await.unwrap();
    let failure = place.account_by_email(&email("a@b.co")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Corrupt);
    assert_eq!(failure.source.unwrap().to_string(), "accounts.role of id 1 makes no sense");
}
