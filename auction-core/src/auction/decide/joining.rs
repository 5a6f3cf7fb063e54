//! Joining an auction.

use super::Case;
use crate::auction::event::Event;
use crate::auction::rejection::Rejection;
use crate::auction::standing::Standing;
use crate::auction::status::Phase;
use crate::auction::terms::JoinUntil;
use crate::id::UserId;

impl Case<'_> {
    pub(super) fn join(&mut self, user: UserId, standing: &Standing) -> Result<(), Rejection> {
        if user == self.auction.seller() {
            return Err(Rejection::SellerCannotBid);
        }
        if standing.has_joined() {
            return Err(Rejection::AlreadyJoined);
        }
        let open = match self.auction.terms().join_until {
            JoinUntil::Start => matches!(self.phase, Phase::Scheduled),
            JoinUntil::End => matches!(self.phase, Phase::Scheduled | Phase::Started | Phase::Paused),
        };
        if !open {
            return Err(Rejection::JoinClosed);
        }
        self.events.push(Event::Joined { bidder: user });
        Ok(())
    }
}
