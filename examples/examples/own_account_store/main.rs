//! The identity room on a store of one's own: `cargo run -p auction-examples --example own_account_store`.
//!
//! [`Accounts`] brings registration, codes, sign-in, second factors and bans; where people are kept is the host's
//! affair. The store here writes a card for each person and keeps them in a map; a host would write them into
//! whatever database it has. That it is right is not a matter of opinion: the package's tests run every case of
//! the accounts' conformance suite against it, and so should those of every such store.
//!
//! | file | holds |
//! |---|---|
//! | `cards` | the store, and what a card holds |
//! | `accounts` | the ports for accounts, registrations and sessions, and for what people say about themselves |
//! | `proofs` | the ports for authenticators, tickets and mailed codes |
//! | `changes` | the ports for changes of how people sign in, and of what they may do |

mod accounts;
mod cards;
mod changes;
mod proofs;

pub(crate) use cards::Cards;

use auction_adapters::argon2id::{Argon2id, Argon2idSettings};
use auction_adapters::system::SystemEntropy;
use auction_core::identity::{
    Code, CodeKey, Device, Email, EmailVerification, Password, PersonName, RefreshPolicy, SealKey,
    SellerPolicy,
};
use auction_core::memory::{MemoryLimiter, RecordingMailer};
use auction_core::ports::{AccountStore, Entropy};
use auction_core::service::accounts::{
    AccountLimits, Accounts, AccountsParts, Identifier, Register, SignIn, SignInRefusal, SignInStep, Source,
};
use auction_core::{Span, Timestamp};
use std::error::Error;
use std::sync::Arc;

/// What became of somebody who registered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Visit {
    /// To sign in before the address was confirmed, or with another password, was refused.
    pub(crate) refused: usize,
    /// Their number in the store.
    pub(crate) number: u64,
    /// Whether the store knows the token that they were given.
    pub(crate) is_signed_in: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let noon = "2026-01-01T12:00:00Z".parse()?;
    let Visit { refused, number, is_signed_in } = visit(Arc::new(Cards::default()), noon).await?;
    println!("{refused} sign-ins were refused; user {number} is signed in: {is_signed_in}");
    Ok(())
}

/// Somebody registers, confirms the address, and signs in.
pub(crate) async fn visit(store: Arc<Cards>, noon: Timestamp) -> Result<Visit, Box<dyn Error>> {
    let mailer = Arc::new(RecordingMailer::default());
    let accounts = accounts_over(store.clone(), mailer.clone())?;
    let email = Email::parse("ann@example.com")?;
    let password = || Password::new("correct horse battery".to_owned());

    let register = Register {
        email: email.clone(),
        password: password()?,
        first_name: PersonName::parse("Ann")?,
        last_name: PersonName::parse("Lee")?,
        username: None,
    };
    accounts.register(register, noon).await?;
    let mut refused = usize::from(!enter(&accounts, &email, password()?, noon).await?);

    // A host sends the mail; here the code is read out of it.
    let mail = mailer.take().pop().ok_or("no mail was sent")?;
    let word = mail.text.split(|letter: char| !letter.is_ascii_digit()).find(|word| word.len() == 6);
    let code = Code::parse(word.ok_or("no code stands in the mail")?)?;
    let soon = noon.after(Span::from_secs(60));
    let account = accounts.verify(&email, &code, soon).await?;

    let wrong = Password::new("incorrect horse battery".to_owned())?;
    refused += usize::from(!enter(&accounts, &email, wrong, soon).await?);
    let is_signed_in = enter(&accounts, &email, password()?, soon).await?
        && !store.sessions(account.id, soon).await?.is_empty();
    Ok(Visit { refused, number: account.id.number(), is_signed_in })
}

/// The identity room over a store.
fn accounts_over(store: Arc<Cards>, mailer: Arc<RecordingMailer>) -> Result<Accounts, Box<dyn Error>> {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    // A host keeps its secret, since nothing that was made with it is worth anything with another one.
    let mut secret = [0; 32];
    entropy.fill(&mut secret);
    Ok(Accounts::new(AccountsParts {
        store,
        mailer,
        hasher: Arc::new(Argon2id::new(Argon2idSettings::DEFAULT, entropy.clone())?),
        entropy,
        code_key: Arc::new(CodeKey::derive(&secret)),
        seal_key: Arc::new(SealKey::derive(&secret)),
        site_url: "https://auctions.example.com".into(),
        email_verification: EmailVerification::default(),
        sellers: SellerPolicy::Open,
        refresh_tokens: RefreshPolicy::Rotating,
        limits: AccountLimits::DEFAULT,
        limiter: Arc::new(MemoryLimiter::new()),
    }))
}

/// Whether somebody gets in.
async fn enter(
    accounts: &Accounts,
    email: &Email,
    password: Password,
    at: Timestamp,
) -> Result<bool, Box<dyn Error>> {
    let identifier = Identifier::Email(email.clone());
    let sign_in = SignIn { identifier, password, source: Source::UNKNOWN, device: Device::new("example") };
    match accounts.sign_in(sign_in, at).await {
        Ok(SignInStep::Done(_)) => Ok(true),
        Ok(SignInStep::SecondFactor(_)) => Ok(false),
        Err(SignInRefusal::InvalidCredentials | SignInRefusal::NotVerified) => Ok(false),
        Err(refusal) => Err(refusal.into()),
    }
}
