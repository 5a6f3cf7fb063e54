//! A data folder with people, tokens and auctions.

use super::Result;
use auction_adapters::argon2id::{Argon2id, Argon2idSettings};
use auction_adapters::sqlite::{SqliteAccounts, SqliteOptions, SqliteStore};
use auction_adapters::system::{SystemClock, SystemEntropy};
use auction_core::auction::{Charter, Schedule, TermsDocument};
use auction_core::catalog::Listing;
use auction_core::identity::{Device, Email, Password, PasswordHash, PersonName, Role, SessionStyle, Token};
use auction_core::money::{Amount, Currency};
use auction_core::ports::{
    AccountStore, AuctionStore, Clock, CommitId, Created, NewAccount, NewAuction, NewSession, PasswordHasher,
};
use auction_core::{AuctionId, Span, Timestamp, UserId};
use std::path::Path;
use std::sync::Arc;

/// Everybody may bid without joining, each cent counts.
const TERMS: &str = r#"{"participation":"open","first_bid":"at_least"}"#;
/// How many auctions are created at once.
const CREATED_AT_ONCE: usize = 256;
/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";
/// How long auctions last.
const DAY: Span = Span::from_secs(24 * 60 * 60);

/// Who takes part, and what is sold.
#[derive(Clone, Debug, Default)]
pub struct Stock {
    /// The people, sellers first.
    pub people: Vec<Somebody>,
    /// The auctions.
    pub lots: Vec<Lot>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Somebody {
    /// Who.
    pub id: UserId,
    /// The token.
    pub token: String,
}

/// An auction that is open, for a day, at 5000.00.
#[derive(Clone, Copy, Debug)]
pub struct Lot {
    /// Which.
    pub id: AuctionId,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// People besides the seller.
    pub people: usize,
    /// Auctions.
    pub lots: usize,
}

impl Stock {
    /// Fills a data folder; one that has a database gets more of everything.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub async fn fill(data: &Path, size: Size) -> Result<Self> {
        let path = data.join("auction.db");
        let store = SqliteStore::open(&path, SqliteOptions::default()).await?;
        let accounts = SqliteAccounts::open(&path).await?;
        let stock = Self::put(&store, &accounts, size).await?;
        accounts.close().await;
        store.close().await?;
        Ok(stock)
    }

    /// Fills stores.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub async fn put<S>(store: &S, accounts: &dyn AccountStore, size: Size) -> Result<Self>
    where
        S: AuctionStore + Clone + 'static,
    {
        let mut people = Vec::with_capacity(size.people + 1);
        let hasher = Argon2id::new(Argon2idSettings::DEFAULT, Arc::new(SystemEntropy))?;
        // One for all: nobody guesses it here.
        let hash = hasher.hash(Password::new(PASSWORD.to_owned())?).await?;
        for index in 0..=size.people {
            people.push(person(accounts, index, hash.clone()).await?);
        }
        let lots = lots(store, people[0].id, size.lots).await?;
        Ok(Self { people, lots })
    }

    /// Somebody who may bid.
    pub fn bidder(&self, index: usize) -> &Somebody {
        let bidders = &self.people[1..];
        &bidders[index % bidders.len()]
    }
}

/// Opens auctions, for a day.
///
/// # Errors
/// Where they cannot be written.
pub async fn lots<S>(store: &S, seller: UserId, count: usize) -> Result<Vec<Lot>>
where
    S: AuctionStore + Clone + 'static,
{
    let tomorrow = SystemClock.now().after(DAY);
    let later = |index: usize| Span::from_secs(u32::try_from(index).unwrap_or(0) * 7 % 86_400);
    lots_until(store, seller, count, |index| tomorrow.after(later(index))).await
}

/// Opens auctions that end at these times.
///
/// # Errors
/// Where they cannot be written.
pub async fn lots_until<S>(
    store: &S,
    seller: UserId,
    count: usize,
    ends_at: impl Fn(usize) -> Timestamp,
) -> Result<Vec<Lot>>
where
    S: AuctionStore + Clone + 'static,
{
    let now = SystemClock.now();
    let mut lots = Vec::with_capacity(count);
    let mut left = 0..count;
    loop {
        let portion: Vec<_> = left.by_ref().take(CREATED_AT_ONCE).collect();
        if portion.is_empty() {
            return Ok(lots);
        }
        let mut creating = Vec::with_capacity(portion.len());
        for index in portion {
            let price = Amount::from_minor(100_000 + (index as i64 * 7_919) % 400_000)?;
            let terms = TermsDocument::parse(TERMS)?.terms(Currency::USD, price)?;
            let end = ends_at(index);
            let new = NewAuction {
                commit: CommitId::random(&SystemEntropy),
                charter: Arc::new(Charter::new(seller, Schedule::new(now, end)?, terms)?),
                listing: Listing::new(&format!("Lot {index}: a brass sextant"), &description(index), None)?,
                draft: false,
                // Each a moment after the one before, as people do it.
                at: now.after(Span::from_micros(u32::try_from(index)?)),
            };
            let store = store.clone();
            creating.push(tokio::spawn(async move { store.create(&new).await }));
        }
        for created in creating {
            lots.push(Lot { id: created.await??.id() });
        }
    }
}

fn description(index: usize) -> String {
    format!(
        "Number {index} of a collection, in its fitted case, with two telescopes and a magnifier; signed on the arc, \
         silver scale, some wear to the lacquer. Made about 18{:02}.",
        index % 100
    )
}

/// The address of somebody.
pub fn address(index: usize) -> String {
    format!("bidder{index}@load.example")
}

async fn person(accounts: &dyn AccountStore, index: usize, password_hash: PasswordHash) -> Result<Somebody> {
    let at = SystemClock.now();
    let account = NewAccount {
        email: Email::parse(&address(index))?,
        username: None,
        first_name: PersonName::parse("Bidder")?,
        last_name: PersonName::parse(&format!("Number{index}"))?,
        password_hash,
        is_verified: true,
        role: Role::Client,
        is_seller: true,
        at,
    };
    let Created::Account(account) = accounts.create(&account).await? else {
        return Err("there is somebody with this address".into());
    };
    let token = Token::draw(&SystemEntropy);
    let session = NewSession {
        user: account.id,
        token: token.digest(),
        style: SessionStyle::Opaque,
        device: Device::new("a load generator"),
        at,
        expires_at: at.after(DAY),
    };
    accounts.add_session(&session).await?;
    Ok(Somebody { id: account.id, token: token.reveal() })
}
