//! Forgotten passwords, and changes of the password and the address.

use super::{Accounts, FactorRefusal, Source, mails};
use crate::id::UserId;
use crate::identity::{
    Account, Code, CodeUse, Email, FactorProof, LiveCode, MAILED_CODE_LIFETIME, MailedCode, Password,
    PasswordFlaw, Purpose, RESET_LIFETIME, SessionId, Ticket, Token,
};
use crate::ports::{Failure, HashError, Mail};
use crate::time::Timestamp;

/// Somebody who is signed in changes how they sign in.
pub struct Proof {
    /// Who.
    pub user: UserId,
    /// The session that goes on; all others end.
    pub session: SessionId,
    /// The password as it is.
    pub password: Password,
    /// A code, where a second factor is enabled.
    pub code: Option<FactorProof>,
    /// From where.
    pub source: Source,
}

/// Why a password or an address is not changed. The first that applies is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeRefusal {
    /// The new password is bad.
    #[error("the password is not good enough")]
    Password(Vec<PasswordFlaw>),
    /// The address is not verified, so that nothing about the account is settled yet.
    #[error("the address is not verified")]
    NotVerified,
    /// A second factor is enabled, and no code was shown.
    #[error("a code is missing")]
    CodeMissing,
    /// There is no such link or code, or it was used, or it is too old.
    #[error("it is invalid or has expired")]
    Invalid,
    /// The password or the code is wrong, or it could not be done.
    #[error(transparent)]
    Proof(#[from] FactorRefusal),
}

impl From<Failure> for ChangeRefusal {
    fn from(failure: Failure) -> Self {
        Self::Proof(failure.into())
    }
}

impl From<HashError> for ChangeRefusal {
    fn from(error: HashError) -> Self {
        Self::Proof(error.into())
    }
}

