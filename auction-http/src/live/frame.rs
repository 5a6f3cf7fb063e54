//! What is sent to those who watch.

use super::ranks::Ranks;
use auction_core::UserId;
use auction_core::auction::{Auction, Standing};
use axum::extract::ws::Utf8Bytes;
use rustc_hash::FxHashMap;

/// The state of an auction after a commit, as everybody may see it: serialised once.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The auction.
    pub auction: Auction,
    /// The public version before the first event that the frame tells of.
    pub previous_version: u64,
    /// The JSON object that everybody gets.
    pub public: Utf8Bytes,
    /// The ranks of the bidders, where they see nothing else of each other.
    pub ranks: Option<Ranks>,
    /// Who has acted since an earlier state; `None` where this process did not see all of it.
    pub acted: Option<Acted>,
}

/// Who has acted between two states of an auction, and where they stand after it.
#[derive(Clone, Debug)]
pub struct Acted {
    /// The revision of the earlier state.
    pub since: u64,
    standings: FxHashMap<UserId, Standing>,
}

/// How many people a frame knows that have acted.
const ACTED_MAX: usize = 1_024;

impl Acted {
    /// Those of one commit.
    pub fn new(since: u64, standings: &[(UserId, Standing)]) -> Option<Self> {
        Self { since, standings: FxHashMap::default() }.and(standings)
    }

    /// Those of the commit that follows besides; `None` where they are too many.
    pub fn and(mut self, standings: &[(UserId, Standing)]) -> Option<Self> {
        self.standings.extend(standings.iter().copied());
        (self.standings.len() <= ACTED_MAX).then_some(self)
    }

    /// Where somebody stands after it; `None` where they have not acted.
    pub fn standing(&self, user: UserId) -> Option<&Standing> {
        self.standings.get(&user)
    }
}

impl Frame {
    /// The frame for one person: the public one with `"you"` besides, made without serialising the rest again.
    pub fn own(&self, you: &str) -> Utf8Bytes {
        let public = self.public.as_str();
        let open = public.strip_suffix('}').unwrap_or(public);
        let mut text = String::with_capacity(open.len() + you.len() + 10);
        text.push_str(open);
        text.push_str(",\"you\":");
        text.push_str(you);
        text.push('}');
        text.into()
    }
}
