//! Whether it still matters to tell somebody.

use super::kind::NoticeKind;
use super::notice::Notice;
use crate::auction::{Auction, Phase, Status};
use crate::id::UserId;
use crate::time::{Span, Timestamp};

/// How long after the start people are told of it.
pub const STARTED_LATE_MAX: Span = Span::from_secs(60 * 60);

/// How long after the end people are told how it went.
pub const CLOSED_LATE_MAX: Span = Span::from_secs(30 * 24 * 60 * 60);

/// Whether it matters at `now` to tell an audience this about an auction. What matters to single people only is looked
/// at by [`notice_matters`].
pub fn round_matters(kind: NoticeKind, auction: &Auction, now: Timestamp) -> bool {
    let phase = auction.phase_at(now);
    match kind {
        NoticeKind::StartingSoon => phase == Phase::Scheduled,
        NoticeKind::Started => phase == Phase::Started && now.since(auction.starts_at()) <= STARTED_LATE_MAX,
        NoticeKind::EndingSoon | NoticeKind::Outbid | NoticeKind::Extended => phase == Phase::Started,
        // Of a lot of several units some may be won while it goes on.
        NoticeKind::Won | NoticeKind::PaymentDue if matches!(phase, Phase::Started | Phase::Paused) => true,
        NoticeKind::Ended
        | NoticeKind::Won
        | NoticeKind::Lost
        | NoticeKind::ReserveNotMet
        | NoticeKind::PaymentDue => match auction.status() {
            Status::Ended { at, .. } => now.since(*at) <= CLOSED_LATE_MAX,
            Status::Draft | Status::Scheduled | Status::Started | Status::Paused { .. } => false,
        },
    }
}

/// Whether a notice still matters at `now`, given the auction as it is; `None` for one that is gone.
pub fn notice_matters(notice: &Notice, auction: Option<&Auction>, now: Timestamp) -> bool {
    auction.is_some_and(|auction| matters_to(notice.user, notice.kind, auction, now))
}

/// Whether it matters at `now` to tell one person this.
pub(super) fn matters_to(user: UserId, kind: NoticeKind, auction: &Auction, now: Timestamp) -> bool {
    let leads_again = kind == NoticeKind::Outbid && auction.leader() == Some(user);
    !leads_again && round_matters(kind, auction, now)
}
