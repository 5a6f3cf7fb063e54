//! Lots that close together: where the end of one moves, the ends of the others follow.
//!
//! A group is the auctions of one seller whose terms name it (`closing.group`). It has no state of its own. Its end is
//! the latest to which the end of one of its lots has moved, by a bid or by a pause; each lot that is open and would
//! end before that follows, no further than its own `hard_end`, and records that as an
//! [`Extended`](Event::Extended). Lots may be scheduled for different ends, and no end ever moves earlier.
//!
//! [`decide`](crate::auction::decide()) knows one auction and nothing of others. Who sells lots of a group without the
//! desk asks [`Moves::follow`] before each decision that comes near the end of a lot.

use crate::auction::event::{Event, Recorded};
use crate::auction::state::Auction;
use crate::auction::status::Status;
use crate::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The longest name of a group, in characters.
pub const GROUP_CHARS_MAX: usize = 64;

/// The name of a group: 1 to [`GROUP_CHARS_MAX`] characters that can be seen, without blanks around them. The groups of
/// two sellers have nothing to do with each other, whatever they are called.
///
/// ```
/// use auction_core::auction::Group;
/// assert_eq!(Group::new("Evening sale").expect("a name").as_str(), "Evening sale");
/// assert!(Group::new(" evening").is_err());
/// assert!(Group::new("").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(Arc<str>);

/// A name of a group that is empty, too long, has blanks around it, or characters that cannot be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name of a group has 1 to {GROUP_CHARS_MAX} visible characters, without blanks around them")]
#[non_exhaustive]
pub struct InvalidGroup;

impl Group {
    /// The group of this name. Names that differ in anything are those of different groups.
    ///
    /// # Errors
    /// [`InvalidGroup`].
    pub fn new(name: &str) -> Result<Self, InvalidGroup> {
        let is_too_long = name.chars().nth(GROUP_CHARS_MAX).is_some();
        if name.is_empty() || is_too_long || name.trim() != name || name.chars().any(is_hidden) {
            return Err(InvalidGroup);
        }
        Ok(Self(name.into()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Two names that look alike should be one.
fn is_hidden(character: char) -> bool {
    let has_no_width = matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    has_no_width || character.is_control() || character.is_whitespace() && character != ' '
}

/// When ends of the lots of a group moved, and where to.
///
/// ```
/// use auction_core::auction::{Action, Bid, BidderFacts, Charter, Command, Moves, Saleroom, Schedule, TermsDocument};
/// use auction_core::money::{Amount, Currency};
/// use auction_core::{AuctionId, Timestamp, UserId};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let time = |text: &str| text.parse::<Timestamp>();
/// let terms = r#"{"participation":"open","closing":{"kind":"reset","window_s":180,"group":"evening"}}"#;
/// let terms = TermsDocument::parse(terms)?.terms(Currency::USD, Amount::ONE_MINOR)?;
/// let schedule = Schedule::new(time("2026-01-01T12:00:00Z")?, time("2026-01-01T15:00:00Z")?)?;
/// let charter = Charter::new(UserId::new(1)?, schedule, terms)?;
/// let mut first = Saleroom::open(AuctionId::new(1)?, charter.clone(), schedule.starts_at());
/// let second = Saleroom::open(AuctionId::new(2)?, charter, schedule.starts_at());
///
/// // A bid on the first lot, a minute before the end of both.
/// let bid = Action::Bid(Bid::straight(5.into()));
/// first.handle(&BidderFacts::VERIFIED, &Command::of(UserId::new(2)?, time("2026-01-01T14:59:00Z")?, bid))?;
/// let mut moves = Moves::default();
/// moves.take(first.auction());
/// let follow = moves.follow(second.auction()).expect("it would end before the first one");
/// assert_eq!(follow.ends_at, time("2026-01-01T15:02:00Z")?);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves(BTreeSet<(Timestamp, Timestamp)>);

/// The end of a lot follows that of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Follow {
    /// When the end of the group moved: the time of the event, whenever it is found that the lot lags behind. It lies
    /// before the end that the lot has without it.
    pub at: Timestamp,
    /// The new end.
    pub ends_at: Timestamp,
}

/// The moves of one lot, read from its log.
#[derive(Clone, Debug, Default)]
pub struct LotMoves {
    scheduled: Option<Timestamp>,
    moves: Vec<(Timestamp, Timestamp)>,
}

impl Moves {
    /// Takes in a lot as it stands. Its end counts as moved at the time of its last event, which is early enough for
    /// lots that end later than that; for others its log tells more: see [`LotMoves`].
    pub fn take(&mut self, lot: &Auction) {
        if Self::has_moved(lot) {
            self.0.insert((lot.last_at(), lot.ends_at()));
        }
    }

    /// Whether the end of a lot has moved from where it was scheduled, and that of its group with it. It has for good:
    /// what becomes of the lot later, like that it is called off, moves the others back no more than it moves its own end.
    pub fn has_moved(lot: &Auction) -> bool {
        lot.ends_at() != lot.schedule().ends_at()
    }

    /// Takes in all moves of a lot.
    pub fn take_all(&mut self, lot: LotMoves) {
        self.0.extend(lot.moves);
    }

    /// What a lot has to record that lags behind its group; `None` where it does not, or is not open.
    ///
    /// A move counts if it was made before the lot was over: a lot whose end has come stays over, whenever somebody
    /// writes that down. A lot that has used up its extensions follows nevertheless, so that a group stays together.
    pub fn follow(&self, lot: &Auction) -> Option<Follow> {
        if !matches!(lot.status(), Status::Scheduled | Status::Started) || lot.terms().group.is_none() {
            return None;
        }
        let mut follow = None;
        let mut ends_at = lot.ends_at();
        for &(at, moved) in &self.0 {
            if at >= ends_at {
                break;
            }
            let bounded = lot.hard_end().map_or(moved, |latest| moved.min(latest));
            if bounded > ends_at {
                ends_at = bounded;
                follow = Some(Follow { at, ends_at });
            }
        }
        follow
    }
}

impl Follow {
    /// The event.
    pub const fn event(&self) -> Event {
        Event::Extended { ends_at: self.ends_at }
    }
}

impl LotMoves {
    /// Takes in the next event of the lot's log.
    pub fn take(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::Created { charter, .. } | Event::Revised { charter } => {
                self.scheduled = Some(charter.schedule().ends_at());
                self.moves.clear();
            }
            Event::Extended { ends_at } | Event::Resumed { ends_at } if self.scheduled != Some(*ends_at) => {
                self.moves.push((recorded.at, *ends_at));
            }
            _ => {}
        }
    }
}
