//! What is written down of sign-ins and of changes of how somebody signs in.

use crate::audit::Origin;
use crate::people::People;
use auction_core::admin::{AuditAction, AuditActor, AuditSubject};
use auction_core::identity::{Email, FactorProof};
use auction_core::ports::Failure;
use auction_core::service::accounts::{
    ChangeRefusal, FactorRefusal, Identifier, SignInRefusal, TokenRefusal,
};
use auction_core::{Timestamp, UserId};

/// Writes down what somebody did who is signed in, or is since.
pub(super) async fn did(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    user: UserId,
    action: AuditAction,
) -> Result<(), Failure> {
    people.audit().record(origin.entry(at, AuditActor::User(user), action)).await
}

/// The same, with a detail.
pub(super) async fn did_in_detail(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    user: UserId,
    action: AuditAction,
    detail: &str,
) -> Result<(), Failure> {
    let entry = origin.entry(at, AuditActor::User(user), action).with_detail(detail);
    people.audit().record(entry).await
}

/// Writes down what was tried by somebody who was not signed in, at the account of a user if there is one. What they
/// typed is never part of it: people mistake one field for another.
pub(super) async fn tried(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    user: Option<UserId>,
    action: AuditAction,
    detail: &str,
) -> Result<(), Failure> {
    let entry = origin.entry(at, AuditActor::Nobody, action).about(user.map(AuditSubject::User));
    people.audit().record(entry.with_detail(detail)).await
}

/// Somebody signed in; a recovery code may have been used for that.
pub(super) async fn signed_in(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    user: UserId,
    with: &str,
    used: RecoveryUse,
) -> Result<(), Failure> {
    if used == RecoveryUse::Used {
        did(people, origin, at, user, AuditAction::RecoveryCodeUsed).await?;
    }
    did_in_detail(people, origin, at, user, AuditAction::SignedIn, with).await
}

/// Whether a recovery code took the place of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RecoveryUse {
    Used,
    NotUsed,
}

impl RecoveryUse {
    /// What this proof would be, if it is one.
    pub(super) const fn of(proof: Option<&FactorProof>) -> Self {
        match proof {
            Some(FactorProof::Recovery(_)) => Self::Used,
            Some(FactorProof::Code(_) | FactorProof::Nonsense) | None => Self::NotUsed,
        }
    }
}

/// A sign-in with a password was refused. The account is looked up whether or not there is one.
pub(super) async fn sign_in_refused(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    identifier: &Identifier,
    refusal: &SignInRefusal,
) -> Result<(), Failure> {
    let (action, why) = match refusal {
        SignInRefusal::Wait(_) => (AuditAction::Throttled, "sign-in"),
        SignInRefusal::InvalidCredentials => (AuditAction::SignInRefused, "wrong credentials"),
        SignInRefusal::NotVerified => (AuditAction::SignInRefused, "not verified"),
        SignInRefusal::Banned => (AuditAction::SignInRefused, "banned"),
        _ => return Ok(()),
    };
    let user = people.accounts().find(identifier).await?.map(|account| account.id);
    tried(people, origin, at, user, action, why).await
}

/// A sign-in for short-lived tokens was refused.
pub(super) async fn token_refused(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    identifier: &Identifier,
    refusal: &TokenRefusal,
) -> Result<(), Failure> {
    let (action, why) = match refusal {
        TokenRefusal::SignIn(refusal) => {
            return sign_in_refused(people, origin, at, identifier, refusal).await;
        }
        TokenRefusal::CodeMissing => (AuditAction::SecondFactorAsked, ""),
        TokenRefusal::Factor(FactorRefusal::Wait(_)) => (AuditAction::Throttled, "second factor"),
        TokenRefusal::Factor(FactorRefusal::WrongCode) => (AuditAction::SecondFactorRefused, ""),
        TokenRefusal::Invalid => (AuditAction::SignInRefused, "wrong mailed code"),
        _ => return Ok(()),
    };
    let user = people.accounts().find(identifier).await?.map(|account| account.id);
    tried(people, origin, at, user, action, why).await
}

/// Somebody who is signed in could not prove who they are.
pub(super) async fn proof_refused(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    user: UserId,
    refusal: &FactorRefusal,
) -> Result<(), Failure> {
    let (action, why) = match refusal {
        FactorRefusal::Wait(_) => (AuditAction::Throttled, "proof"),
        FactorRefusal::WrongPassword => (AuditAction::ChangeRefused, "wrong password"),
        FactorRefusal::WrongCode => (AuditAction::ChangeRefused, "wrong code"),
        _ => return Ok(()),
    };
    did_in_detail(people, origin, at, user, action, why).await
}

/// The same, for a password or an address.
pub(super) async fn change_refused(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    user: UserId,
    refusal: &ChangeRefusal,
) -> Result<(), Failure> {
    match refusal {
        ChangeRefusal::Proof(refusal) => proof_refused(people, origin, at, user, refusal).await,
        ChangeRefusal::Invalid => {
            did_in_detail(people, origin, at, user, AuditAction::ChangeRefused, "wrong mailed code").await
        }
        _ => Ok(()),
    }
}

/// Something is mailed to an address, if it has an account.
pub(super) async fn asked(
    people: &People,
    origin: &Origin,
    at: Timestamp,
    email: &Email,
    action: AuditAction,
) -> Result<(), Failure> {
    let user = people.accounts().account_by_email(email).await?.map(|account| account.id);
    tried(people, origin, at, user, action, "").await
}
