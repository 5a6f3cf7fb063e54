//! Tickets in memory.

use super::MemoryAccounts;
use crate::identity::{CHALLENGE_ATTEMPTS_MAX, Purpose, Ticket, TokenDigest};
use crate::ports::{Failure, TicketStore};
use async_trait::async_trait;

#[async_trait]
impl TicketStore for MemoryAccounts {
    async fn issue_ticket(&self, ticket: &Ticket) -> Result<(), Failure> {
        let tickets = &mut self.state().tickets;
        let is_alike = |other: &&Ticket| other.user == ticket.user && other.purpose == ticket.purpose;
        let older = tickets.iter().filter(is_alike).map(|other| other.token);
        let older = older.rev().skip(ticket.purpose.per_user_max() - 1).collect::<Vec<_>>();
        tickets.retain(|other| !older.contains(&other.token));
        tickets.push(ticket.clone());
        Ok(())
    }

    async fn ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        let state = self.state();
        Ok(state.tickets.iter().find(|ticket| ticket.token == *token && ticket.purpose == purpose).cloned())
    }

    async fn attempt_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<Option<Ticket>, Failure> {
        let mut state = self.state();
        let mut tickets = state.tickets.iter_mut();
        let found = tickets.find(|ticket| ticket.token == *token && ticket.purpose == purpose);
        Ok(found.filter(|ticket| ticket.attempts < CHALLENGE_ATTEMPTS_MAX).map(|ticket| {
            ticket.attempts += 1;
            ticket.clone()
        }))
    }

    async fn redeem_ticket(&self, purpose: Purpose, token: &TokenDigest) -> Result<bool, Failure> {
        let tickets = &mut self.state().tickets;
        let before = tickets.len();
        tickets.retain(|ticket| ticket.token != *token || ticket.purpose != purpose);
        Ok(tickets.len() < before)
    }
}
