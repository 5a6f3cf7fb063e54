//! From an address to an account.

use super::trying::Counted;
use super::{Accounts, REGISTRATION_KEPT, mails};
use crate::identity::{
    Account, Applicant, Code, CodeVerdict, Email, EmailVerification, LiveCode, Password, PasswordFlaw,
    PersonName, Registration, Role, Username,
};
use crate::ports::{Created, Failure, HashError, LimitKey, NewAccount};
use crate::time::{Span, Timestamp};

/// Somebody registers.
pub struct Register {
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// The first name.
    pub first_name: PersonName,
    /// The last name.
    pub last_name: PersonName,
    /// Another name to sign in with.
    pub username: Option<Username>,
}

/// What became of a registration. From outside all of them look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// A code was mailed, or an owner was told.
    CodeMailed,
    /// The house asks for no proof: there is an account.
    Created,
    /// The house asks for no proof, but somebody has the address: nothing was written.
    Known,
}

/// Why somebody is not registered. The first that applies is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterRefusal {
    /// The password is bad.
    #[error("the password is not good enough")]
    Password(Vec<PasswordFlaw>),
    /// Somebody has the name to sign in with.
    #[error("the user name is taken")]
    UsernameTaken,
    /// This address got many mails; try again after this time.
    #[error("too many mails to one address")]
    Wait(Span),
    /// It could not be done.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// Why an address is not verified.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyRefusal {
    /// There is no such code for this address.
    #[error("the code is wrong")]
    Invalid,
    /// It was the code.
    #[error("the code has expired")]
    Expired,
    /// It could not be done.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Why no new code is sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResendRefusal {
    /// The code before can still be entered.
    #[error("the code before is still valid")]
    StillValid,
    /// This address got many mails; try again after this time.
    #[error("too many mails to one address")]
    Wait(Span),
    /// It could not be done.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// A code that takes the place of one that is dead. It is told to nobody but by
/// [mail](Accounts::mail_renewed).
pub struct Renewed {
    registration: Registration,
    code: Code,
}

/// An account for a member of the staff.
pub struct NewAdmin {
    /// The address; it needs no code.
    pub email: Email,
    /// The password.
    pub password: Password,
    /// The first name.
    pub first_name: PersonName,
    /// The last name.
    pub last_name: PersonName,
}

/// Why no account is created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AdminRefusal {
    /// The password is bad.
    #[error("the password is not good enough")]
    Password(Vec<PasswordFlaw>),
    /// Somebody has the address.
    #[error("the address has an account")]
    EmailTaken,
    /// It could not be done.
    #[error(transparent)]
    Hash(#[from] HashError),
}

impl Accounts {
    /// Registers an address and mails a code to it. Where it has an account, its owner is told so instead, and the
    /// answer is the same.
    ///
    /// Where the house asks for no proof, an account is made at once; whoever asks must not wait for the
    /// [mail to an owner](Self::tell_registered) then, which nobody else gets.
    ///
    /// # Errors
    /// [`RegisterRefusal`].
    pub async fn register(&self, register: Register, at: Timestamp) -> Result<Registered, RegisterRefusal> {
        let Register { email, password, first_name, last_name, username } = register;
        let flaws = password.flaws(Some(&email), &[&first_name, &last_name]);
        if !flaws.is_empty() {
            return Err(RegisterRefusal::Password(flaws));
        }
        let store = &self.parts.store;
        if let Some(username) = &username
            && store.account_by_username(username).await.map_err(HashError::from)?.is_some()
        {
            return Err(RegisterRefusal::UsernameTaken);
        }
        let counted = self.count_mail(&email, at).await.map_err(RegisterRefusal::Wait)?;
        let hashed = self.parts.hasher.hash(password).await;
        if hashed.is_err() {
            self.give_mail_back(&email, counted).await;
        }
        let password_hash = hashed?;
        let applicant = Applicant { username, first_name, last_name, password_hash };
        if self.parts.email_verification == EmailVerification::Off {
            return self.admit_at_once(email, applicant, at).await;
        }
        let (code, live) = LiveCode::issue(&self.parts.code_key, &*self.parts.entropy, at);
        let registration = Registration { email, applicant: Some(applicant), code: live, at };
        let written = match self.parts.email_verification {
            EmailVerification::BeforeFirstBid => store.register_account(&registration).await,
            EmailVerification::Required | EmailVerification::Off => store.register(&registration).await,
        };
        written.map_err(HashError::from)?;
        self.mail_code(&registration, &code).await.map_err(HashError::from)?;
        Ok(Registered::CodeMailed)
    }

