//! Carries a commission out.

use super::Commission;
use crate::parts::Parts;
use crate::samples::{Order, Season, StockError, stock};
use auction_core::UserId;
use auction_core::auction::TermsDocument;
use auction_core::identity::{Email, Password, PersonName};
use auction_core::ports::{Entropy, Failure};
use auction_core::service::accounts::{AdminRefusal, NewAdmin};
use std::fmt::Write;

/// Who sells sample auctions: an account of the house, made with the first of them. No mail can reach it, and nobody
/// knows its password.
pub const HOUSE_EMAIL: &str = "house@auction.invalid";

/// The random bytes of its password.
const PASSWORD_BYTES: usize = 24;

/// Why a commission was not carried out, or not to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FillError {
    /// The seller's account.
    #[error("the account {HOUSE_EMAIL}: {0}")]
    Seller(String),
    /// The auctions.
    #[error("{}", with_cause(.0))]
    Stock(#[from] StockError),
}

/// Makes the auctions of a commission, and answers how many; `made` is told of each. It is for whoever holds the lock
/// of the database.
///
/// # Errors
/// The first thing that goes wrong. What was made before stays.
pub async fn fill(
    parts: &Parts,
    commission: &Commission,
    mut made: impl FnMut(usize) + Send,
) -> Result<usize, FillError> {
    let now = parts.clock.now();
    let order = Order {
        kinds: commission.kinds().to_vec(),
        count: commission.count() as usize,
        pictures: 1,
        season: Season::Ahead { days: commission.days_ahead(), hours: commission.duration_hours() },
        seller: seller(parts).await?,
        currency: parts.settings.currency,
        terms: parts.settings.default_terms.clone(),
        varied: |_, _| TermsDocument::default(),
        now,
        seed: now.micros().unsigned_abs(),
    };
    let mut count = 0;
    let (auctions, catalog, entropy) = (&*parts.auctions, &*parts.catalog, &*parts.entropy);
    stock(auctions, catalog, entropy, &parts.settings.media_dir, &order, |auction| {
        if let Some(deadline) = auction.deadline() {
            parts.desk.expect(deadline);
        }
        count += 1;
        made(count);
    })
    .await?;
    Ok(count)
}

/// The house's own account, made where it is missing.
async fn seller(parts: &Parts) -> Result<UserId, FillError> {
    let wrong = |error: &dyn std::fmt::Display| FillError::Seller(error.to_string());
    let failed = |failure: Failure| FillError::Seller(crate::server::with_causes(&failure));
    let email = Email::parse(HOUSE_EMAIL).map_err(|error| wrong(&error))?;
    let accounts = parts.people.accounts();
    if let Some(known) = accounts.account_by_email(&email).await.map_err(failed)? {
        return Ok(known.id);
    }
    let new = NewAdmin {
        email: email.clone(),
        password: Password::new(password(&*parts.entropy)).map_err(|error| wrong(&error))?,
        first_name: PersonName::parse("Auction").map_err(|error| wrong(&error))?,
        last_name: PersonName::parse("House").map_err(|error| wrong(&error))?,
    };
    match accounts.create_member(new, parts.clock.now()).await {
        Ok(account) => Ok(account.id),
        // Somebody else was quicker.
        Err(AdminRefusal::EmailTaken) => {
            let known = accounts.account_by_email(&email).await.map_err(failed)?;
            known.map(|account| account.id).ok_or_else(|| wrong(&"is there and is not there"))
        }
        Err(refusal) => Err(wrong(&refusal)),
    }
}

fn password(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; PASSWORD_BYTES];
    entropy.fill(&mut bytes);
    let mut text = String::with_capacity(2 * PASSWORD_BYTES);
    for byte in bytes {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn with_cause(error: &StockError) -> String {
    match error {
        StockError::Store(failure) => crate::server::with_causes(failure),
        error => error.to_string(),
    }
}
