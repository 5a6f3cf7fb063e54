//! What goes into the desk, and what comes out.

use crate::auction::{Action, Bid, BidKind, BidderFacts, Command, Rejection, Removal, Units};
use crate::id::AuctionId;
use crate::money::{Amount, Currency};
use crate::ports::{Accepted, Change, FailureKind, IdempotencyKey};
use async_trait::async_trait;

/// Where commands are handed in, whatever runs behind it.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Decides commands in order and answers each, when what it accepted is durable.
    async fn submit(&self, requests: Vec<Request>) -> Vec<Reply>;
}

/// A command for one auction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The auction.
    pub auction: AuctionId,
    /// What is wanted.
    pub command: Command,
    /// What is known of the one who wants it, a second old at most.
    pub facts: BidderFacts,
    /// Under which key the answer is kept, so that the command can be sent again.
    pub key: Option<IdempotencyKey>,
}

/// The answer to a request.
pub type Reply = Result<Accepted, Refusal>;

/// Why a command was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// By the rules.
    Rejected {
        /// Which.
        rejection: Rejection,
        /// The currency of its amounts; `None` where there is no such auction.
        currency: Option<Currency>,
        /// Bids fall: who bids less is ahead, and a minimum is the most that may be bid.
        falls: bool,
    },
    /// By circumstances. Where it is [`FailureKind::Unavailable`] the outcome is unknown and the command may be
    /// sent again under the same key.
    Failed(FailureKind),
}

/// What became of a batch of requests.
#[derive(Clone, Debug, Default)]
pub struct Processed {
    /// An answer for each request, in order.
    pub replies: Vec<Reply>,
    /// What was committed, for all who watch. To be published after the answers were given.
    pub changes: Vec<Change>,
}

impl Refusal {
    /// A rejection in which no amount stands.
    pub const fn of_nothing(rejection: Rejection) -> Self {
        Self::Rejected { rejection, currency: None, falls: false }
    }

    /// Whether it rests on the state of the auction.
    pub(super) fn rests_on_state(&self) -> bool {
        self.rejection().is_none_or(|rejection| rejection.rests_on_state())
    }

    /// The rejection, where it is one.
    pub const fn rejection(&self) -> Option<Rejection> {
        match self {
            Self::Rejected { rejection, .. } => Some(*rejection),
            Self::Failed(_) => None,
        }
    }
}

/// Tells a command from another one that comes under the same key; amounts that are written differently and
/// are the same count as the same.
///
/// It is stored with receipts and never changes its meaning: FNV-1a over the action and its amount.
pub(super) fn fingerprint(action: &Action, amount: Amount) -> u64 {
    let name: &str = match action {
        Action::Bid(bid) => match bid.kind {
            BidKind::Straight => "straight",
            BidKind::Maximum => "max",
        },
        Action::Buy { .. } => "buy",
        Action::Join => "join",
        Action::Advance => "advance",
        Action::Publish => "publish",
        Action::Revise(_) => "revise",
        Action::Pause => "pause",
        Action::Resume => "resume",
        Action::Close => "close",
        Action::Cancel => "cancel",
        Action::Retract { .. } => "retract",
        Action::Void { .. } => "void",
    };
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    name.bytes().for_each(&mut take);
    amount.minor().to_le_bytes().into_iter().for_each(&mut take);
    match action {
        // A lot that is sold as a whole has no number, and the prints of its bids are those of always.
        Action::Bid(Bid { units, .. }) | Action::Buy { units, .. } if *units != Units::ONE => {
            units.count().to_le_bytes().into_iter().for_each(&mut take);
        }
        Action::Retract { reason } => reason.as_str().bytes().for_each(&mut take),
        Action::Void { removal, reason } => {
            let (name, number) = match removal {
                Removal::Of(bidder) => (b'u', bidder.number()),
                Removal::One(revision) => (b'r', *revision),
                Removal::Row(version) => (b'v', *version),
            };
            take(name);
            number.to_le_bytes().into_iter().chain(reason.as_str().bytes()).for_each(&mut take);
        }
        _ => {}
    }
    if let Action::Revise(charter) = action {
        let schedule = charter.schedule();
        let terms = serde_json::to_vec(charter.terms()).unwrap_or_default();
        let times = [schedule.starts_at().micros(), schedule.ends_at().micros()];
        times.into_iter().flat_map(i64::to_le_bytes).chain(terms).for_each(&mut take);
    }
    hash
}
