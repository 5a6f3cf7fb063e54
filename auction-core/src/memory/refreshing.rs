//! Sessions whose secret changes, in memory.

use super::MemoryAccounts;
use crate::identity::{Account, Session, SessionId};
use crate::ports::{Failure, RefreshStore, Rotated, Rotation};
use async_trait::async_trait;

#[async_trait]
impl RefreshStore for MemoryAccounts {
    async fn session_by_number(&self, session: SessionId) -> Result<Option<(Session, Account)>, Failure> {
        let state = self.state();
        let found = state.sessions.get(&session).map(|(_, session)| session);
        Ok(found.and_then(|session| Some((session.clone(), state.account(session.user)?.clone()))))
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        let mut state = self.state();
        let Some((token, session)) = state.sessions.get_mut(&rotation.session) else {
            return Ok(Rotated::Missing);
        };
        if *token == rotation.shown {
            (*token, session.expires_at) = (rotation.next, rotation.expires_at);
            return Ok(Rotated::Done);
        }
        state.sessions.remove(&rotation.session);
        Ok(Rotated::Reused)
    }
}
