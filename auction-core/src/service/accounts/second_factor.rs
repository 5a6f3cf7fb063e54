//! Authenticators: set up, enable, disable, and sign in with one.

use super::{Accounts, PasswordRefusal, SignedIn, Source, mails};
use crate::id::UserId;
use crate::identity::{
    Account, BanScope, CHALLENGE_LIFETIME, Code, CodeDigest, Device, FactorProof, Password, Purpose,
    RECOVERY_CODES, RecoveryCode, SecondFactor, Ticket, Token, TotpSecret, Unopened,
};
use crate::ports::{FactorAttempt, Failure, FailureKind, HashError};
use crate::time::{Span, Timestamp};

/// Why something about an authenticator is not done. The first that applies is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FactorRefusal {
    /// The address is not verified, so that nothing about the account is settled yet.
    #[error("the address is not verified")]
    NotVerified,
    /// One is enabled already.
    #[error("a second factor is enabled")]
    AlreadyEnabled,
    /// There is none.
    #[error("there is no second factor")]
    Missing,
    /// The sign-in that is to be completed is unknown, too old, tried too often, or was completed.
    #[error("the sign-in has expired")]
    Expired,
    /// Too many tries; the next one has to wait this long. Nothing was looked at.
    #[error("too many tries")]
    Wait(Span),
    /// The password is another.
    #[error("the password is wrong")]
    WrongPassword,
    /// The code is wrong, or was used.
    #[error("the code is wrong")]
    WrongCode,
    /// It could not be done.
    #[error(transparent)]
    Hash(#[from] HashError),
}

/// What somebody may know of the own second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactorStatus {
    /// A code is asked for at sign-in.
    pub is_enabled: bool,
    /// How many recovery codes are left.
    pub recovery_codes_left: u32,
}

impl From<Failure> for FactorRefusal {
    fn from(failure: Failure) -> Self {
        Self::Hash(failure.into())
    }
}

impl From<Unopened> for FactorRefusal {
    fn from(error: Unopened) -> Self {
        Failure::new(FailureKind::Corrupt, "open a sealed secret", error).into()
    }
}

impl From<PasswordRefusal> for FactorRefusal {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::Wait(span) => Self::Wait(span),
            PasswordRefusal::Wrong => Self::WrongPassword,
            PasswordRefusal::Hash(error) => Self::Hash(error),
        }
    }
}

impl Accounts {
    /// Draws a secret for somebody's authenticator and keeps it, sealed. It counts once
    /// [`enable_factor`](Self::enable_factor) has shown that the authenticator has it; until then it can be drawn
    /// again.
    ///
    /// # Errors
    /// [`FactorRefusal::AlreadyEnabled`], or a failure.
    pub async fn set_up_factor(&self, user: UserId) -> Result<TotpSecret, FactorRefusal> {
        if self.existing(user).await?.is_some_and(|account| !account.is_verified) {
            return Err(FactorRefusal::NotVerified);
        }
        let secret = TotpSecret::draw(&*self.parts.entropy);
        let sealed = SecondFactor::seal(&self.parts.seal_key, &*self.parts.entropy, user, &secret);
        if self.parts.store.propose_factor(user, &sealed).await? {
            Ok(secret)
        } else {
            Err(FactorRefusal::AlreadyEnabled)
        }
    }

    /// Enables the authenticator that was set up, with the code that it shows. The answer are recovery codes, of
    /// which only digests are kept.
    ///
    /// # Errors
    /// [`FactorRefusal`].
    pub async fn enable_factor(
        &self,
        user: UserId,
        code: &Code,
        at: Timestamp,
    ) -> Result<Vec<RecoveryCode>, FactorRefusal> {
        let factor = self.counted(user, at).await?;
        if factor.is_enabled {
            return Err(FactorRefusal::AlreadyEnabled);
        }
        let step = factor.step_of(&self.parts.seal_key, code, at)?.ok_or(FactorRefusal::WrongCode)?;
        let draw = |_| RecoveryCode::draw(&*self.parts.entropy);
        let codes = (0..RECOVERY_CODES).map(draw).collect::<Vec<_>>();
        let digest = |code: &RecoveryCode| code.digest(&self.parts.code_key, user);
        let digests = codes.iter().map(digest).collect::<Vec<CodeDigest>>();
        if self.parts.store.enable_factor(&factor, step, &digests).await? {
            Ok(codes)
        } else {
            Err(FactorRefusal::WrongCode)
        }
    }