    /// Tells the owner of an address that somebody tried to register it.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn tell_registered(&self, email: &Email) -> Result<(), Failure> {
        let Some(account) = self.owner(email).await? else { return Ok(()) };
        self.mail(&mails::already_registered(&account.email, &*self.parts.entropy)).await
    }

    /// Makes the registration whose code this is an account.
    ///
    /// # Errors
    /// [`VerifyRefusal`].
    pub async fn verify(&self, email: &Email, code: &Code, at: Timestamp) -> Result<Account, VerifyRefusal> {
        let store = &self.parts.store;
        // Counted before it is compared, so that many at once do not get more tries.
        let registration = store.attempt(email).await?.ok_or(VerifyRefusal::Invalid)?;
        match registration.judge(&self.parts.code_key, code, at) {
            CodeVerdict::Wrong => Err(VerifyRefusal::Invalid),
            CodeVerdict::Expired => Err(VerifyRefusal::Expired),
            CodeVerdict::Right => {
                store.confirm(email, registration.code.id, at).await?.ok_or(VerifyRefusal::Invalid)
            }
        }
    }

    /// Makes a new code for the latest registration of an address, once the code before is dead.
    ///
    /// # Errors
    /// [`ResendRefusal`].
    pub async fn renew_code(&self, email: &Email, at: Timestamp) -> Result<Renewed, ResendRefusal> {
        let store = &self.parts.store;
        if store.registration(email).await?.is_some_and(|known| known.code.is_live(at)) {
            return Err(ResendRefusal::StillValid);
        }
        let counted = self.count_mail(email, at).await.map_err(ResendRefusal::Wait)?;
        let (code, live) = LiveCode::issue(&self.parts.code_key, &*self.parts.entropy, at);
        let Some(registration) = store.renew_code(email, &live, at).await? else {
            self.give_mail_back(email, counted).await;
            return Err(ResendRefusal::StillValid);
        };
        Ok(Renewed { registration, code })
    }

    /// Mails a renewed code, or that the address has an account; nothing to an address that nobody registered.
    /// Whoever asks must not wait for this: how long it takes tells which of them it is.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn mail_renewed(&self, renewed: &Renewed) -> Result<(), Failure> {
        self.mail_code(&renewed.registration, &renewed.code).await
    }

    /// Creates an account for a member of the staff; it needs no code.
    ///
    /// # Errors
    /// [`AdminRefusal`].
    pub async fn create_admin(&self, admin: NewAdmin, at: Timestamp) -> Result<Account, AdminRefusal> {
        self.create(admin, Role::Admin, at).await
    }

    /// Creates the account of somebody who may bid and sell at once, without a code: for demonstrations and hosts
    /// that know their people.
    ///
    /// # Errors
    /// [`AdminRefusal`].
    pub async fn create_member(&self, member: NewAdmin, at: Timestamp) -> Result<Account, AdminRefusal> {
        self.create(member, Role::Client, at).await
    }

    async fn create(&self, person: NewAdmin, role: Role, at: Timestamp) -> Result<Account, AdminRefusal> {
        let NewAdmin { email, password, first_name, last_name } = person;
        let flaws = password.flaws(Some(&email), &[&first_name, &last_name]);
        if !flaws.is_empty() {
            return Err(AdminRefusal::Password(flaws));
        }
        let account = NewAccount {
            email,
            username: None,
            first_name,
            last_name,
            password_hash: self.parts.hasher.hash(password).await?,
            is_verified: true,
            role,
            is_seller: true,
            at,
        };
        match self.parts.store.create(&account).await.map_err(HashError::from)? {
            Created::Account(account) => Ok(*account),
            Created::EmailTaken | Created::UsernameTaken => Err(AdminRefusal::EmailTaken),
        }
    }

    /// Removes what has ended: sessions, and registrations that nobody confirmed. To be called now and then.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn forget(&self, at: Timestamp) -> Result<(), Failure> {
        self.parts.store.forget(at, at.before(REGISTRATION_KEPT)).await
    }

    async fn admit_at_once(
        &self,
        email: Email,
        applicant: Applicant,
        at: Timestamp,
    ) -> Result<Registered, RegisterRefusal> {
        let Applicant { username, first_name, last_name, password_hash } = applicant;
        let account = NewAccount {
            email,
            username,
            first_name,
            last_name,
            password_hash,
            is_verified: true,
            role: Role::Client,
            is_seller: false,
            at,
        };
        match self.parts.store.create(&account).await.map_err(HashError::from)? {
            Created::Account(_) => Ok(Registered::Created),
            Created::EmailTaken => Ok(Registered::Known),
            Created::UsernameTaken => Err(RegisterRefusal::UsernameTaken),
        }
    }

    /// Whose address it is known to be.
    pub(super) async fn owner(&self, email: &Email) -> Result<Option<Account>, Failure> {
        let found = self.parts.store.account_by_email(email).await?;
        Ok(found.filter(|account| account.is_verified))
    }

    /// Mails the code, or that the address has an account; nothing to an address that nobody registered.
    async fn mail_code(&self, registration: &Registration, code: &Code) -> Result<(), Failure> {
        let entropy = &*self.parts.entropy;
        let mail = match self.owner(&registration.email).await? {
            Some(account) => mails::already_registered(&account.email, entropy),
            None if registration.applicant.is_some() => {
                mails::verification(&registration.email, code, entropy)
            }
            None => return Ok(()),
        };
        self.mail(&mail).await
    }

    pub(super) async fn count_mail(&self, email: &Email, at: Timestamp) -> Result<Counted, Span> {
        self.codes.begin(&mails_to(email), at).await
    }

    async fn give_mail_back(&self, email: &Email, counted: Counted) {
        self.codes.give_back(&mails_to(email), counted).await;
    }
}

fn mails_to(email: &Email) -> LimitKey {
    LimitKey::MailsTo(email.key().to_owned())
}
