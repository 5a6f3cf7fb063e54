//! Who is to be told what: pure rules from committed events to notices.
//!
//! A [`Notice`] is one thing that one person is told about one auction. It is written once, under a key of its own
//! (auction, kind, user, occurrence), so that planning twice is harmless; it stands in the inbox of its user, and the
//! same notice may be mailed. Whether it is, [`Preferences`] say for each [`NoticeKind`] and each way.
//!
//! | step | where |
//! |---|---|
//! | events become notices for single people, and rounds for audiences | [`plan`](crate::notify::Plan), from each auction's own [`Position`] |
//! | a [`Round`] is called page by page, when it is due | [`RoundPage`] |
//! | a mail that waits is sent, unless it no longer matters | the courier in [`service`](crate::service) |
//!
//! This room knows neither how mail travels nor what time it is.

mod kind;
mod notice;
mod outgoing;
mod plan;
mod preferences;

pub use kind::NoticeKind;
pub use notice::{NewNotice, Notice, NoticeFacts, NoticeId, NoticeResult};
pub use outgoing::{MailClass, MailContent, MailEnd, MailId, MailReport, MailState, OutgoingMail};
pub use plan::{Audience, NewRound, Plan, Position, Round, RoundId, RoundPage};
pub use preferences::{Channels, Preferences};
