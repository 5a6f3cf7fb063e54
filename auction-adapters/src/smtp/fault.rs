//! What goes wrong on the way to a mail server, and what that means for the mail.

use auction_core::ports::{Failure, FailureKind, Unsent, UnsentKind};
use lettre::transport::smtp::Error;
use std::time::Duration;

/// The answers of a server that lets nobody in: it closes, or wants somebody to sign in who has not or cannot.
const CODES_OF_CLOSED_DOORS: [u16; 4] = [421, 530, 535, 538];

/// A step of sending, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Waiting for a connection that is free.
    Turn,
    /// Reaching the server, and being greeted.
    Connect,
    /// Encrypting the connection.
    Encrypt,
    /// Signing in.
    SignIn,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Handing over the mail, up to its last line.
    Content,
    /// Waiting for the answer after the last line: whether it was taken is up to the server now.
    Answer,
}

/// A step that failed, and why.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", step.name())]
pub(super) struct Fault {
    step: Step,
    cause: Cause,
}

/// Why a step failed. What a server says besides its code is left out: it may repeat the mail.
#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("the server answered {code}{}", in_brackets(.detail.as_deref()))]
    Refused { code: u16, detail: Option<String> },
    #[error("no answer within {} ms", .0.as_millis())]
    Late(Duration),
    #[error("{0}")]
    Broken(Error),
    #[error("the server answered what makes no sense here")]
    Senseless,
}

impl Fault {
    /// A step failed in this way.
    pub(super) fn new(step: Step, error: Error) -> Self {
        let cause = match error.status() {
            Some(code) => Cause::Refused { code: u16::from(code), detail: detail(&error) },
            None => Cause::Broken(error),
        };
        Self { step, cause }
    }

    /// A step took longer than this.
    pub(super) const fn late(step: Step, max: Duration) -> Self {
        Self { step, cause: Cause::Late(max) }
    }

    /// The answer to a step was no answer to it.
    pub(super) const fn senseless(step: Step) -> Self {
        Self { step, cause: Cause::Senseless }
    }

    /// The same in another step.
    pub(super) fn at(self, step: Step) -> Self {
        Self { step, ..self }
    }

    /// What can be done about the mail.
    pub(super) fn kind(&self) -> UnsentKind {
        match (self.step, &self.cause) {
            (Step::Turn, _) => UnsentKind::Later,
            (Step::Connect | Step::Encrypt | Step::SignIn, _) => UnsentKind::Down,
            (_, Cause::Refused { code, .. }) if CODES_OF_CLOSED_DOORS.contains(code) => UnsentKind::Down,
            (_, Cause::Refused { code: 500.., .. }) => UnsentKind::Never,
            (_, Cause::Refused { .. }) => UnsentKind::Later,
            (Step::Sender | Step::Recipient | Step::Content, _) => UnsentKind::Later,
            (Step::Answer, _) => UnsentKind::Unknown,
        }
    }

    /// Whether it was the connection that failed, and surely before the mail was handed over: on another one it
    /// would still arrive once.
    pub(super) fn is_of_the_connection(&self) -> bool {
        match &self.cause {
            Cause::Refused { code, .. } => *code == 421,
            Cause::Late(_) | Cause::Broken(_) | Cause::Senseless => self.step != Step::Answer,
        }
    }

    /// Whether the server answered, and goes on listening on the same connection.
    pub(super) fn leaves_the_connection(&self) -> bool {
        matches!(&self.cause, Cause::Refused { code, .. } if *code != 421)
    }
}

impl From<Fault> for Unsent {
    fn from(fault: Fault) -> Self {
        let kind = fault.kind();
        let failure = match kind {
            UnsentKind::Never => FailureKind::Other,
            _ => FailureKind::Unavailable,
        };
        Self::new(kind, Failure::new(failure, "send a mail", fault))
    }
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Turn => "waiting for a connection",
            Self::Connect => "connecting",
            Self::Encrypt => "encrypting",
            Self::SignIn => "signing in",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Content => "handing over the mail",
            Self::Answer => "waiting for the answer after the mail",
        }
    }
}

/// The finer code that many servers give besides (RFC 3463), like 5.7.8.
fn detail(error: &Error) -> Option<String> {
    let text = std::error::Error::source(error)?.to_string();
    let word = text.split_ascii_whitespace().next()?;
    let mut parts = 0;
    let is_detail = word.split('.').all(|part| {
        parts += 1;
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    (is_detail && parts == 3).then(|| word.to_owned())
}

fn in_brackets(detail: Option<&str>) -> String {
    detail.map(|detail| format!(" ({detail})")).unwrap_or_default()
}
