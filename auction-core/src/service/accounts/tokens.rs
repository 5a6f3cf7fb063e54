//! Sessions of short-lived tokens, which are refreshed, and signing in with a mailed code.

use super::{Accounts, FactorRefusal, SignIn, SignInRefusal, SignedIn, mails};
use crate::id::UserId;
use crate::identity::{
    Account, BanScope, Code, CodeUse, Device, Email, FactorProof, LiveCode, MAILED_CODE_LIFETIME, MailedCode,
    REFRESH_LIFETIME, RefreshPolicy, Session, SessionId, SessionStyle, Token,
};
use crate::ports::{Failure, HashError, NewSession, Rotated, Rotation};
use crate::time::Timestamp;

/// Why somebody gets no tokens. The first that applies is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenRefusal {
    /// The password proves nothing.
    #[error(transparent)]
    SignIn(#[from] SignInRefusal),
    /// A second factor is enabled, and no code was shown.
    #[error("a code is missing")]
    CodeMissing,
    /// The code of the second factor is wrong.
    #[error(transparent)]
    Factor(#[from] FactorRefusal),
    /// The mailed code or the secret is unknown, too old, or was used.
    #[error("it is invalid or has expired")]
    Invalid,
    /// The secret of a session of this person was used before; the session has ended.
    #[error("it was used before")]
    Reused(UserId),
}

impl From<Failure> for TokenRefusal {
    fn from(failure: Failure) -> Self {
        Self::Factor(HashError::from(failure).into())
    }
}

impl Accounts {
    /// Signs somebody in with a password, and a code where a second factor is enabled, for a session that is
    /// refreshed.
    ///
    /// # Errors
    /// [`TokenRefusal`].
    pub async fn sign_in_refreshed(
        &self,
        sign_in: SignIn,
        code: Option<FactorProof>,
        at: Timestamp,
    ) -> Result<SignedIn, TokenRefusal> {
        let SignIn { identifier, password, source, device } = sign_in;
        let account = self.proved_by_password(&identifier, password, source, at).await?;
        self.prove_factor_where_enabled(&account, code, at).await?;
        Ok(self.begin_refreshed(account, device, at).await?)
    }

    /// Mails a code with which somebody can sign in to an address, where it has an account. Whoever asks must not
    /// wait for this: how long it takes tells whether there is one.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn request_sign_in_code(&self, email: &Email, at: Timestamp) -> Result<(), Failure> {
        if self.count_mail(email, at).await.is_err() {
            return Ok(());
        }
        let (store, entropy) = (&self.parts.store, &*self.parts.entropy);
        let (code, live) = LiveCode::lasting(MAILED_CODE_LIFETIME, &self.parts.code_key, entropy, at);
        let Some(account) = self.owner(email).await? else {
            // So that a try at a code takes as long as for an address that has one.
            if store.registration(email).await?.is_none_or(|known| known.applicant.is_none()) {
                store.renew_code(email, &live, at).await?;
            }
            return Ok(());
        };
        let email = account.email.clone();
        store
            .issue_code(&MailedCode { user: account.id, use_of: CodeUse::SignIn, email, code: live })
            .await?;
        self.mail(&mails::sign_in(&account.email, &code, entropy)).await
    }

    /// Signs somebody in with a mailed code, and one of the second factor where that is enabled.
    ///
    /// # Errors
    /// [`TokenRefusal`].
    pub async fn sign_in_with_code(
        &self,
        email: &Email,
        code: &Code,
        factor_code: Option<FactorProof>,
        device: Device,
        at: Timestamp,
    ) -> Result<SignedIn, TokenRefusal> {
        let store = &self.parts.store;
        let Some(account) = self.owner(email).await? else {
            self.attempt_at_nothing(email).await?;
            return Err(TokenRefusal::Invalid);
        };
        // Counted before it is compared, so that many at once do not get more tries.
        let mailed = store.attempt_code(account.id, CodeUse::SignIn).await?;
        let mailed = mailed.filter(|mailed| mailed.matches(&self.parts.code_key, code, at));
        let mailed = mailed.ok_or(TokenRefusal::Invalid)?;
        if account.is_banned_from(BanScope::Everything, at) {
            return Err(SignInRefusal::Banned.into());
        }
        self.prove_factor_where_enabled(&account, factor_code, at).await?;
        if !store.redeem_code(account.id, CodeUse::SignIn, mailed.code.id).await? {
            return Err(TokenRefusal::Invalid);
        }
        Ok(self.begin_refreshed(account, device, at).await?)
    }

    /// Goes on with a session whose secret is shown: it gets another one, or keeps it, as the policy says. A secret
    /// that was used before ends the session, for whoever uses it now.
    ///
    /// # Errors
    /// [`TokenRefusal::Invalid`], [`TokenRefusal::Reused`], or a failure.
    pub async fn refresh(
        &self,
        session: SessionId,
        secret: &Token,
        at: Timestamp,
    ) -> Result<SignedIn, TokenRefusal> {
        let store = &self.parts.store;
        let found = store.session_by_number(session).await?;
        let is_meant = |session: &Session| session.style == SessionStyle::Refreshed && session.is_live(at);
        let found = found.filter(|(session, _)| is_meant(session));
        let (_, account) = found.ok_or(TokenRefusal::Invalid)?;
        if account.is_banned_from(BanScope::Everything, at) {
            return Err(TokenRefusal::Invalid);
        }
        match self.parts.refresh_tokens {
            RefreshPolicy::Fixed => {
                let shown = store.session(&secret.digest()).await?;
                shown.filter(|(shown, _)| shown.id == session).ok_or(TokenRefusal::Invalid)?;
                Ok(SignedIn { token: secret.again(), session, account })
            }
            RefreshPolicy::Rotating => {
                let token = Token::draw(&*self.parts.entropy);
                let (shown, next) = (secret.digest(), token.digest());
                let expires_at = at.after(REFRESH_LIFETIME);
                match store.rotate(&Rotation { session, shown, next, expires_at }).await? {
                    Rotated::Done => Ok(SignedIn { token, session, account }),
                    Rotated::Reused => Err(TokenRefusal::Reused(account.id)),
                    Rotated::Missing => Err(TokenRefusal::Invalid),
                }
            }
        }
    }

    async fn prove_factor_where_enabled(
        &self,
        account: &Account,
        code: Option<FactorProof>,
        at: Timestamp,
    ) -> Result<(), TokenRefusal> {
        match (account.has_second_factor, code) {
            (false, _) => Ok(()),
            (true, None) => Err(TokenRefusal::CodeMissing),
            (true, Some(code)) => Ok(self.prove_factor(account.id, code, at).await?),
        }
    }

    /// Writes what a try at a code would have written, for an address that has no account. A registration that
    /// waits for its code loses no try.
    async fn attempt_at_nothing(&self, email: &Email) -> Result<(), Failure> {
        let blind = self.parts.store.registration(email).await?.filter(|found| found.applicant.is_none());
        if blind.is_some() {
            self.parts.store.attempt(email).await?;
        }
        Ok(())
    }

    async fn begin_refreshed(
        &self,
        account: Account,
        device: Device,
        at: Timestamp,
    ) -> Result<SignedIn, Failure> {
        let token = Token::draw(&*self.parts.entropy);
        let session = NewSession {
            user: account.id,
            token: token.digest(),
            style: SessionStyle::Refreshed,
            device,
            at,
            expires_at: at.after(REFRESH_LIFETIME),
        };
        let session = self.parts.store.add_session(&session).await?;
        Ok(SignedIn { token, session, account })
    }
}
