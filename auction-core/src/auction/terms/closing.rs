//! When an auction ends, and what moves its end.

use crate::auction::draw::Seed;
use crate::time::{Span, Timestamp};

/// How often the end of an auction may move; also the bound where the terms name none.
pub const EXTENSIONS_MAX: u32 = 10_000;
/// The shortest window or extension, in seconds.
pub const WINDOW_SECS_MIN: u32 = 1;
/// The longest window or extension, in seconds: seven days.
pub const WINDOW_SECS_MAX: u32 = 7 * 24 * 60 * 60;
/// The most samples of a candle.
pub const CANDLE_SAMPLES_MAX: u32 = 100_000;

/// When an auction ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClosingPolicy {
    /// At its end, whatever happens.
    #[default]
    Hard,
    /// The end is drawn after the close from the last part of the auction (candle): late bids may count for nothing,
    /// so that waiting for the last moment is of no use.
    Candle {
        /// The last part of the auction, in which the candle goes out: whole samples.
        period: Span,
        /// How long a sample is: the candle goes out at the end of one. Whole seconds.
        sample: Span,
        /// From what the end is drawn; `None` until the house has chosen one. Secret until the end.
        seed: Option<Seed>,
    },
    /// A bid near the end moves the end (soft close).
    Soft {
        /// A bid that is accepted this long before the end, or later, moves it.
        window: Span,
        /// Where the end moves.
        extension: Extension,
        /// Which bids move it.
        trigger: Trigger,
        /// The end never moves past this time.
        hard_end: Option<Timestamp>,
        /// How often it may move, at most [`EXTENSIONS_MAX`].
        max_extensions: u32,
    },
}

/// Where the end of an auction moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Extension {
    /// To one window after the bid.
    Reset,
    /// By this span.
    Add(Span),
}

/// Which accepted bids move the end. The leader's own raise never does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trigger {
    /// A bid that changes the price; the first bid counts.
    #[default]
    PriceChange,
    /// A bid that changes the leader; the first bid counts.
    LeaderChange,
    /// Any accepted bid.
    AnyAccepted,
}

/// What a bid did, as far as the end of the auction is concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BidEffect {
    /// The bid moved the price, or was the first.
    pub(crate) price_changed: bool,
    /// The bid took the lead from somebody, or was the first.
    pub(crate) leader_changed: bool,
    /// The bid was the leader's own.
    pub(crate) by_leader: bool,
}

impl ClosingPolicy {
    /// The time past which bids cannot move the end.
    pub const fn hard_end(&self) -> Option<Timestamp> {
        match self {
            Self::Hard | Self::Candle { .. } => None,
            Self::Soft { hard_end, .. } => *hard_end,
        }
    }

    /// The new end after a bid at `at`, or `None` where the end stays (rules: closing).
    ///
    /// `hard_end` is the auction's own, which a pause may have moved, and `extensions` counts those before.
    pub(crate) fn extended(
        &self,
        end: Timestamp,
        hard_end: Option<Timestamp>,
        extensions: u32,
        at: Timestamp,
        effect: BidEffect,
    ) -> Option<Timestamp> {
        let Self::Soft { window, extension, trigger, max_extensions, .. } = *self else { return None };
        let triggered = !effect.by_leader
            && match trigger {
                Trigger::PriceChange => effect.price_changed,
                Trigger::LeaderChange => effect.leader_changed,
                Trigger::AnyAccepted => true,
            };
        if !triggered || extensions >= max_extensions || end.since(at) > window {
            return None;
        }
        let moved = match extension {
            Extension::Reset => at.after(window),
            Extension::Add(span) => end.after(span),
        };
        let bounded = hard_end.map_or(moved, |latest| moved.min(latest));
        (bounded > end).then_some(bounded)
    }
}
