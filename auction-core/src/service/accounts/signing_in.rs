//! From a password to a token.

use super::Accounts;
use crate::identity::{
    Account, BanScope, Device, Email, EmailVerification, Password, SESSION_LIFETIME, SessionId, SessionStyle,
    Token, Username,
};
use crate::ports::{Failure, HashError, NewSession};
use crate::time::{Span, Timestamp};
use std::net::{IpAddr, Ipv6Addr};

/// Whom somebody says to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Identifier {
    /// An address.
    Email(Email),
    /// Another name to sign in with.
    Username(Username),
    /// Nobody can have this.
    Nobody,
}

/// From where a request comes. An IPv6 network of 64 bits is one source: whoever has one address of it has them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(Option<IpAddr>);

/// Somebody signs in.
pub struct SignIn {
    /// Whom they say to be.
    pub identifier: Identifier,
    /// What should prove it.
    pub password: Password,
    /// From where.
    pub source: Source,
    /// With what.
    pub device: Device,
}

/// Somebody is signed in.
pub struct SignedIn {
    /// What they show from now on. It is stored nowhere.
    pub token: Token,
    /// The session.
    pub session: SessionId,
    /// Who.
    pub account: Account,
}

/// How far somebody got with the password.
pub enum SignInStep {
    /// All the way.
    Done(Box<SignedIn>),
    /// A code is missing: what to show together with it. It is stored nowhere.
    SecondFactor(Token),
}

/// Why a password proves nothing.
#[derive(Debug)]
pub(super) enum PasswordRefusal {
    /// Too many tries.
    Wait(Span),
    /// It is another.
    Wrong,
    /// It could not be found out.
    Hash(HashError),
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignInRefusal {
    /// Too many tries; the next one has to wait this long. The password was not looked at.
    #[error("too many tries")]
    Wait(Span),
    /// There is no such person, or the password is another.
    #[error("the credentials are wrong")]
    InvalidCredentials,
    /// The password is right, but the address is not confirmed.
    #[error("the address is not verified")]
    NotVerified,
    /// The password is right, but the person is shut out.
    #[error("the account is banned")]
    Banned,
    /// It could not be done.
    #[error(transparent)]
    Hash(#[from] HashError),
}

impl From<Failure> for SignInRefusal {
    fn from(failure: Failure) -> Self {
        Self::Hash(failure.into())
    }
}

impl Identifier {
    /// Reads an address or a name to sign in with.
    pub fn parse(text: &str) -> Self {
        if let Ok(email) = Email::parse(text) {
            return Self::Email(email);
        }
        Username::parse(text).map_or(Self::Nobody, Self::Username)
    }
}

impl Source {
    /// It is not known from where.
    pub const UNKNOWN: Self = Self(None);

    /// The address, or the first 64 bits of one of IPv6; `None` where it is not known.
    pub const fn address(self) -> Option<IpAddr> {
        self.0
    }

    /// The source that this address belongs to.
    pub const fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                Self(Some(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !(u64::MAX as u128)))))
            }
            address @ IpAddr::V4(_) => Self(Some(address)),
        }
    }
}

impl Accounts {
    /// Signs somebody in, or asks for the second factor.
    ///
    /// # Errors
    /// [`SignInRefusal`].
    pub async fn sign_in(&self, sign_in: SignIn, at: Timestamp) -> Result<SignInStep, SignInRefusal> {
        let SignIn { identifier, password, source, device } = sign_in;
        let account = self.proved_by_password(&identifier, password, source, at).await?;
        if account.has_second_factor {
            return Ok(SignInStep::SecondFactor(self.challenge(account.id, at).await?));
        }
        Ok(SignInStep::Done(Box::new(self.begin_session(account, device, at).await?)))
    }

    /// Whose password it is, as often as this may be asked.
    pub(super) async fn proved_by_password(
        &self,
        identifier: &Identifier,
        password: Password,
        source: Source,
        at: Timestamp,
    ) -> Result<Account, SignInRefusal> {
        let account = self.find(identifier).await?;
        let key = limit_key(identifier, account.as_ref());
        let tried = self.sign_ins.begin(key, source, at).await.map_err(SignInRefusal::Wait)?;
        let proved = self.prove(identifier, password, account, at).await;
        match &proved {
            Err(SignInRefusal::Hash(_)) => self.sign_ins.give_back(tried).await,
            Err(SignInRefusal::InvalidCredentials | SignInRefusal::Wait(_)) => {}
            Ok(_) | Err(SignInRefusal::NotVerified | SignInRefusal::Banned) => {
                self.sign_ins.clear(tried).await;
            }
        }
        proved
    }