impl Accounts {
    /// Mails a link with which a password can be set to an address, where it has an account. Whoever asks must not
    /// wait for this: how long it takes tells whether there is one.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn forgot_password(&self, email: &Email, at: Timestamp) -> Result<(), Failure> {
        if self.count_mail(email, at).await.is_err() {
            return Ok(());
        }
        let Some(account) = self.owner(email).await? else { return Ok(()) };
        let token = Token::draw(&*self.parts.entropy);
        let ticket = Ticket {
            purpose: Purpose::PasswordReset,
            user: account.id,
            token: token.digest(),
            expires_at: at.after(RESET_LIFETIME),
            attempts: 0,
        };
        self.parts.store.issue_ticket(&ticket).await?;
        let mail = mails::password_reset(&account.email, &self.parts.site_url, &token, &*self.parts.entropy);
        self.mail(&mail).await
    }

    /// Sets a password with the secret of such a link. Every session of the person ends; a second factor stays.
    ///
    /// # Errors
    /// [`ChangeRefusal`].
    pub async fn reset_password(
        &self,
        token: &Token,
        password: Password,
        at: Timestamp,
    ) -> Result<Account, ChangeRefusal> {
        let (store, token) = (&self.parts.store, token.digest());
        let ticket = store.ticket(Purpose::PasswordReset, &token).await?;
        let ticket = ticket.filter(|ticket| ticket.is_live(at)).ok_or(ChangeRefusal::Invalid)?;
        let account = self.existing(ticket.user).await?.ok_or(ChangeRefusal::Invalid)?;
        judged(&account, &password)?;
        let hash = self.parts.hasher.hash(password).await?;
        let account = store.reset_password(&token, &hash, at).await?.ok_or(ChangeRefusal::Invalid)?;
        self.tell(mails::password_changed(&account.email, &*self.parts.entropy)).await?;
        Ok(account)
    }

    /// Changes somebody's password. All other sessions end, and the person is told by mail.
    ///
    /// # Errors
    /// [`ChangeRefusal`].
    pub async fn change_password(
        &self,
        proof: Proof,
        password: Password,
        at: Timestamp,
    ) -> Result<(), ChangeRefusal> {
        let kept = proof.session;
        let account = self.proved(proof, at, |account| judged(account, &password)).await?;
        let hash = self.parts.hasher.hash(password).await?;
        let changed = self.parts.store.change_password(account.id, &hash, Some(kept)).await?;
        let account = changed.ok_or(ChangeRefusal::Invalid)?;
        self.tell(mails::password_changed(&account.email, &*self.parts.entropy)).await
    }

    /// Mails a code to the address that somebody wants to have instead, and tells the one they have. Where the
    /// wanted address has an account, its owner is told so, and the answer is the same.
    ///
    /// # Errors
    /// [`ChangeRefusal`].
    pub async fn change_email(&self, proof: Proof, email: Email, at: Timestamp) -> Result<(), ChangeRefusal> {
        let account = self.proved(proof, at, |_| Ok(())).await?;
        self.count_mail(&email, at).await.map_err(FactorRefusal::Wait)?;
        let entropy = &*self.parts.entropy;
        let (code, live) = LiveCode::lasting(MAILED_CODE_LIFETIME, &self.parts.code_key, entropy, at);
        let mailed =
            MailedCode { user: account.id, use_of: CodeUse::EmailChange, email: email.clone(), code: live };
        self.parts.store.issue_code(&mailed).await?;
        let owner = self.owner(&email).await?;
        let mail = match owner.filter(|owner| owner.id != account.id) {
            Some(owner) => mails::already_registered(&owner.email, entropy),
            None => mails::email_change(&email, &code, entropy),
        };
        self.tell(mail).await?;
        self.tell(mails::email_change_wanted(&account.email, entropy)).await
    }

    /// Gives somebody the address to which the code was mailed. All other sessions end.
    ///
    /// # Errors
    /// [`ChangeRefusal`].
    pub async fn confirm_email(
        &self,
        user: UserId,
        session: SessionId,
        code: &Code,
        at: Timestamp,
    ) -> Result<Account, ChangeRefusal> {
        let store = &self.parts.store;
        let before = self.existing(user).await?.ok_or(ChangeRefusal::Invalid)?;
        let mailed = store.attempt_code(user, CodeUse::EmailChange).await?;
        let mailed = mailed.filter(|mailed| mailed.matches(&self.parts.code_key, code, at));
        let mailed = mailed.ok_or(ChangeRefusal::Invalid)?;
        let changed = store.change_email(user, mailed.code.id, Some(session)).await?;
        let account = changed.ok_or(ChangeRefusal::Invalid)?;
        self.tell(mails::email_changed(&before.email, &*self.parts.entropy)).await?;
        Ok(account)
    }

    /// Checks what somebody shows who wants to change how they sign in; `judge` comes before anything is used up.
    async fn proved(
        &self,
        proof: Proof,
        at: Timestamp,
        judge: impl FnOnce(&Account) -> Result<(), ChangeRefusal> + Send,
    ) -> Result<Account, ChangeRefusal> {
        let Proof { user, session: _, password, code, source } = proof;
        let account = self.existing(user).await?.ok_or(ChangeRefusal::Invalid)?;
        if !account.is_verified {
            return Err(ChangeRefusal::NotVerified);
        }
        judge(&account)?;
        if account.has_second_factor && code.is_none() {
            return Err(ChangeRefusal::CodeMissing);
        }
        self.prove_password(&account, password, source, at).await.map_err(FactorRefusal::from)?;
        if account.has_second_factor
            && let Some(code) = code
        {
            self.prove_factor(user, code, at).await?;
        }
        Ok(account)
    }

    async fn tell(&self, mail: Mail) -> Result<(), ChangeRefusal> {
        Ok(self.mail(&mail).await?)
    }
}

fn judged(account: &Account, password: &Password) -> Result<(), ChangeRefusal> {
    let flaws = password.flaws(Some(&account.email), &[&account.first_name, &account.last_name]);
    if flaws.is_empty() { Ok(()) } else { Err(ChangeRefusal::Password(flaws)) }
}
