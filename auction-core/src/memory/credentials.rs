//! Mailed codes, and changes of how somebody signs in, in memory.

use super::MemoryAccounts;
use super::accounts::State;
use crate::id::UserId;
use crate::identity::{
    Account, CODE_ATTEMPTS_MAX, CodeId, CodeUse, MailedCode, PasswordHash, Purpose, SessionId, Ticket,
    TokenDigest,
};
use crate::ports::{CredentialStore, Failure, MailedCodeStore};
use crate::time::Timestamp;
use async_trait::async_trait;

impl State {
    /// What a change of how somebody signs in brings with it.
    pub(super) fn end_sign_ins(&mut self, user: UserId, kept: Option<SessionId>) {
        self.sessions.retain(|id, (_, session)| session.user != user || Some(*id) == kept);
        self.tickets.retain(|ticket| ticket.user != user);
        self.codes.retain(|(owner, _), _| *owner != user);
    }

    fn write_password(
        &mut self,
        user: UserId,
        hash: &PasswordHash,
        kept: Option<SessionId>,
    ) -> Option<Account> {
        let account = self.account_mut(user)?;
        account.password_hash = hash.clone();
        let account = account.clone();
        self.end_sign_ins(user, kept);
        Some(account)
    }
}

#[async_trait]
impl MailedCodeStore for MemoryAccounts {
    async fn issue_code(&self, code: &MailedCode) -> Result<(), Failure> {
        self.state().codes.insert((code.user, code.use_of), code.clone());
        Ok(())
    }

    async fn attempt_code(&self, user: UserId, use_of: CodeUse) -> Result<Option<MailedCode>, Failure> {
        let mut state = self.state();
        let found = state.codes.get_mut(&(user, use_of));
        Ok(found.filter(|found| found.code.attempts < CODE_ATTEMPTS_MAX).map(|found| {
            found.code.attempts += 1;
            found.clone()
        }))
    }

    async fn redeem_code(&self, user: UserId, use_of: CodeUse, code: CodeId) -> Result<bool, Failure> {
        let mut state = self.state();
        let is_there = state.codes.get(&(user, use_of)).is_some_and(|found| found.code.id == code);
        Ok(is_there && state.codes.remove(&(user, use_of)).is_some())
    }
}

#[async_trait]
impl CredentialStore for MemoryAccounts {
    async fn change_password(
        &self,
        user: UserId,
        hash: &PasswordHash,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure> {
        Ok(self.state().write_password(user, hash, kept))
    }

    async fn reset_password(
        &self,
        token: &TokenDigest,
        hash: &PasswordHash,
        at: Timestamp,
    ) -> Result<Option<Account>, Failure> {
        let mut state = self.state();
        let mut tickets = state.tickets.iter();
        let is_meant = |ticket: &&Ticket| {
            ticket.token == *token && ticket.purpose == Purpose::PasswordReset && ticket.is_live(at)
        };
        let user = tickets.find(is_meant).map(|ticket| ticket.user);
        Ok(user.and_then(|user| state.write_password(user, hash, None)))
    }

    async fn change_email(
        &self,
        user: UserId,
        code: CodeId,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure> {
        let mut state = self.state();
        let found = state.codes.get(&(user, CodeUse::EmailChange)).filter(|found| found.code.id == code);
        let Some(email) = found.map(|found| found.email.clone()) else { return Ok(None) };
        if state.account(user).is_some_and(|account| account.is_verified) {
            state.release(&email);
        }
        if state.by_email(&email).is_some_and(|other| other.id != user) {
            return Ok(None);
        }
        let Some(account) = state.account_mut(user) else { return Ok(None) };
        account.email = email;
        let account = account.clone();
        state.end_sign_ins(user, kept);
        Ok(Some(account))
    }
}