    /// Whether this is the password of somebody who is signed in, as often as this may be asked.
    pub(super) async fn prove_password(
        &self,
        account: &Account,
        password: Password,
        source: Source,
        at: Timestamp,
    ) -> Result<(), PasswordRefusal> {
        let key = account.email.key().to_owned();
        let tried = self.sign_ins.begin(key, source, at).await.map_err(PasswordRefusal::Wait)?;
        let hash = Some(account.password_hash.clone());
        match self.parts.hasher.verify(password, hash).await {
            Ok(true) => {
                self.sign_ins.clear(tried).await;
                Ok(())
            }
            Ok(false) => Err(PasswordRefusal::Wrong),
            Err(error) => {
                self.sign_ins.give_back(tried).await;
                Err(PasswordRefusal::Hash(error))
            }
        }
    }

    /// Whose name or address it is, verified or not.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn find(&self, identifier: &Identifier) -> Result<Option<Account>, Failure> {
        match identifier {
            Identifier::Email(email) => self.parts.store.account_by_email(email).await,
            Identifier::Username(username) => self.parts.store.account_by_username(username).await,
            Identifier::Nobody => Ok(None),
        }
    }

    /// Whose password it is. A wrong one is compared twice, also where there is nothing to compare it with: with
    /// the account, and with the registration that waits for its code.
    async fn prove(
        &self,
        identifier: &Identifier,
        password: Password,
        account: Option<Account>,
        at: Timestamp,
    ) -> Result<Account, SignInRefusal> {
        let hasher = &self.parts.hasher;
        let is_required = self.parts.email_verification == EmailVerification::Required;
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        if hasher.verify(password.clone(), hash).await?
            && let Some(account) = account
        {
            return match account {
                account if account.is_banned_from(BanScope::Everything, at) => Err(SignInRefusal::Banned),
                Account { is_verified: false, .. } if is_required => Err(SignInRefusal::NotVerified),
                account => Ok(account),
            };
        }
        let registration = match identifier {
            Identifier::Email(email) => self.parts.store.registration(email).await?,
            Identifier::Username(_) | Identifier::Nobody => None,
        };
        let hash =
            registration.and_then(|waiting| waiting.applicant).map(|applicant| applicant.password_hash);
        let is_waiting = hasher.verify(password, hash).await?;
        Err(if is_waiting { SignInRefusal::NotVerified } else { SignInRefusal::InvalidCredentials })
    }

    pub(super) async fn begin_session(
        &self,
        account: Account,
        device: Device,
        at: Timestamp,
    ) -> Result<SignedIn, Failure> {
        let token = Token::draw(&*self.parts.entropy);
        let expires_at = at.after(SESSION_LIFETIME);
        let (user, token_digest, style) = (account.id, token.digest(), SessionStyle::Opaque);
        let session = NewSession { user, token: token_digest, style, device, at, expires_at };
        let session = self.parts.store.add_session(&session).await?;
        Ok(SignedIn { token, session, account })
    }
}

/// An account that is found has one key under all its names.
fn limit_key(identifier: &Identifier, account: Option<&Account>) -> String {
    match (account, identifier) {
        (Some(account), _) => account.email.key().to_owned(),
        (None, Identifier::Email(email)) => email.key().to_owned(),
        (None, Identifier::Username(username)) => username.key().to_owned(),
        (None, Identifier::Nobody) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_source() {
        let source = |text: &str| Source::of(text.parse().unwrap());
        assert_eq!(source("2001:db8::1"), source("2001:db8::ffff:1"));
        assert_ne!(source("2001:db8::1"), source("2001:db8:0:1::1"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
        assert_ne!(source("192.0.2.2"), source("192.0.2.1"));
    }

    #[test]
    fn an_identifier_is_an_address_a_name_or_nobody() {
        assert!(matches!(Identifier::parse("A@b.co"), Identifier::Email(_)));
        assert!(matches!(Identifier::parse("ann_1"), Identifier::Username(_)));
        assert_eq!(Identifier::parse("a@b@c"), Identifier::Nobody);
    }
}
