//! What people prove with who they are, besides the password: authenticators, tickets and mailed codes.

use super::cards::{Cards, Factor};
use async_trait::async_trait;
use auction_core::identity::{
    CHALLENGE_ATTEMPTS_MAX, CODE_ATTEMPTS_MAX, CodeDigest, CodeId, CodeUse, FACTOR_TRIES_MAX, FACTOR_WINDOW,
    MailedCode, Purpose, Sealed, SecondFactor, Ticket, TokenDigest, TotpStep,
};
use auction_core::ports::{FactorAttempt, Failure, MailedCodeStore, SecondFactorStore, TicketStore};
use auction_core::{Timestamp, UserId};

#[async_trait]
impl SecondFactorStore for Cards {
    async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, Failure> {
        Ok(self.drawer().cards.get(&user).and_then(|card| card.second_factor()))
    }

    async fn propose_factor(&self, user: UserId, secret: &Sealed) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(false) };
        let factor = card.factor.get_or_insert_with(|| Factor::new(secret));
        if !factor.is_enabled {
            factor.secret.clone_from(secret);
        }
        Ok(!factor.is_enabled)
    }

    async fn attempt_factor(&self, user: UserId, at: Timestamp) -> Result<FactorAttempt, Failure> {
        let mut drawer = self.drawer();
        let card = drawer.cards.get_mut(&user).filter(|card| card.factor.is_some());
        let Some(card) = card else { return Ok(FactorAttempt::Missing) };
        if let Some(factor) = &mut card.factor {
            factor.begin_stretch(at, FACTOR_WINDOW);
            if factor.tries.len() >= FACTOR_TRIES_MAX as usize {
                return Ok(FactorAttempt::Wait(factor.tries[0].after(FACTOR_WINDOW).since(at)));
            }
            factor.tries.push(at);
        }
        Ok(card.second_factor().map_or(FactorAttempt::Missing, FactorAttempt::Counted))
    }

    async fn accept_step(&self, factor: &SecondFactor, step: TotpStep) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let stored = drawer.cards.get_mut(&factor.user).and_then(|card| card.factor.as_mut());
        let is_meant = |stored: &&mut Factor| stored.is_enabled && stored.secret == factor.secret;
        let is_new = |stored: &&mut Factor| stored.accepted.is_none_or(|accepted| accepted < step);
        let Some(stored) = stored.filter(is_meant).filter(is_new) else { return Ok(false) };
        stored.accepted = Some(step);
        stored.tries.clear();
        Ok(true)
    }

    async fn redeem_recovery_code(&self, user: UserId, code: &CodeDigest) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let stored = drawer.cards.get_mut(&user).and_then(|card| card.factor.as_mut());
        let Some(stored) = stored.filter(|stored| stored.is_enabled) else { return Ok(false) };
        let Some(place) = stored.recovery_codes.iter().position(|known| known == code) else {
            return Ok(false);
        };
        stored.recovery_codes.swap_remove(place);
        stored.tries.clear();
        Ok(true)
    }

    async fn enable_factor(
        &self,
        factor: &SecondFactor,
        step: TotpStep,
        recovery_codes: &[CodeDigest],
    ) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&factor.user) else { return Ok(false) };
        let is_meant = |stored: &&mut Factor| !stored.is_enabled && stored.secret == factor.secret;
        let Some(stored) = card.factor.as_mut().filter(is_meant) else { return Ok(false) };
        *stored = Factor {
            is_enabled: true,
            accepted: Some(step),
            recovery_codes: recovery_codes.to_vec(),
            ..Factor::new(&factor.secret)
        };
        card.account.has_second_factor = true;
        Ok(true)
    }

    async fn remove_factor(&self, user: UserId) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(false) };
        card.account.has_second_factor = false;
        Ok(card.factor.take().is_some())
    }
}

#[async_trait]
impl TicketStore for Cards {
    async fn issue_ticket(&self, ticket: &Ticket) -> Result<(), Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&ticket.user) else { return Ok(()) };
        card.tickets.push(ticket.clone());
        let alike = card.tickets.iter().filter(|other| other.purpose == ticket.purpose).count();
        let mut too_many = alike.saturating_sub(ticket.purpose.per_user_max());
        card.tickets.retain(|other| {
            let goes = too_many > 0 && other.purpose == ticket.purpose;
            too_many -= usize::from(goes);
            !goes
        });
        Ok(())
    }

    async fn ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        let drawer = self.drawer();
        let mut tickets = drawer.cards.values().flat_map(|card| &card.tickets);
        Ok(tickets.find(|ticket| ticket.token == *token && ticket.purpose == purpose).cloned())
    }

    async fn attempt_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        let mut drawer = self.drawer();
        let mut tickets = drawer.cards.values_mut().flat_map(|card| &mut card.tickets);
        let found = tickets.find(|ticket| ticket.token == *token && ticket.purpose == purpose);
        let Some(found) = found.filter(|ticket| ticket.attempts < CHALLENGE_ATTEMPTS_MAX) else {
            return Ok(None);
        };
        found.attempts += 1;
        Ok(Some(found.clone()))
    }

    async fn redeem_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let is_meant = |ticket: &Ticket| ticket.token == *token && ticket.purpose == purpose;
        let card = drawer.card_with(|card| card.tickets.iter().any(is_meant));
        let Some(card) = card else { return Ok(false) };
        card.tickets.retain(|ticket| !is_meant(ticket));
        Ok(true)
    }
}

#[async_trait]
impl MailedCodeStore for Cards {
    async fn issue_code(&self, code: &MailedCode) -> Result<(), Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&code.user) else { return Ok(()) };
        card.codes.retain(|other| other.use_of != code.use_of);
        card.codes.push(code.clone());
        Ok(())
    }

    async fn attempt_code(&self, user: UserId, use_of: CodeUse) -> Result<Option<MailedCode>, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(None) };
        let found = card.codes.iter_mut().find(|code| code.use_of == use_of);
        let Some(found) = found.filter(|found| found.code.attempts < CODE_ATTEMPTS_MAX) else {
            return Ok(None);
        };
        found.code.attempts += 1;
        Ok(Some(found.clone()))
    }

    async fn redeem_code(&self, user: UserId, use_of: CodeUse, code: CodeId) -> Result<bool, Failure> {
        let mut drawer = self.drawer();
        let Some(card) = drawer.cards.get_mut(&user) else { return Ok(false) };
        let before = card.codes.len();
        card.codes.retain(|known| known.use_of != use_of || known.code.id != code);
        Ok(card.codes.len() < before)
    }
}