    /// Removes somebody's authenticator, who has to show the password and a code, and is told by mail.
    ///
    /// # Errors
    /// [`FactorRefusal`].
    pub async fn disable_factor(
        &self,
        user: UserId,
        password: Password,
        proof: FactorProof,
        source: Source,
        at: Timestamp,
    ) -> Result<(), FactorRefusal> {
        let account = self.existing(user).await?.filter(|account| account.has_second_factor);
        let account = account.ok_or(FactorRefusal::Missing)?;
        self.prove_password(&account, password, source, at).await?;
        self.prove_factor(user, proof, at).await?;
        self.parts.store.remove_factor(user).await?;
        let mail = mails::factor_removed(&account.email, &*self.parts.entropy);
        Ok(self.mail(&mail).await?)
    }

    /// What somebody may know of the own second factor.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn factor_status(&self, user: UserId) -> Result<FactorStatus, Failure> {
        let factor = self.parts.store.second_factor(user).await?.filter(|factor| factor.is_enabled);
        Ok(factor.map_or(FactorStatus { is_enabled: false, recovery_codes_left: 0 }, |factor| FactorStatus {
            is_enabled: true,
            recovery_codes_left: factor.recovery_codes_left,
        }))
    }

    /// Completes a sign-in that waits for the second factor.
    ///
    /// # Errors
    /// [`FactorRefusal`].
    pub async fn complete_sign_in(
        &self,
        challenge: &Token,
        proof: FactorProof,
        device: Device,
        at: Timestamp,
    ) -> Result<SignedIn, FactorRefusal> {
        let (store, token) = (&self.parts.store, challenge.digest());
        // Counted before anything is compared, so that many at once do not get more tries.
        let ticket = store.attempt_ticket(Purpose::SecondFactor, &token).await?;
        let ticket = ticket.filter(|ticket| ticket.is_live(at)).ok_or(FactorRefusal::Expired)?;
        let account = self.existing(ticket.user).await?;
        let account = account.filter(|account| !account.is_banned_from(BanScope::Everything, at));
        let account = account.ok_or(FactorRefusal::Expired)?;
        self.prove_factor(account.id, proof, at).await.map_err(|refusal| match refusal {
            FactorRefusal::Missing => FactorRefusal::Expired,
            refusal => refusal,
        })?;
        if !store.redeem_ticket(Purpose::SecondFactor, &token).await? {
            return Err(FactorRefusal::Expired);
        }
        Ok(self.begin_session(account, device, at).await?)
    }

    /// Who began the sign-in that waits for the second factor; `None` where there is none.
    ///
    /// # Errors
    /// A [`Failure`].
    pub async fn challenged(&self, challenge: &Token) -> Result<Option<UserId>, Failure> {
        let ticket = self.parts.store.ticket(Purpose::SecondFactor, &challenge.digest()).await?;
        Ok(ticket.map(|ticket| ticket.user))
    }

    /// What somebody shows who has given the password and owes the second factor. It is stored nowhere.
    pub(super) async fn challenge(&self, user: UserId, at: Timestamp) -> Result<Token, Failure> {
        let token = Token::draw(&*self.parts.entropy);
        let ticket = Ticket {
            purpose: Purpose::SecondFactor,
            user,
            token: token.digest(),
            expires_at: at.after(CHALLENGE_LIFETIME),
            attempts: 0,
        };
        self.parts.store.issue_ticket(&ticket).await?;
        Ok(token)
    }

    /// Takes a code of somebody's authenticator, or a recovery code, once.
    pub(super) async fn prove_factor(
        &self,
        user: UserId,
        proof: FactorProof,
        at: Timestamp,
    ) -> Result<(), FactorRefusal> {
        let factor = self.counted(user, at).await?;
        if !factor.is_enabled {
            return Err(FactorRefusal::Missing);
        }
        let store = &self.parts.store;
        let is_taken = match proof {
            FactorProof::Code(code) => match factor.step_of(&self.parts.seal_key, &code, at)? {
                Some(step) => store.accept_step(&factor, step).await?,
                None => false,
            },
            FactorProof::Recovery(code) => {
                store.redeem_recovery_code(user, &code.digest(&self.parts.code_key, user)).await?
            }
            FactorProof::Nonsense => false,
        };
        if is_taken { Ok(()) } else { Err(FactorRefusal::WrongCode) }
    }

    async fn counted(&self, user: UserId, at: Timestamp) -> Result<SecondFactor, FactorRefusal> {
        match self.parts.store.attempt_factor(user, at).await? {
            FactorAttempt::Counted(factor) => Ok(factor),
            FactorAttempt::Wait(span) => Err(FactorRefusal::Wait(span)),
            FactorAttempt::Missing => Err(FactorRefusal::Missing),
        }
    }

    /// The account with this number.
    pub(super) async fn existing(&self, user: UserId) -> Result<Option<Account>, Failure> {
        Ok(self.parts.store.accounts(&[user]).await?.into_iter().flatten().next())
    }
}
