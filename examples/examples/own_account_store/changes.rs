//! Changes of how people sign in, and of what the house lets them do.

use super::cards::Cards;
use async_trait::async_trait;
use auction_core::identity::{
    Account, BanScope, CodeId, CodeUse, PasswordHash, Purpose, Selling, Session, SessionId, StandingChange,
    TokenDigest,
};
use auction_core::ports::{
    ACCOUNTS_PAGE_MAX, CredentialStore, Failure, RefreshStore, Rotated, Rotation, StandingStore,
};
use auction_core::{Timestamp, UserId};
use std::ops::Bound;

#[async_trait]
impl CredentialStore for Cards {
    async fn change_password(
        &self,
        user: UserId,
        hash: &PasswordHash,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(None) };
        card.account.password_hash.clone_from(hash);
        card.sign_out(kept);
        Ok(Some(card.account.clone()))
    }

    async fn reset_password(
        &self,
        token: &TokenDigest,
        hash: &PasswordHash,
        at: Timestamp,
    ) -> Result<Option<Account>, Failure> {
        let mut drawer = self.drawer();
        let card = drawer.card_with(|card| {
            card.tickets.iter().any(|ticket| {
                ticket.token == *token && ticket.purpose == Purpose::PasswordReset && ticket.is_live(at)
            })
        });
        let Some(card) = card else { return Ok(None) };
        card.account.password_hash.clone_from(hash);
        card.sign_out(None);
        Ok(Some(card.account.clone()))
    }

    async fn change_email(
        &self,
        user: UserId,
        code: CodeId,
        kept: Option<SessionId>,
    ) -> Result<Option<Account>, Failure> {
        let mut drawer = self.drawer();
        let codes = drawer.cards.get(&user).map(|card| card.codes.iter()).into_iter().flatten();
        let mut meant = codes.filter(|found| found.use_of == CodeUse::EmailChange && found.code.id == code);
        let Some(email) = meant.next().map(|found| found.email.clone()) else { return Ok(None) };
        if drawer.cards.get(&user).is_some_and(|card| card.account.is_verified) {
            drawer.release(&email);
        }
        if drawer.by_email(&email).is_some_and(|other| other.account.id != user) {
            return Ok(None);
        }
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(None) };
        card.account.email = email;
        card.sign_out(kept);
        Ok(Some(card.account.clone()))
    }
}

#[async_trait]
impl RefreshStore for Cards {
    async fn session_by_number(&self, session: SessionId) -> Result<Option<(Session, Account)>, Failure> {
        let drawer = self.drawer();
        let mut all = drawer.cards.values().flat_map(|card| card.sessions.iter().map(move |row| (card, row)));
        let found = all.find(|(_, (_, known))| known.id == session);
        Ok(found.map(|(card, (_, known))| (known.clone(), card.account.clone())))
    }

    async fn rotate(&self, rotation: &Rotation) -> Result<Rotated, Failure> {
        let mut drawer = self.drawer();
        let is_meant = |session: &Session| session.id == rotation.session;
        let card = drawer.card_with(|card| card.sessions.iter().any(|(_, session)| is_meant(session)));
        let Some(card) = card else { return Ok(Rotated::Missing) };
        for (token, session) in &mut card.sessions {
            if is_meant(session) && *token == rotation.shown {
                (*token, session.expires_at) = (rotation.next, rotation.expires_at);
                return Ok(Rotated::Done);
            }
        }
        // Somebody shows a secret that was used: it may be stolen, and so may be the one that came after it.
        card.sessions.retain(|(_, session)| !is_meant(session));
        Ok(Rotated::Reused)
    }
}

#[async_trait]
impl StandingStore for Cards {
    async fn change_standing(
        &self,
        user: UserId,
        change: &StandingChange,
    ) -> Result<Option<Account>, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(None) };
        let account = &mut card.account;
        match change {
            StandingChange::Role(role) => account.role = *role,
            StandingChange::Verified => account.is_verified = true,
            StandingChange::AskedToSell if account.selling == Selling::Allowed => {}
            StandingChange::AskedToSell => account.selling = Selling::Asked,
            StandingChange::LetSell => account.selling = Selling::Allowed,
            StandingChange::Banned(ban) => {
                account.ban = Some(ban.clone());
                if ban.scope == BanScope::Everything {
                    card.sign_out(None);
                }
            }
            StandingChange::Unbanned => account.ban = None,
        }
        Ok(Some(card.account.clone()))
    }

    async fn sign_out_everywhere(&self, user: UserId) -> Result<(), Failure> {
        if let Some(card) = self.drawer().cards.get_mut(&user) {
            card.sign_out(None);
        }
        Ok(())
    }

    async fn list_accounts(&self, after: Option<UserId>, max: usize) -> Result<Vec<Account>, Failure> {
        let drawer = self.drawer();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = drawer.cards.range((start, Bound::Unbounded)).take(max.min(ACCOUNTS_PAGE_MAX));
        Ok(rows.map(|(_, card)| card.account.clone()).collect())
    }
}
