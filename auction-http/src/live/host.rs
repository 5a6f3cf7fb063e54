//! What live updates need of the rest of the server.

use super::painter::Painter;
use crate::wire::state::You;
use async_trait::async_trait;
use auction_core::auction::{Auction, BidderFacts, Standing};
use auction_core::ports::{Accepted, Failure, IdempotencyKey};
use auction_core::service::desk::Refusal;
use auction_core::{AuctionId, UserId};

/// Somebody who watches an auction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// Who.
    pub user: UserId,
    /// What is known of them, for the commands of the next second.
    pub facts: BidderFacts,
    /// The token with which they came, to see whether it still lives.
    pub token: Token,
}

/// A token. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Why somebody may not watch an auction.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unwelcome {
    /// The token is none, or none any more.
    #[error("the token is invalid")]
    InvalidToken,
    /// There is no such auction, or not for this person.
    #[error("there is no such auction")]
    NotFound,
    /// Neither participant nor seller nor staff.
    #[error("only participants may watch")]
    Forbidden,
    /// It could not be found out.
    #[error("it could not be found out")]
    Failed(#[from] Failure),
}

/// What live updates need of the rest of the server.
#[async_trait]
pub trait Host: Painter {
    /// Lets somebody watch an auction.
    ///
    /// # Errors
    /// Why not.
    async fn admit(&self, token: &Token, auction: AuctionId) -> Result<Viewer, Unwelcome>;

    /// The same person a second later: `None` where the token has died.
    ///
    /// # Errors
    /// Where it could not be found out.
    async fn renew(&self, token: &Token) -> Result<Option<Viewer>, Failure>;

    /// What the auction knows of a bidder.
    ///
    /// # Errors
    /// Where it cannot be read.
    async fn standing(&self, auction: AuctionId, user: UserId) -> Result<Standing, Failure>;

    /// The public events after a version as `{"events":[...]}`.
    ///
    /// # Errors
    /// Where they cannot be read.
    async fn missed(&self, auction: AuctionId, since: u64) -> Result<String, Failure>;

    /// Whether everybody may see this auction without signing in.
    fn is_public(&self, auction: &Auction) -> bool;

    /// Counts a bid of somebody; after how many seconds they may bid again where there were too many.
    ///
    /// # Errors
    /// The seconds.
    fn count_bid(&self, user: UserId) -> Result<(), u32>;

    /// What only the viewer sees.
    fn you(&self, auction: &Auction, you: You) -> String;

    /// The answer to an accepted bid.
    fn accepted(&self, accepted: &Accepted, key: Option<IdempotencyKey>) -> String;

    /// The answer to a bid that was not taken.
    fn refused(&self, refusal: &Refusal, key: Option<IdempotencyKey>) -> String;
}

impl Token {
    /// The token with this text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Its text, to be compared with what is stored and for nothing else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}
