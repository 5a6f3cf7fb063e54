//! Mails that wait, and what became of them.

use super::notice::Notice;
use crate::identity::Sealed;
use crate::time::Timestamp;

/// The number of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailId(pub u64);

/// How often a mail may arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailClass {
    /// At least once: where nobody knows whether it arrived it is sent again.
    Notice,
    /// At most once, since it holds a secret that serves once: where nobody knows whether it arrived it is given up.
    Secret,
}

/// What is in a mail that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailContent {
    /// A notice, which is put into words when it is sent.
    Notice(Box<Notice>),
    /// A whole mail, encrypted while it waits.
    Sealed(Sealed),
}

/// A mail that somebody is about to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Its number.
    pub id: MailId,
    /// With which it is held: drawn anew by whoever claims it.
    pub token: u64,
    /// What makes its `Message-ID`, the same at each try.
    pub message_id: String,
    /// How often it may arrive.
    pub class: MailClass,
    /// What is in it.
    pub content: MailContent,
    /// How often it was tried before.
    pub attempts: u32,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it is of no use any more.
    pub expires_at: Timestamp,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailEnd {
    /// It was sent; a secret in it is erased.
    Sent,
    /// It no longer matters, and a secret in it is erased.
    Dropped,
    /// It was not taken; it is tried again then.
    Later {
        /// When.
        due_at: Timestamp,
        /// Why, without anything of the mail itself.
        reason: String,
    },
    /// It was not tried after all, and no attempt is counted: it can be claimed again from then on.
    Untried {
        /// From when on.
        due_at: Timestamp,
    },
    /// It is given up until somebody asks for it to be [tried again](crate::ports::OutboxStore::revive). A secret in it
    /// is erased when it expires.
    Dead {
        /// Why, without anything of the mail itself.
        reason: String,
    },
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It waits, or is being sent.
    Waiting,
    /// It was sent.
    Sent,
    /// It no longer mattered.
    Dropped,
    /// It was given up.
    Dead,
}

/// What the house may know about a mail: nothing of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailReport {
    /// Its number.
    pub id: MailId,
    /// Where it stands.
    pub state: MailState,
    /// How often it may arrive.
    pub class: MailClass,
    /// The kind of the notice, for those that are one.
    pub kind: Option<super::NoticeKind>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it is tried next, for those that wait.
    pub due_at: Timestamp,
    /// Why it was not sent at the last try.
    pub reason: Option<String>,
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Dropped, Self::Dead];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Dropped => "dropped",
            Self::Dead => "dead",
        }
    }

    /// The state with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl MailClass {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Secret => "secret",
        }
    }

    /// The class with this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Notice, Self::Secret].into_iter().find(|class| class.name() == name)
    }
}
