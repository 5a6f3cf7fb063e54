//! What a viewer's own maximum is, as far as the frames tell that they have seen.

use super::frame::Frame;
use auction_core::UserId;
use auction_core::auction::Standing;
use auction_core::money::Amount;

/// What a viewer's own maximum is, as far as the frames tell that they have seen: what the leader's is stands in the state, and
/// that of others changes only when they act. Where a frame is missing in between, or another node has committed, it has to
/// be read.
#[derive(Debug, Default)]
pub(super) struct Own {
    seen: Option<Seen>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    revision: u64,
    maximum: Option<Amount>,
}

impl Own {
    /// Takes in the next frame that the viewer sees.
    pub(super) fn see(&mut self, frame: &Frame, user: UserId) {
        let revision = frame.auction.revision();
        let acted = frame.acted.as_ref();
        let follows = |seen: &Seen| acted.is_some_and(|acted| acted.since == seen.revision);
        let leads = frame.auction.leader() == Some(user);
        self.seen = if let Some(maximum) = frame.auction.leader_maximum().filter(|_| leads) {
            Some(Seen { revision, maximum: Some(maximum) })
        } else if let Some(standing) = acted.and_then(|acted| acted.standing(user)) {
            Some(Seen { revision, maximum: standing.maximum })
        } else {
            self.seen.filter(follows).map(|seen| Seen { revision, ..seen })
        };
    }

    /// Takes in what was read after a frame was seen.
    pub(super) fn learn(&mut self, frame: &Frame, standing: Standing) {
        self.seen = Some(Seen { revision: frame.auction.revision(), maximum: standing.maximum });
    }

    /// The maximum, where it is known; `Some(None)` is somebody who has none.
    pub(super) fn maximum(&self) -> Option<Option<Amount>> {
        self.seen.map(|seen| seen.maximum)
    }
}
