//! Who is to be told what: pure rules from committed events to notices.
//!
//! A [`Notice`] is one thing that one person is told about one auction. It is written once, under a key of its own
//! (auction, kind, user, occurrence), so that planning twice is harmless; it stands in the inbox of its user, and the
//! same notice may be mailed. Whether it is, [`Preferences`] say for each [`NoticeKind`] and each way.
//!
//! | step | where |
//! |---|---|
//! | events become notices for single people, and rounds for audiences | [`follow`](follow()), from each auction's own [`Position`] |
//! | a [`Round`] is called page by page, when it is due, unless it no longer matters | [`round_matters`], [`RoundPage`] |
//! | a notice is put into words, as a line of an inbox and as a mail | [`Words`], [`Letter`] |
//! | a mail that waits is sent, unless it no longer matters | [`notice_matters`], [`service::courier`](crate::service::courier) |
//!
//! This room knows neither how mail travels nor what time it is.

mod follow;
mod kind;
mod leads;
mod letter;
mod notice;
mod outgoing;
mod plan;
mod preferences;
mod relevance;
mod words;

pub use follow::{EXTENDED_SLACK, EXTENDED_WINDOW_SECS, Followed, facts, follow};
pub use kind::NoticeKind;
pub use leads::LeadTimes;
pub use letter::{LaidOut, Letter, Link, SUBJECT_CHARS_MAX};
pub use notice::{Manner, NewNotice, Notice, NoticeFacts, NoticeId, NoticeResult};
pub use outgoing::{MailClass, MailContent, MailEnd, MailId, MailReport, MailState, OutgoingMail};
pub use plan::{Audience, NewRound, Plan, Position, Round, RoundId, RoundPage};
pub use preferences::{Channels, Preferences};
pub use relevance::{CLOSED_LATE_MAX, STARTED_LATE_MAX, notice_matters, round_matters};
pub use words::Words;
